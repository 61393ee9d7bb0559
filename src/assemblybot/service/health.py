"""`/healthz`: the process lives. `/readyz`: it can answer, with details."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web

from assemblybot.answering.answer import Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.suggest import suggest
from assemblybot.chat.desk import AnswerDesk
from assemblybot.errors import AssemblybotError, IndexDamagedError
from assemblybot.session import SessionStore
from assemblybot.session.inbox import Inbox
from assemblybot.text.language import INTERFACE_LANGUAGES

_TESTED_FOR: Final = 10.0
_TEST_WITHIN: Final = 5.0
_MOST_TRIED: Final = 5


class Health:
    """Readiness: started, not draining, and a question of the documents' own is answered."""

    def __init__(self, desk: AnswerDesk, store: SessionStore, inbox: Inbox, platforms: Iterable[str]) -> None:
        self._desk = desk
        self._store = store
        self._inbox = inbox
        self._platforms = sorted(platforms)
        self._tested = (0.0, False)
        self._testing = asyncio.Lock()
        self.started = False
        self.draining = False

    @property
    def routes(self) -> list[web.RouteDef]:
        """`/healthz` and `/readyz`."""
        return [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]

    @property
    def degraded(self) -> bool:
        """True while local state stands in for what replicas share."""
        return self._store.degraded or self._inbox.degraded

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _: web.Request) -> web.Response:
        answers = await self._answers()
        ready = self.started and not self.draining and answers
        details: dict[str, Any] = {
            "ready": ready,
            "started": self.started,
            "draining": self.draining,
            "answers": answers,
            "session": "degraded" if self.degraded else "ok",
            "platforms": self._platforms,
            "waiting": self._desk.waiting,
        }
        return web.json_response(details, status=200 if ready else 503)

    async def _answers(self) -> bool:
        """Whether the self-test passes; asked at most every ten seconds.

        On a thread of its own: a long queue is no reason to be taken out of service.
        """
        async with self._testing:
            when, passed = self._tested
            if time.monotonic() - when > _TESTED_FOR or not passed:
                test = asyncio.to_thread(self_test, self._desk.assistant)
                try:
                    await asyncio.wait_for(test, _TEST_WITHIN)
                    passed = True
                except (AssemblybotError, TimeoutError):
                    passed = False
                self._tested = (time.monotonic(), passed)
            return passed


def self_test(assistant: Assistant) -> None:
    """Ask what the documents are known to answer. Raises IndexDamagedError when nothing is answered."""
    index = assistant.index
    everything = range(len(index.passages))
    questions = [asked for code in INTERFACE_LANGUAGES for asked in suggest(index, everything, code)]
    questions += [document.metadata.title for document in index.documents.values()]
    for question in questions[:_MOST_TRIED]:
        if assistant.answer(question).verdict is Verdict.ANSWERED:
            return
    raise IndexDamagedError(
        "The index answers none of the questions it suggests. Rebuild it with: assemblybot index build"
    )
