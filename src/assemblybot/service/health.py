"""`/healthz`: whether the process is alive and does not hang. `/readyz`: whether it can answer."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterable
from typing import Final

from aiohttp import web

from assemblybot.answering.answer import Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.suggest import suggest
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import IndexDamagedError, ServiceHangsError
from assemblybot.logs import describe
from assemblybot.session import SessionStore
from assemblybot.session.inbox import Inbox
from assemblybot.text.language import INTERFACE_LANGUAGES

_LOG = logging.getLogger(__name__)
_TESTED_FOR: Final = 10.0
_TEST_WITHIN: Final = 5.0
# An older result no longer counts.
_COUNTS_FOR: Final = 60.0
_MOST_TRIED: Final = 5
#: An answering thread that has worked on one question for so many seconds hangs.
HUNG_AFTER: Final = 120.0


class Health:
    """Readiness: started, not draining, and a question of the documents' own is answered."""

    def __init__(
        self,
        queue: AnswerQueue,
        store: SessionStore,
        inbox: Inbox,
        platforms: Iterable[str],
        *,
        inbox_usable: Callable[[], bool] = lambda: True,
    ) -> None:
        """`inbox_usable` says whether deliveries can be put into the inbox just now."""
        self._queue = queue
        self._store = store
        self._inbox = inbox
        self._platforms = sorted(platforms)
        self._unreachable = set(self._platforms)
        self._inbox_usable = inbox_usable
        self._passed = False
        self._tested_at = -math.inf
        self._testing: asyncio.Task[None] | None = None
        self._testing_since = 0.0
        self.started = not self._platforms
        self.draining = False

    @property
    def routes(self) -> list[web.RouteDef]:
        """`/healthz` and `/readyz`."""
        return [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]

    def reached(self, platform: str) -> None:
        """A platform is connected; with the first one, the service has started."""
        self._unreachable.discard(platform)
        self.started = True

    def lost(self, platform: str) -> None:
        """A platform is out of reach."""
        self._unreachable.add(platform)

    @property
    def degraded(self) -> bool:
        """True while local state stands in for what replicas share."""
        return self._store.degraded or self._inbox.degraded

    @property
    def hangs(self) -> bool:
        """True if only a restart helps."""
        return self._queue.at_work_for > HUNG_AFTER

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
        answers, inbox_usable = await self._answers(), self._inbox_usable()
        ready = self.started and not self.draining and answers and inbox_usable
        details = {
            "ready": ready,
            "started": self.started,
            "draining": self.draining,
            "answers": answers,
            "session": "degraded" if self.degraded else "ok",
            "inbox": "ok" if inbox_usable else "unusable",
            "platforms": self._platforms,
            "unreachable": sorted(self._unreachable),
            "waiting": self._queue.waiting,
            "collections": {name: bool(self._queue.assistant_of(name)) for name in self._queue.collections},
        }
        return web.json_response(details, status=200 if ready else 503)

    async def _answers(self) -> bool:
        """Whether the last self-test passed; after ten seconds the next one begins, and nobody waits for it.

        One runs at a time, since a thread cannot be stopped. While it takes too long there are no
        answers; its result counts whenever it comes. Without a result that passed lately, it is waited for.
        """
        now = time.monotonic()
        if self._testing is None and now - self._tested_at > _TESTED_FOR:
            self._testing_since = now
            self._testing = asyncio.create_task(self._test())
        if self._testing and not self._passed_lately():
            await asyncio.wait({self._testing}, timeout=self._testing_since + _TEST_WITHIN - now)
        return self._passed_lately()

    def _passed_lately(self) -> bool:
        now = time.monotonic()
        late = self._testing is not None and now - self._testing_since > _TEST_WITHIN
        return self._passed and not late and now - self._tested_at <= _COUNTS_FOR

    async def _test(self) -> None:
        """On a thread of its own: a long queue is no reason to be taken out of service."""
        passed = False
        try:
            await asyncio.to_thread(self_test, self._queue.assistant)
            passed = True
        except Exception as error:  # whatever it is, there are no answers
            _LOG.error("The self-test failed: %s", describe(error))
        finally:
            self._testing = None
        self._passed, self._tested_at = passed, time.monotonic()


def self_test(assistant: Assistant) -> None:
    """Ask what the documents are known to answer. Raises IndexDamagedError when nothing is answered."""
    index = assistant.index
    questions = [asked.text for code in INTERFACE_LANGUAGES for asked in suggest(index, code)]
    questions += [document.metadata.title for document in index.listed(0, _MOST_TRIED)]
    for question in questions[:_MOST_TRIED]:
        if assistant.answer(question).verdict is Verdict.ANSWERED:
            return
    raise IndexDamagedError(
        "The index answers none of the questions it suggests. Rebuild it with: assemblybot index build"
    )
