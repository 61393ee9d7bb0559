"""A share of something counted, and between which bounds the true share lies."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `count`."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        """Share in [0, 1]; not a number when nothing was counted."""
        return self.hits / self.count if self.count else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval (Wilson 1927), 95 %."""
        if not self.count:
            return math.nan, math.nan
        n, p, z = self.count, self.value, _Z95
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(middle - reach, 0.0), min(middle + reach, 1.0)


def share(conditions: Iterable[bool]) -> Share:
    """How many of the conditions hold."""
    held = list(conditions)
    return Share(sum(held), len(held))
