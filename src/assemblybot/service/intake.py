"""From the moment a platform is told "received" to the last request: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, cast

from assemblybot.chat.channel import Bot, NotTakenError
from assemblybot.chat.desk import AnswerDesk
from assemblybot.logs import describe
from assemblybot.service.metrics import Metrics
from assemblybot.session.inbox import BEAT_EVERY, OLDEST_DELIVERY, Delivery, Inbox, InHand, dealing_with
from assemblybot.session.sealing import Seal

_LOG = logging.getLogger(__name__)
#: Deliveries taken and not done. Waiting for a flooded chat costs a place, so there must be more
#: than any few chats can take.
MOST_IN_HAND: Final = 4096


@dataclass(frozen=True, slots=True)
class Left:
    """What a drain leaves: so many deliveries, of which so many had begun to be answered.

    Nobody can know whether those answers arrive, so they are not repeated.
    """

    deliveries: int
    unsure: int


class Intake:
    """Puts deliveries into `inbox`, deals with each in a task of its own, and takes over what a
    killed replica left. Takes nothing of a platform before `open`, and nothing after `shut`."""

    def __init__(
        self,
        inbox: Inbox,
        desk: AnswerDesk,
        metrics: Metrics,
        seal: Seal,
        *,
        most_in_hand: int = MOST_IN_HAND,
    ) -> None:
        self._inbox = inbox
        self._desk = desk
        self._metrics = metrics
        self._seal = seal
        self._most = most_in_hand
        self._bots: dict[str, Bot] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._hands: set[InHand] = set()
        self._open = False
        #: Whether the inbox could be used when it last was.
        self.keeps = True

    def open(self, bots: Iterable[Bot]) -> None:
        """Take deliveries for `bots`, which have been started, from now on."""
        self._bots |= {bot.platform: bot for bot in bots}
        self._open = True

    def shut(self) -> None:
        """Take nothing more; what is in hand goes on."""
        self._open = False

    @property
    def in_hand(self) -> int:
        """Deliveries that are being dealt with."""
        return len(self._tasks)

    @property
    def waiting(self) -> int:
        """Of those, the ones whose answer is not ready to be sent."""
        return self._desk.in_line

    async def take(self, delivery: Delivery, *, repeated: bool = False) -> None:
        """See `Take`."""
        self._metrics.heard(delivery.platform)
        if not self._open or delivery.platform not in self._bots or len(self._tasks) >= self._most:
            raise NotTakenError("Nothing is taken just now; send it again in a moment.")
        if repeated:
            self._metrics.resent(delivery.platform)
        try:
            new = await self._inbox.put(replace(delivery, body=self._seal.close(delivery.body)))
            self.keeps = True
        except Exception as error:  # whatever a full disk or a broken store raises
            self.keeps = False
            _LOG.error("The inbox cannot be used: %s", describe(error))
            raise NotTakenError("The delivery cannot be kept just now; send it again in a moment.") from error
        self._metrics.delivered(delivery.platform, "new" if new else "duplicate")
        if new and self._open:  # after `shut` it stays in the inbox, for the bots will be closed
            self._tasks.add(asyncio.create_task(self._deal(delivery)))

    async def look_after(self) -> None:
        """Until cancelled: say that this replica lives, and take over what dead ones left."""
        while True:
            try:
                await self._inbox.beat()
                self.keeps = True
                if self._open:
                    await self._reclaim()
            except Exception as error:  # the inbox is out of reach; it is tried again
                self.keeps = False
                _LOG.error("The inbox cannot be used: %s", describe(error))
            await asyncio.sleep(BEAT_EVERY)

    async def drain(self, seconds: float) -> Left:
        """Wait for what is in hand, at most `seconds`. The rest is left in the inbox for the next
        start or another replica."""
        end = time.monotonic() + seconds
        while self._tasks and (left := end - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        late = list(self._tasks)
        kept = Left(len(late), sum(hand.sent for hand in self._hands))
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
        return kept

    async def _reclaim(self) -> None:
        for platform in list(self._bots):
            room = self._most - len(self._tasks)
            if room <= 0:
                return
            found = await self._inbox.reclaim(platform, min(room, 100))
            for delivery in found.deliveries:
                self._metrics.delivered(platform, "reclaimed")
                if (body := self._seal.open(delivery.body)) is None:
                    _LOG.error("A delivery that was left under another identity key is given up")
                    await self._inbox.done(delivery.key)
                elif self._open:
                    self._tasks.add(asyncio.create_task(self._deal(replace(delivery, body=body))))
            if found.unsure:
                self._metrics.delivered(platform, "unsure", found.unsure)
                _LOG.warning(
                    "%d answers of a killed process may not have arrived, and are not repeated", found.unsure
                )

    @contextmanager
    def _noted(self, hand: InHand) -> Iterator[None]:
        self._hands.add(hand)
        try:
            yield
        finally:
            self._hands.discard(hand)

    async def _deal(self, delivery: Delivery) -> None:
        try:
            if time.time() - delivery.taken > OLDEST_DELIVERY:
                self._metrics.delivered(delivery.platform, "too_old")
            else:
                async with self._desk.turn() as end_turn:
                    with dealing_with(self._inbox, delivery.key, end_turn) as hand, self._noted(hand):
                        await self._bots[delivery.platform].deal(delivery.body)
        except Exception as error:
            _LOG.error("A delivery failed: %s", describe(error))
        try:
            await self._inbox.done(delivery.key)
        except Exception as error:  # it is forgotten after a day, and was seen by the user before
            _LOG.error("The inbox cannot be used: %s", describe(error))
        finally:
            self._tasks.discard(cast("asyncio.Task[None]", asyncio.current_task()))
