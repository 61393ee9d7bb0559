"""While Redis does not answer: nobody asks it, and one task looks whether it is back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from redis.exceptions import ConnectionError as RedisGoneError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSilentError

from assemblybot.logs import describe

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_LOOK_EVERY: Final = 1.0
_MOST_RECENT: Final = 5_000


class RedisAwayError(Exception):
    """Redis does not answer: local state stands in for it."""


class Outage:
    """Whether Redis is out of reach.

    `probe` raises RedisError as long as it is; `catch_up` then tells Redis what it missed, and ends
    without waiting once there is nothing left, so that nothing is missed in between.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]], catch_up: Callable[[], Awaitable[None]]) -> None:
        self._probe = probe
        self._catch_up = catch_up
        self._looking: asyncio.Task[None] | None = None
        self.active = False

    async def begin_unless_reachable(self) -> None:
        """Find out at the start."""
        try:
            await self._probe()
        except RedisError as error:
            self.begin(error)

    async def ask(self, question: Callable[[], Awaitable[_T]]) -> _T:
        """Ask Redis. Raises RedisAwayError when it does not answer, or did not before."""
        if self.active:
            raise RedisAwayError
        try:
            return await question()
        except RedisError as error:
            self.begin(error)
            raise RedisAwayError from error

    def begin(self, error: RedisError) -> None:
        """Redis failed with `error`; nothing new when it had failed before."""
        if self.active:
            return
        self.active = True
        # The message might name the URL, and with it a password.
        _LOG.warning("Redis does not answer (%s): local state stands in for it", type(error).__name__)
        self._looking = asyncio.create_task(self._look_until_back())

    async def tell(self, change: Awaitable[object]) -> None:
        """Wait for one change that Redis missed; one that it cannot take, though it answers, is given up.

        Raises RedisError while Redis is out of reach.
        """
        try:
            await change
        except (RedisGoneError, RedisSilentError):
            raise
        except Exception as error:  # whatever a damaged value leads to, the others must be told
            await self._probe()
            _LOG.error("Redis could not be told of one change: %s", describe(error))

    async def close(self) -> None:
        """Stop looking."""
        if self._looking:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _look_until_back(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                await self._probe()
                await self._catch_up()
            except RedisError:
                continue
            self.active = False
            _LOG.warning("Redis answers again")
            return


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
