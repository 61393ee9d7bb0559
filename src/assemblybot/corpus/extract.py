"""What every reader returns: the text of a file and its blocks, lists with what introduces them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.structure import ENDS_PARAGRAPH, list_mark, mark_kind
from assemblybot.errors import DocumentReadError

_LONGEST_TEXT: Final = 5_000_000
_LONGEST_INTRODUCTION: Final = 200
# A caption may end as a sentence does: “Depths by port.”
_LONGEST_CAPTION: Final = 40
_ABOVE_LISTS: Final = (PassageKind.PARAGRAPH, PassageKind.HEADING)
# A longer table or list is never cited as a whole, so nothing introduces it.
_MOST_ITEMS: Final = 40


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row: `text[start:end]` of its Extract.

    `lead_in` is the position of the block that introduces the list of an item; `anchor` a page
    or fragment of the source. `section` is the position of the heading or title whose section goes on
    with this block, where that is not the last heading above.
    """

    kind: PassageKind
    start: int
    end: int
    lead_in: int | None = None
    anchor: str | None = None
    section: int | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """Text of a file and its blocks in reading order.

    `title`, `author` and `day` (as ISO 8601 writes it) are what the file itself says of them. `left_out`
    and `notes` are told to whoever adds the file: what is not among the blocks, and what was guessed.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    title: str | None = None
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    author: str | None = None
    day: str | None = None

    def texts(self) -> list[str]:
        """The text of each block."""
        return [self.text[block.start : block.end] for block in self.blocks]


def check_length(length: int) -> None:
    """Raise DocumentReadError for more characters than one document may have."""
    if length > _LONGEST_TEXT:
        raise DocumentReadError(
            f"The text is longer than {_LONGEST_TEXT:,} characters. Split the file and add the parts."
        )


def introduced(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with `lead_in` for each run of items: the short paragraph just above, where that is no whole
    sentence, or the heading of their section. A list that goes on after a paragraph keeps its lead-in."""
    found = list(blocks)
    heading: int | None = None
    before: int | None = None
    for is_item, run in groupby(range(len(found)), key=lambda at: found[at].kind is PassageKind.ITEM):
        items = list(run)
        for at in items:
            section = found[at].section
            if found[at].kind is PassageKind.HEADING or section is not None:
                begun = at if section is None else section
                heading = before = begun if found[begun].kind is PassageKind.HEADING else None
        if not is_item:
            continue
        above = found[items[0] - 1]
        if items[0] == 0 or len(items) > _MOST_ITEMS or above.kind not in _ABOVE_LISTS:
            continue
        lead_in = heading
        if _goes_on(text[found[items[0]].start : found[items[0]].end]):
            lead_in = before
        elif above.kind is PassageKind.PARAGRAPH and _introduces(text[above.start : above.end]):
            lead_in = items[0] - 1
            found[lead_in] = replace(above, kind=PassageKind.LEAD_IN)
        before = lead_in
        for at in items:
            found[at] = replace(found[at], lead_in=lead_in)
    return tuple(found)


def _goes_on(item: str) -> bool:
    """Whether a list begins with an item that is not its first: “3. …”."""
    number = re.match(r"\d+", list_mark(item))
    return number is not None and int(number.group()) > 1


def _introduces(paragraph: str) -> bool:
    """Whether a paragraph leads to the list below it, and does not only stand above it."""
    if mark_kind(paragraph):
        return False
    is_sentence = paragraph.endswith(ENDS_PARAGRAPH)
    longest = _LONGEST_CAPTION if is_sentence else _LONGEST_INTRODUCTION
    return paragraph.endswith(":") or len(paragraph) <= longest
