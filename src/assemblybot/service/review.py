"""The pages of curators, behind a key of their own: what waits, each decision, before and after.

A browser sends the key as the password of HTTP Basic (RFC 7617), so that pages need neither cookies nor
scripts. Because it sends it along with whatever form another site makes it send, forms carry a token that
only these pages show.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assemblybot.api.keys import digests_of, known_digest
from assemblybot.api.responses import TRY_AGAIN
from assemblybot.chat.answer_queue import AnswerQueue, BusyError
from assemblybot.curation.curator import Curator
from assemblybot.curation.decided import Decision
from assemblybot.curation.queue import Queued, offered
from assemblybot.curation.report import waiting
from assemblybot.errors import CorpusError, CurationError, QuestionError, SettingsError
from assemblybot.messages import say
from assemblybot.render.reader import Display
from assemblybot.render.reader.review import REPORT, REVIEW, report_page, review_page
from assemblybot.service.pages import display_of, form, html, notice
from assemblybot.session import Feedback
from assemblybot.settings import Settings

#: So many decided questions are asked of a new index for one look at the report.
_MOST_ASKED: Final = 25
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="assemblybot review", charset="UTF-8"'}
#: The ratings that are kept, by the name of the answer.
Ratings = Callable[[], Awaitable[Mapping[str, Feedback]]]
_Handler = Callable[[web.Request, Display, str], Awaitable[web.StreamResponse]]
_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class _Form(BaseModel):
    """What a form says: which question and, on the review page, a decision or the passage that answers."""

    model_config = ConfigDict(extra="ignore")

    id: _Id
    decision: Decision = Decision.ANSWERS
    passage: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""


class _RefusedError(Exception):
    """Nothing is decided; `page` says why."""

    def __init__(self, page: web.Response) -> None:
        self.page = page


def routes(settings: Settings, queue: AnswerQueue, ratings: Ratings) -> list[web.RouteDef]:
    """The routes of both pages; none where no key is set.

    Raises SettingsError for a short key, and for keys where no questions are kept.
    """
    digests = digests_of(settings.review_keys, "REVIEW_KEYS")
    if not digests:
        return []
    if settings.question_log is None:
        raise SettingsError("REVIEW_KEYS needs the questions that people ask. Set QUESTION_LOG too.")
    return ReviewPages(queue, Curator.configured(settings), ratings, digests).routes


class ReviewPages:
    """Serves the queue of `curator`; files are read and written off the event loop."""

    def __init__(
        self, queue: AnswerQueue, curator: Curator, ratings: Ratings, digests: tuple[str, ...]
    ) -> None:
        self._queue = queue
        self._curator = curator
        self._ratings = ratings
        self._digests = digests

    @property
    def routes(self) -> list[web.RouteDef]:
        """Routes for one application."""
        return [
            web.get(f"/{REVIEW}", self._with_key(self._show)),
            web.post(f"/{REVIEW}", self._with_key(self._decide)),
            web.get(f"/{REPORT}", self._with_key(self._report)),
            web.post(f"/{REPORT}", self._with_key(self._take_back)),
        ]

    def _with_key(self, handler: _Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """`handler` for whoever has a key; it gets the token of the forms of that key."""

        async def handle(request: web.Request) -> web.StreamResponse:
            display = replace(display_of(request, request.query), questions_kept=True)
            digest = known_digest(_key(request.headers.get("Authorization", "")), self._digests)
            if digest is None:
                said = say(display.language, "review-key-needed-text")
                return notice("review-key-needed", said, display, 401, headers=_CHALLENGE, beside=True)
            token = hmac.new(digest.encode(), b"review form", hashlib.sha256).hexdigest()
            with self._queue.one_index():
                try:
                    return await handler(request, display, token)
                except _RefusedError as refused:
                    return refused.page
                except BusyError:
                    return _refused(say(display.language, "busy"), display, 503, headers=TRY_AGAIN)
                except (CurationError, CorpusError, QuestionError) as error:
                    return _refused(str(error), display, 409)

        return handle

    async def _show(self, request: web.Request, display: Display, token: str) -> web.Response:
        undecided = await self._undecided()
        after = request.query.get("after")
        at = next((at + 1 for at, one in enumerate(undecided) if one.id == after), 0)
        queued = undecided[at % len(undecided)] if undecided else None
        assistant = self._queue.assistant
        passages = await self._queue.run(lambda: offered(assistant, queued)) if queued else ()
        documents = assistant.index.documents
        page = review_page(queued, passages, documents, display, count=len(undecided), token=token)
        return html(page, headers={})

    async def _decide(self, request: web.Request, display: Display, token: str) -> web.StreamResponse:
        display, said = await _posted(request, display, token)
        queued = next((one for one in await self._undecided() if one.id == said.id), None)
        if queued is None:
            raise _RefusedError(_refused(say(display.language, "review-meanwhile"), display, 409))
        index = self._queue.assistant.index
        answer = await self._queue.answer(queued.question)
        await asyncio.to_thread(self._curator.decide, queued, said.decision, answer, index, said.passage)
        raise web.HTTPSeeOther(f"{REVIEW}{display.query}")

    async def _report(self, _: web.Request, display: Display, token: str) -> web.Response:
        index = self._queue.assistant.index
        found = await asyncio.to_thread(self._curator.report, index)
        for row in waiting(found)[:_MOST_ASKED]:
            answer = await self._queue.run(
                partial(self._queue.assistant.answer, row.question), low_priority=True
            )
            await asyncio.to_thread(self._curator.note, row, answer, index)
        found = await asyncio.to_thread(self._curator.report, index)
        return html(report_page(found, token, display), headers={})

    async def _take_back(self, request: web.Request, display: Display, token: str) -> web.StreamResponse:
        display, said = await _posted(request, display, token)
        await asyncio.to_thread(self._curator.take_back, said.id)
        raise web.HTTPSeeOther(f"{REPORT}{display.query}")

    async def _undecided(self) -> list[Queued]:
        ratings = await self._ratings()
        try:
            return await asyncio.to_thread(self._curator.queue, ratings)
        except SettingsError as error:
            raise CurationError(str(error)) from error


async def _posted(request: web.Request, display: Display, token: str) -> tuple[Display, _Form]:
    """The form, and the display that it carries along.

    Raises _RefusedError for one that is not from these pages or cannot be read.
    """
    fields = await form(request)
    asked = Display.asked(fields)
    display = replace(asked, questions_kept=True) if asked.chosen else display
    given = fields.get("token", "").encode(errors="replace")
    if not hmac.compare_digest(given, token.encode()):
        raise _RefusedError(_refused(say(display.language, "review-form-old"), display, 403))
    try:
        return display, _Form.model_validate(fields)
    except ValidationError as error:
        raise _RefusedError(_refused(say(display.language, "review-form-unfit"), display, 422)) from error


def _refused(
    text: str, display: Display, status: int, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    return notice("review-not-decided", text, display, status, headers=headers, beside=True)


def _key(authorization: str) -> str:
    """The key of an `Authorization` header: a password (Basic), or a token (Bearer)."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    try:
        name_and_key = base64.b64decode(credentials.strip(), validate=True).decode()
    except ValueError:
        return ""
    return name_and_key.partition(":")[2] if scheme.lower() == "basic" else ""
