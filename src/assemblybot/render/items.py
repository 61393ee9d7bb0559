"""Items of a list as they are shown: each with the number that it has in its document, or a bullet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assemblybot.corpus.structure import list_mark, mark_kind

BULLET: Final = "• "


def without_bullet(item: str) -> str:
    """An item without the bullet that its document gives it; a number stays."""
    return item.removeprefix(list_mark(item)) if mark_kind(item) == "bullet" else item


def as_line(item: str) -> str:
    """An item as a line of its own."""
    return item if mark_kind(item) == "number" else BULLET + without_bullet(item)


def first_number(items: Sequence[str]) -> int | None:
    """The number of the first item where all are numbered in turn; None elsewhere."""
    marks = [list_mark(item).rstrip().rstrip(".)-°") for item in items]
    if not items or not all(mark.isdecimal() for mark in marks):
        return None
    numbers = [int(mark) for mark in marks]
    return numbers[0] if numbers == list(range(numbers[0], numbers[0] + len(items))) else None
