"""Rows of token numbers as the graphs read them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: numbers of the special tokens
BEGIN, PAD, END = 0, 1, 2

Tokens = NDArray[np.int64]


def padded(rows: Sequence[Sequence[int]], fill: int = PAD) -> tuple[Tokens, Tokens]:
    """The rows filled up to the longest, and 1 for each place that was not filled: both ``(n, longest)``."""
    found = np.full((len(rows), max(map(len, rows))), fill, np.int64)
    mask = np.zeros_like(found)
    for number, row in enumerate(rows):
        found[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return found, mask
