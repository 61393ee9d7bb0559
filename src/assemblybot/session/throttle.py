"""How many questions one user may ask: sliding windows of the `limits` library."""

from __future__ import annotations

import time
from typing import Final

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from assemblybot.errors import SettingsError
from assemblybot.session.base import UserKey

DEFAULT_LIMIT: Final = "20 per minute; 300 per hour"
_SHORTEST_WAIT: Final = 1.0


class Throttle:
    """Counts questions of each user against every window of `limit` (`"20 per minute; …"`)."""

    def __init__(self, limit: str = DEFAULT_LIMIT, storage: Storage | None = None) -> None:
        try:
            self._windows: list[RateLimitItem] = parse_many(limit)
        except ValueError as error:
            raise SettingsError(f"“{limit}” is no rate limit; write one like “{DEFAULT_LIMIT}”.") from error
        self._storage = storage or MemoryStorage()
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)

    async def allow(self, user: UserKey) -> float:
        """Count one question: 0.0 when every window has room, else the seconds to wait.

        A refused question is not counted, so that asking again too early costs nothing.
        """
        for window in self._windows:
            if not await self._limiter.test(window, user):
                stats = await self._limiter.get_window_stats(window, user)
                return max(_SHORTEST_WAIT, stats.reset_time - time.time())
        for window in self._windows:
            await self._limiter.hit(window, user)
        return 0.0

    async def forget(self, user: UserKey) -> None:
        """Drop the counts of `user`."""
        for window in self._windows:
            await self._limiter.clear(window, user)
