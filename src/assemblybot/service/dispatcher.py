"""Processes deliveries after their acknowledgement: none is lost, and none is answered twice."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from typing import Final

from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.channel import Bot, NotAcceptedError
from assemblybot.logs import describe
from assemblybot.service.metrics import Metrics
from assemblybot.session.identity import Cipher
from assemblybot.session.inbox import (
    HEARTBEAT_EVERY,
    MOST_RECLAIMED,
    OLDEST_DELIVERY,
    CurrentDelivery,
    Delivery,
    Inbox,
    processing,
)

_LOG = logging.getLogger(__name__)
#: Most deliveries in progress. One that waits for the rate limit of its chat counts too, so there must be
#: room for more than a few busy chats send.
MOST_IN_PROGRESS: Final = 4096


@dataclass(frozen=True, slots=True)
class Undrained:
    """How many deliveries a drain leaves, and how many of these had begun to be answered.

    It is unknown whether those answers arrived, so they are not repeated.
    """

    deliveries: int
    in_doubt: int


class Dispatcher:
    """Puts deliveries into `inbox`, processes each in a task of its own, and takes over what a killed
    replica left. Accepts nothing from a platform before `open`, and nothing after `shut`."""

    def __init__(
        self,
        inbox: Inbox,
        queue: AnswerQueue,
        metrics: Metrics,
        cipher: Cipher,
        *,
        most_in_progress: int = MOST_IN_PROGRESS,
    ) -> None:
        self._inbox = inbox
        self._queue = queue
        self._metrics = metrics
        self._cipher = cipher
        self._most = most_in_progress
        self._bots: dict[str, Bot] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._current: set[CurrentDelivery] = set()
        self._open = False
        #: Whether the inbox could be used when it last was.
        self.inbox_usable = True

    def open(self, bot: Bot) -> None:
        """Accept deliveries for `bot`, which has been started."""
        self._bots[bot.platform] = bot
        self._open = True

    def shut(self) -> None:
        """Accept nothing more; deliveries in progress continue."""
        self._open = False

    @property
    def in_progress(self) -> int:
        """Deliveries that are being processed."""
        return len(self._tasks)

    async def enqueue(self, delivery: Delivery) -> None:
        """See `Enqueue`."""
        self._metrics.heard(delivery.platform)
        if not self._open or delivery.platform not in self._bots or self.in_progress >= self._most:
            raise NotAcceptedError("Nothing is taken just now; send it again in a moment.")
        try:
            new = await self._inbox.put(replace(delivery, body=self._cipher.encrypt(delivery.body)))
        except Exception as error:  # whatever a full disk or a broken store raises
            self._failed(error)
            raise NotAcceptedError(
                "The delivery cannot be kept just now; send it again in a moment."
            ) from error
        self.inbox_usable = True
        self._metrics.count("deliveries", delivery.platform, "new" if new else "duplicate")
        if new and self._open:  # after `shut` it stays in the inbox, for the bots will be closed
            self._begin(delivery)

    def _begin(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._process(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def look_after(self) -> None:
        """Until cancelled, send heartbeats and take over the deliveries of dead owners."""
        while True:
            try:
                await self._inbox.heartbeat()
                self.inbox_usable = True
                if self._open:
                    await self._reclaim()
            except Exception as error:  # the inbox is out of reach; it is tried again
                self._failed(error)
            await asyncio.sleep(HEARTBEAT_EVERY)

    async def drain(self, seconds: float) -> Undrained:
        """Wait for deliveries in progress, at most `seconds`. The rest stays in the inbox for the next
        start or another replica."""
        if self._tasks and seconds > 0:
            await asyncio.wait(self._tasks, timeout=seconds)
        late = list(self._tasks)
        left = Undrained(len(late), sum(current.sent for current in self._current))
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
        return left

    async def _reclaim(self) -> None:
        for platform in list(self._bots):
            room = self._most - self.in_progress
            if room <= 0:
                return
            found = await self._inbox.reclaim(platform, min(room, MOST_RECLAIMED))
            for delivery in found.deliveries:
                self._metrics.count("deliveries", platform, "reclaimed")
                if (body := self._cipher.decrypt(delivery.body)) is None:
                    _LOG.error("A delivery that was left under another identity key is given up")
                    await self._inbox.done(delivery.key)
                elif self._open:
                    self._begin(replace(delivery, body=body))
            if found.in_doubt:
                self._metrics.count("deliveries", platform, "in_doubt", times=found.in_doubt)
                _LOG.warning(
                    "%d answers of a killed process may not have arrived, and are not repeated",
                    found.in_doubt,
                )

    async def _process(self, delivery: Delivery) -> None:
        try:
            if time.time() - delivery.taken > OLDEST_DELIVERY:
                self._metrics.count("deliveries", delivery.platform, "too_old")
            else:
                async with self._queue.slot() as release_slot:
                    with processing(self._inbox, delivery.key, release_slot) as current:
                        self._current.add(current)
                        try:
                            await self._bots[delivery.platform].handle(delivery.body)
                        finally:
                            self._current.discard(current)
        except Exception as error:
            _LOG.error("A delivery failed: %s", describe(error))
        try:
            await self._inbox.done(delivery.key)
        except Exception as error:  # it is forgotten after a day, and was seen by the user before
            _LOG.error("The inbox cannot be used: %s", describe(error))

    def _failed(self, error: Exception) -> None:
        self.inbox_usable = False
        _LOG.error("The inbox cannot be used: %s", describe(error))
