"""Session store and inbox that work while Redis is away: local ones replace it, and it is updated later."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from redis.exceptions import ConnectionError as RedisGoneError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSilentError

from assemblybot.logs import describe
from assemblybot.session.base import SEEN_TTL, SessionStore, UserKey
from assemblybot.session.inbox import MOST_RECLAIMED, OWNER_TTL, Delivery, Inbox, Reclaimed
from assemblybot.session.redis import RedisInbox, RedisStore
from assemblybot.session.sqlite import SqliteInbox, SqliteStore

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_Shared = TypeVar("_Shared", RedisStore, RedisInbox)
_Local = TypeVar("_Local", SqliteStore, SqliteInbox)
#: A change of a store that is so many seconds old.
_Change = Callable[[SessionStore, float], Awaitable[object]]
_PROBE_EVERY: Final = 1.0
_MOST_RECENT: Final = 5_000
_MOST_CHANGES: Final = 20_000
# Beyond so many the oldest are dropped: their platform has stopped repeating them.
_MOST_UNTOLD: Final = 50_000


class RedisAwayError(Exception):
    """Redis does not answer: local state stands in for it."""


class _Failover(Generic[_Shared, _Local]):
    """A circuit breaker between `shared` and `local`.

    It is open while Redis is out of reach: nobody asks it then, and one task probes whether it is back.
    """

    degraded = False

    def __init__(self, shared: _Shared, local: _Local, clock: Callable[[], float]) -> None:
        self._shared: _Shared = shared
        self._local: _Local = local
        self._clock = clock
        self._recent = RecentKeys(clock)
        self._probing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._probing:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)
        await self._shared.close()
        await self._local.close()

    async def _ask_redis(self, question: Callable[[_Shared], Awaitable[_T]]) -> _T:
        """Raises RedisAwayError when it does not answer, or did not before."""
        if self.degraded:
            raise RedisAwayError
        try:
            return await question(self._shared)
        except RedisError as error:
            if not self.degraded:
                self.degraded = True
                # The message might name the URL, and with it a password.
                _LOG.warning("Redis does not answer (%s): local state stands in for it", type(error).__name__)
                self._probing = asyncio.create_task(self._until_back())
            raise RedisAwayError from error

    async def _until_back(self) -> None:
        while self.degraded:
            await asyncio.sleep(_PROBE_EVERY)
            with contextlib.suppress(RedisError):
                await self._shared.probe()
                await self._catch_up()
                self.degraded = False
        _LOG.warning("Redis answers again")

    async def _catch_up(self) -> None:
        """Tell Redis what it missed; ends without waiting once there is nothing left, so that nothing is
        missed in between. Raises RedisError."""
        raise NotImplementedError

    async def _tell(self, change: Awaitable[object]) -> None:
        """Make one change in Redis that it missed; a change that it refuses, though it answers, is dropped.

        Raises RedisError while Redis is out of reach.
        """
        try:
            await change
        except (RedisGoneError, RedisSilentError):
            raise
        except Exception as error:  # whatever a damaged value leads to, the others must be told
            await self._shared.probe()
            _LOG.error("Redis could not be told of one change: %s", describe(error))


class RecentKeys:
    """What this process saw lately, for the time when Redis cannot be asked: the newest keys, each with
    who saw it first and until when that counts."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def add(self, key: str, ttl: float, by: str = "") -> None:
        """`key` was seen now, first `by` whom."""
        self._seen[key] = by, self._clock() + ttl
        self._seen.move_to_end(key)
        if len(self._seen) > _MOST_RECENT:
            self._seen.popitem(last=False)

    def by(self, key: str) -> str | None:
        """Who saw `key` first; `None` when it is not known any more."""
        by, until = self._seen.get(key, ("", 0.0))
        return by if until > self._clock() else None


