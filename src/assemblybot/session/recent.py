"""What this process saw lately, for the time when Redis cannot be asked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MOST: Final = 5_000


class RecentKeys:
    """The newest keys, each with who saw it first and until when that counts."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def add(self, key: str, ttl: float, by: str = "") -> None:
        """`key` was seen now, first `by` whom."""
        self._seen[key] = by, self._clock() + ttl
        self._seen.move_to_end(key)
        if len(self._seen) > _MOST:
            self._seen.popitem(last=False)

    def by(self, key: str) -> str | None:
        """Who saw `key` first; `None` when it is not known any more."""
        by, until = self._seen.get(key, ("", 0.0))
        return by if until > self._clock() else None
