"""`/healthz`: the process lives and does not hang. `/readyz`: it can answer, with details."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from aiohttp import web

from assemblybot.answering.answer import Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.suggest import suggest
from assemblybot.chat.desk import AnswerDesk
from assemblybot.errors import IndexDamagedError, ServiceHangsError
from assemblybot.logs import describe
from assemblybot.session import SessionStore
from assemblybot.session.inbox import Inbox
from assemblybot.text.language import INTERFACE_LANGUAGES

_LOG = logging.getLogger(__name__)
_TESTED_FOR: Final = 10.0
_TEST_WITHIN: Final = 5.0
_MOST_TRIED: Final = 5
#: An answering thread that is at one question for so many seconds will never end it.
HUNG_AFTER: Final = 120.0


class Health:
    """Readiness: started, not draining, and a question of the documents' own is answered."""

    def __init__(
        self,
        desk: AnswerDesk,
        store: SessionStore,
        inbox: Inbox,
        platforms: Iterable[str],
        *,
        keeps: Callable[[], bool] = lambda: True,
    ) -> None:
        """`keeps` says whether deliveries can be put into the inbox just now."""
        self._desk = desk
        self._store = store
        self._inbox = inbox
        self._platforms = sorted(platforms)
        self._unreachable = set(self._platforms)
        self._keeps = keeps
        self._tested = (0.0, False)
        self._testing: asyncio.Task[bool] | None = None
        self.started = not self._platforms
        self.draining = False

    @property
    def routes(self) -> list[web.RouteDef]:
        """`/healthz` and `/readyz`."""
        return [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]

    def is_up(self, platform: str, up: bool) -> None:
        """Whether a platform is reached; with the first one that is, the service has started."""
        if up:
            self._unreachable.discard(platform)
            self.started = True
        else:
            self._unreachable.add(platform)

    @property
    def degraded(self) -> bool:
        """True while local state stands in for what replicas share."""
        return self._store.degraded or self._inbox.degraded

    @property
    def hangs(self) -> bool:
        """True when only another start helps."""
        return self._desk.at_work_for > HUNG_AFTER

    async def until_it_hangs(self) -> None:
        """Raises ServiceHangsError when it does, so that whoever started the service starts it again."""
        while not self.hangs:  # noqa: ASYNC110 - a thread sets no event
            await asyncio.sleep(1.0)
        raise ServiceHangsError(
            f"One question has been worked on for {HUNG_AFTER:.0f} seconds. The service ends: start it again."
        )

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": not self.hangs}, status=503 if self.hangs else 200)

    async def _ready(self, _: web.Request) -> web.Response:
        answers = await self._answers()
        keeps = self._keeps()
        ready = self.started and not self.draining and answers and keeps
        details: dict[str, Any] = {
            "ready": ready,
            "started": self.started,
            "draining": self.draining,
            "answers": answers,
            "session": "degraded" if self.degraded else "ok",
            "inbox": "ok" if keeps else "unusable",
            "platforms": self._platforms,
            "unreachable": sorted(self._unreachable),
            "waiting": self._desk.waiting,
        }
        return web.json_response(details, status=200 if ready else 503)

    async def _answers(self) -> bool:
        """Whether the self-test passes; one that passed counts for ten seconds.

        One runs at a time, and goes on when it takes too long: a thread cannot be stopped.
        """
        when, passed = self._tested
        if passed and time.monotonic() - when <= _TESTED_FOR:
            return True
        if self._testing is None or self._testing.done():
            self._testing = asyncio.create_task(self._test())
        try:
            passed = await asyncio.wait_for(asyncio.shield(self._testing), _TEST_WITHIN)
        except TimeoutError:
            passed = False
        self._tested = (time.monotonic(), passed)
        return passed

    async def _test(self) -> bool:
        """On a thread of its own: a long queue is no reason to be taken out of service."""
        try:
            await asyncio.to_thread(self_test, self._desk.assistant)
        except Exception as error:  # whatever it is, there are no answers
            _LOG.error("The self-test failed: %s", describe(error))
            return False
        return True


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