class FailoverStore(_Failover[RedisStore, SqliteStore], SessionStore):
    """A `SessionStore` on Redis, with one in memory that is empty whenever Redis goes away.

    What changes meanwhile is told to Redis when it is back, unless this process ends before. Two
    replicas that are both cut off know nothing of each other until then.
    """

    def __init__(self, shared: RedisStore, local: SqliteStore) -> None:
        super().__init__(shared, local, time.time)
        self.retention = shared.retention
        self._untold: deque[tuple[float, _Change]] = deque()

    @classmethod
    async def open(cls, shared: RedisStore, local: SqliteStore) -> FailoverStore:
        """Use both, whether or not Redis answers now."""
        store = cls(shared, local)
        with contextlib.suppress(RedisAwayError):
            await store._ask_redis(RedisStore.probe)
        return store

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        try:
            first = await self._ask_redis(lambda redis: redis.first_seen(key, ttl, by))
        except RedisAwayError:
            before = self._recent.by(key)
            if before is not None:
                return before == by != ""
            if first := await self._local.first_seen(key, ttl, by):
                self._tell_later(lambda store, age: store.first_seen(key, ttl - age, by))
            return first
        if first or self._recent.by(key) is None:
            self._recent.add(key, ttl, by if first else "")
        return first

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        await self._change(lambda store, age: store.note(key, value, ttl - age, user=user))

    async def noted(self, key: str) -> str | None:
        return await self._ask(lambda store: store.noted(key))

    async def notes(self, prefix: str) -> dict[str, str]:
        return await self._ask(lambda store: store.notes(prefix))

    async def allow(self, user: UserKey) -> float:
        return await self._ask(lambda store: store.allow(user))

    async def forget(self, user: UserKey) -> None:
        """While Redis is away, what lies there goes when it is back."""
        await self._change(lambda store, _: store.forget(user), always_told=True)

    async def _ask(self, question: Callable[[SessionStore], Awaitable[_T]]) -> _T:
        try:
            return await self._ask_redis(question)
        except RedisAwayError:
            return await question(self._local)

    async def _change(self, change: _Change, *, always_told: bool = False) -> None:
        try:
            await self._ask_redis(lambda redis: change(redis, 0.0))
        except RedisAwayError:
            self._tell_later(change, always_told=always_told)
            await change(self._local, 0.0)

    def _tell_later(self, change: _Change, *, always_told: bool = False) -> None:
        if always_told or len(self._untold) < _MOST_CHANGES:
            self._untold.append((time.time(), change))

    async def _catch_up(self) -> None:
        while self._untold:
            when, change = self._untold[0]
            await self._tell(change(self._shared, time.time() - when))
            self._untold.popleft()

    async def _until_back(self) -> None:
        await super()._until_back()
        # It is under way before anything can be asked of the local store again.
        await self._local.clear()


class FailoverInbox(_Failover[RedisInbox, SqliteInbox], Inbox):
    """An `Inbox` on Redis, with a local file for the time that Redis is away.

    So that an outage itself leads to no second answer:

    - Redis learns of every key that was put here, sent or done, before it is asked again; a replica that
      has taken one over meanwhile then sends nothing for it;
    - nobody takes over anything for `OWNER_TTL` after an outage or a start: by then each owner that lives
      has sent a heartbeat;
    - a delivery that a dead process left in the file goes back to Redis, where its repetitions will look;
      while it lies in the file, Redis knows that it is held elsewhere.

    One case stays open. A replica that alone is cut off from Redis still answers what it holds, though
    another may have taken that over.
    """

    def __init__(
        self, shared: RedisInbox, local: SqliteInbox, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(shared, local, clock)
        self._here: set[str] = set()
        # Put here, sent or done while Redis could not hear of it; oldest first.
        self._untold: dict[str, None] = {}
        self._reclaim_from = clock() + OWNER_TTL

    @classmethod
    async def open(cls, shared: RedisInbox, local: SqliteInbox) -> FailoverInbox:
        """Use both, whether or not Redis answers now."""
        inbox = cls(shared, local)
        await inbox.heartbeat()
        return inbox

    async def put(self, delivery: Delivery) -> bool:
        try:
            new = await self._ask_redis(lambda redis: redis.put(delivery))
        except RedisAwayError:
            if self._recent.by(delivery.key) is not None or not await self._local.put(delivery):
                return False
            self._keep_here(delivery.key)
            return True
        self._recent.add(delivery.key, SEEN_TTL)
        return new

    async def sending(self, key: str) -> bool:
        if key in self._here:
            return await self._local.sending(key)
        try:
            return await self._ask_redis(lambda redis: redis.sending(key))
        except RedisAwayError:
            self._tell_later(key)
            return True

    async def done(self, key: str) -> None:
        if key in self._here:
            await self._local.done(key)
            self._here.discard(key)
            return
        try:
            await self._ask_redis(lambda redis: redis.done(key))
        except RedisAwayError:
            self._tell_later(key)

    async def reclaim(self, platform: str, most: int = MOST_RECLAIMED) -> Reclaimed:
        """Also what a dead process left in the local file."""
        left = await self._local.reclaim(platform, most)
        ours = [delivery for delivery in left.deliveries if await self._adopt(delivery)]
        shared = Reclaimed()
        if self._clock() >= self._reclaim_from:
            with contextlib.suppress(RedisAwayError):
                shared = await self._ask_redis(lambda redis: redis.reclaim(platform, most))
        return Reclaimed((*ours, *shared.deliveries), left.in_doubt + shared.in_doubt)

    async def heartbeat(self) -> None:
        await self._local.heartbeat()
        with contextlib.suppress(RedisAwayError):
            await self._ask_redis(RedisInbox.heartbeat)

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
            new = await self._ask_redis(lambda redis: redis.adopt(delivery))
        except RedisAwayError:
            self._keep_here(delivery.key)
            return True
        await self._local.done(delivery.key)
        return new

    async def _catch_up(self) -> None:
        await self._shared.heartbeat()
        while self._untold:
            for key in list(self._untold):
                held = key in self._here
                await self._tell(self._shared.processed_elsewhere(key, held=held))
                self._untold.pop(key, None)
        self._reclaim_from = self._clock() + OWNER_TTL
