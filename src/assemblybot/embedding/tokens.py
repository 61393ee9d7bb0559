"""Rows of token numbers as the graphs read them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: numbers of the special tokens
BEGIN, PAD, END = 0, 1, 2

Tokens = NDArray[np.int64]


def grouped(rows: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """Indices of rows in groups of similar length, longest first.

    Filled up to its longest row, a group has at most ``most`` tokens; a row that is longer is alone.
    """
    groups: list[list[int]] = []
    room = 0
    for index in sorted(range(len(rows)), key=lambda index: -len(rows[index])):
        if room == 0:
            room = max(1, most // max(1, len(rows[index])))
            groups.append([])
        groups[-1].append(index)
        room -= 1
    return groups


def padded(rows: Sequence[Sequence[int]], fill: int = PAD) -> tuple[Tokens, Tokens]:
    """The rows filled up to the longest, and 1 for each place that was not filled: both ``(n, longest)``."""
    found = np.full((len(rows), max(map(len, rows))), fill, np.int64)
    mask = np.zeros_like(found)
    for number, row in enumerate(rows):
        found[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return found, mask
