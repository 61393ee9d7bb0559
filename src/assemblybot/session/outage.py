"""While Redis does not answer: nobody asks it, and one task looks whether it is back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from redis.exceptions import ConnectionError as RedisGoneError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSilentError

from assemblybot.logs import describe

_LOG = logging.getLogger(__name__)
_LOOK_EVERY: Final = 1.0


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
