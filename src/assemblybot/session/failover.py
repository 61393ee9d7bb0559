"""A session store that goes on while Redis is away: local state meanwhile, told to Redis afterwards."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from redis.exceptions import RedisError

from assemblybot.session.base import SessionStore, UserKey
from assemblybot.session.outage import Outage, RecentKeys, RedisAwayError
from assemblybot.session.redis import RedisStore
from assemblybot.session.sqlite import SqliteStore

_T = TypeVar("_T")
#: A change of a store that is so many seconds old.
_Change = Callable[[SessionStore, float], Awaitable[object]]
_MOST_CHANGES: Final = 20_000


class FailoverStore(SessionStore):
    """A `SessionStore` on Redis, with an empty one in memory for each time that Redis is away.

    What changes meanwhile is told to Redis when it is back, unless this process ends before. Two
    replicas that are both cut off know nothing of each other until then.
    """

    def __init__(
        self,
        shared: RedisStore,
        local: SqliteStore,
        open_local: Callable[[], Awaitable[SqliteStore]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.retention = shared.retention
        self._shared = shared
        self._local = local
        self._open_local = open_local
        self._clock = clock
        self._recent = RecentKeys(clock)
        self._untold: deque[tuple[float, _Change]] = deque()
        self._outage = Outage(shared.probe, self._catch_up)
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, shared: RedisStore, open_local: Callable[[], Awaitable[SqliteStore]]
    ) -> FailoverStore:
        """Take over `shared`, whether or not its Redis answers now."""
        store = cls(shared, await open_local(), open_local)
        await store._outage.begin_unless_reachable()
        return store

    @property
    def degraded(self) -> bool:
        """See `SessionStore.degraded`."""
        return self._outage.active

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """See `SessionStore.first_seen`."""
        try:
            first = await self._outage.ask(lambda: self._shared.first_seen(key, ttl, by))
        except RedisAwayError:
            return await self._first_seen_here(key, ttl, by)
        if first or self._recent.by(key) is None:
            self._recent.add(key, ttl, by if first else "")
        return first

    async def _first_seen_here(self, key: str, ttl: float, by: str) -> bool:
        before = self._recent.by(key)
        if before is not None:
            return before == by != ""
        if first := await self._local.first_seen(key, ttl, by):
            self._tell_later(lambda store, age: store.first_seen(key, ttl - age, by))
        return first

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        """See `SessionStore.note`."""
        await self._change(lambda store, age: store.note(key, value, ttl - age, user=user))

    async def noted(self, key: str) -> str | None:
        """See `SessionStore.noted`."""
        return await self._ask(lambda store: store.noted(key))

    async def notes(self, prefix: str) -> dict[str, str]:
        """See `SessionStore.notes`."""
        return await self._ask(lambda store: store.notes(prefix))

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._ask(lambda store: store.allow(user))

    async def forget(self, user: UserKey) -> None:
        """See `SessionStore.forget`; while Redis is away, what lies there goes when it is back."""
        await self._change(lambda store, _: store.forget(user), always_told=True)

    async def close(self) -> None:
        """See `SessionStore.close`."""
        await self._outage.close()
        if self._closing:
            await self._closing
        await self._shared.close()
        await self._local.close()

    async def _ask(self, question: Callable[[SessionStore], Awaitable[_T]]) -> _T:
        try:
            return await self._outage.ask(lambda: question(self._shared))
        except RedisAwayError:
            return await question(self._local)

    async def _change(self, change: _Change, *, always_told: bool = False) -> None:
        try:
            await self._outage.ask(lambda: change(self._shared, 0.0))
        except RedisAwayError:
            self._tell_later(change, always_told=always_told)
            await change(self._local, 0.0)

    def _tell_later(self, change: _Change, *, always_told: bool = False) -> None:
        if always_told or len(self._untold) < _MOST_CHANGES:
            self._untold.append((self._clock(), change))

    async def _catch_up(self) -> None:
        fresh = await self._open_local()
        try:
            while self._untold:
                when, change = self._untold[0]
                await self._outage.tell(change(self._shared, self._clock() - when))
                self._untold.popleft()
        except RedisError:
            await fresh.close()
            raise
        old, self._local = self._local, fresh
        # Not waited for: what is asked of the local store from here on would stay untold.
        self._closing = asyncio.create_task(old.close())
