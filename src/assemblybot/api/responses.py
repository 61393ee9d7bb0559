"""What HTTP responses have in common: security headers, and problems (RFC 9457) for requests that failed."""

from __future__ import annotations

import logging
import math
from http import HTTPStatus
from typing import Final

from assemblybot.api.keys import NotAllowedError, TooManyQuestionsError
from assemblybot.api.models import Problem
from assemblybot.api.operations import UnknownPassageError
from assemblybot.chat.answer_queue import BusyError
from assemblybot.errors import (
    AssemblybotError,
    CollectionError,
    CollectionUnavailableError,
    QuestionError,
)
from assemblybot.logs import describe

SECURITY_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final[dict[type[AssemblybotError], HTTPStatus]] = {
    NotAllowedError: HTTPStatus.UNAUTHORIZED,
    UnknownPassageError: HTTPStatus.NOT_FOUND,
    CollectionUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    CollectionError: HTTPStatus.NOT_FOUND,
    QuestionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyQuestionsError: HTTPStatus.TOO_MANY_REQUESTS,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
}
#: Headers of a refusal that is over in a moment.
TRY_AGAIN: Final = {"Retry-After": "5"}
#: Room for the longest question with every character escaped, in bytes.
LARGEST_QUESTION: Final = 64 * 1024
_LOG = logging.getLogger(__name__)


def problem(status: HTTPStatus, detail: str) -> Problem:
    """The description of one failure."""
    return Problem(title=status.phrase, status=status, detail=detail)


def problem_of(error: Exception) -> tuple[Problem, dict[str, str]]:
    """What is said of a failure, and the headers that go with it; one that nobody expected is logged."""
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        _LOG.error("A request of the API failed: %s", describe(error))
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "There is no answer just now. Ask again."), TRY_AGAIN
    headers = TRY_AGAIN if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    if isinstance(error, NotAllowedError):
        headers = {"WWW-Authenticate": "Bearer"}
    elif isinstance(error, TooManyQuestionsError):
        headers = {"Retry-After": str(math.ceil(error.seconds))}
    return problem(status, str(error)), headers
