"""Spans to emphasise, as cuts of the text that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def cuts(length: int, highlights: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """`[start, end)` of each piece of a text of `length` characters, and whether it is highlighted.

    Highlights may overlap or reach beyond the text; the pieces never do.
    """
    at = 0
    for start, end in sorted(highlights):
        start, end = max(start, at), min(end, length)
        if start >= end:
            continue
        if at < start:
            yield at, start, False
        yield start, end, True
        at = end
    if at < length:
        yield at, length, False
