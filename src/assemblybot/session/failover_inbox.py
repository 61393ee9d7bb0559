"""An inbox that goes on while Redis is away: deliveries lie in a local file meanwhile.

So that an outage itself leads to no second answer:

- Redis learns of every key that was put here, sent or done, before it is asked again; a replica that
  has taken one over meanwhile then sends nothing for it;
- nobody takes over anything for `OWNER_TTL` after an outage or a start: by then each owner who lives
  has said so;
- a delivery that a dead process left in the file goes back to Redis, where its repetitions will look;
  while it lies in the file, Redis knows that it is held elsewhere.

One case stays open. A replica that alone is cut off from Redis still answers what it holds, though
another may have taken that over.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Final

from assemblybot.session.base import SEEN_TTL
from assemblybot.session.inbox import OWNER_TTL, Delivery, Reclaimed
from assemblybot.session.outage import Outage, RecentKeys, RedisAwayError
from assemblybot.session.redis_inbox import RedisInbox
from assemblybot.session.sqlite_inbox import SqliteInbox

# What came so long ago is not repeated any more by its platform.
_MOST_UNTOLD: Final = 50_000


class FailoverInbox:
    """An `Inbox` on Redis, with a local one for the time that Redis is away."""

    def __init__(
        self, shared: RedisInbox, local: SqliteInbox, clock: Callable[[], float] = time.time
    ) -> None:
        self._shared = shared
        self._local = local
        self._clock = clock
        self._recent = RecentKeys(clock)
        self._here: set[str] = set()
        # Put here, sent or done while Redis could not hear of it; oldest first.
        self._untold: dict[str, None] = {}
        self._reclaim_from = clock() + OWNER_TTL
        self._outage = Outage(shared.probe, self._catch_up)

    @classmethod
    async def open(cls, shared: RedisInbox, local: SqliteInbox) -> FailoverInbox:
        """Take over both, whether or not Redis answers now."""
        inbox = cls(shared, local)
        await inbox._outage.begin_unless_reachable()
        await inbox.beat()
        return inbox

    @property
    def degraded(self) -> bool:
        """See `Inbox.degraded`."""
        return self._outage.active

    async def put(self, delivery: Delivery) -> bool:
        """See `Inbox.put`."""
        try:
            new = await self._outage.ask(lambda: self._shared.put(delivery))
        except RedisAwayError:
            if self._recent.by(delivery.key) is not None or not await self._local.put(delivery):
                return False
            self._keep_here(delivery.key)
            return True
        self._recent.add(delivery.key, SEEN_TTL)
        return new

    async def sending(self, key: str) -> bool:
        """See `Inbox.sending`."""
        if key in self._here:
            return await self._local.sending(key)
        try:
            return await self._outage.ask(lambda: self._shared.sending(key))
        except RedisAwayError:
            self._tell_later(key)
            return True

    async def done(self, key: str) -> None:
        """See `Inbox.done`."""
        if key in self._here:
            await self._local.done(key)
            self._here.discard(key)
            return
        try:
            await self._outage.ask(lambda: self._shared.done(key))
        except RedisAwayError:
            self._tell_later(key)

    async def reclaim(self, platform: str, most: int = 100) -> Reclaimed:
        """See `Inbox.reclaim`; also what a dead process left in the local file."""
        left = await self._local.reclaim(platform, most)
        ours = [delivery for delivery in left.deliveries if await self._adopt(delivery)]
        shared = Reclaimed()
        if self._clock() >= self._reclaim_from:
            with contextlib.suppress(RedisAwayError):
                shared = await self._outage.ask(lambda: self._shared.reclaim(platform, most))
        return Reclaimed((*ours, *shared.deliveries), left.unsure + shared.unsure)

    async def beat(self) -> None:
        """See `Inbox.beat`."""
        await self._local.beat()
        with contextlib.suppress(RedisAwayError):
            await self._outage.ask(self._shared.beat)

    async def close(self) -> None:
        """See `Inbox.close`."""
        await self._outage.close()
        await self._shared.close()
        await self._local.close()

    def _keep_here(self, key: str) -> None:
        self._here.add(key)
        self._tell_later(key)

    def _tell_later(self, key: str) -> None:
        self._untold[key] = None
        if len(self._untold) > _MOST_UNTOLD:
            self._untold.pop(next(iter(self._untold)))

    async def _adopt(self, delivery: Delivery) -> bool:
        """Move a delivery from the local file to Redis; False when it was seen there already."""
        try:
            new = await self._outage.ask(lambda: self._shared.adopt(delivery))
        except RedisAwayError:
            self._keep_here(delivery.key)
            return True
        await self._local.done(delivery.key)
        return new

    async def _catch_up(self) -> None:
        await self._shared.beat()
        while self._untold:
            for key in list(self._untold):
                held = key in self._here
                await self._outage.tell(self._shared.dealt_with_elsewhere(key, held=held))
                self._untold.pop(key, None)
        self._reclaim_from = self._clock() + OWNER_TTL
