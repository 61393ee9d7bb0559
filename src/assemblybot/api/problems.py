"""What a caller over HTTP is told of a request that was not done (RFC 9457)."""

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
_TRY_AGAIN: Final = {"Retry-After": "5"}
_LOG = logging.getLogger(__name__)


def problem(status: HTTPStatus, detail: str) -> Problem:
    """The description of one failure."""
    return Problem(title=status.phrase, status=status, detail=detail)


def problem_of(error: Exception) -> tuple[Problem, dict[str, str]]:
    """What is said of a failure, and the headers that go with it; one that nobody expected is logged."""
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        _LOG.error("A request of the API failed: %s", describe(error))
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "There is no answer just now. Ask again."), _TRY_AGAIN
    return problem(status, str(error)), _headers(error)


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, NotAllowedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyQuestionsError):
        return {"Retry-After": str(math.ceil(error.seconds))}
    return _TRY_AGAIN if isinstance(error, BusyError | CollectionUnavailableError) else {}
