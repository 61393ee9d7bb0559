"""What every reader returns: the text of a file and its blocks, as offsets into that text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.structure import division_end, is_division
from assemblybot.errors import DocumentReadError

_LONGEST_TEXT: Final = 5_000_000
_LONGEST_INTRODUCTION: Final = 200
# A longer table or list is never cited as a whole, so nothing introduces it.
_MOST_ITEMS: Final = 40
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row: `text[start:end]` of its Extract.

    `lead_in` is the position of the block that introduces the list of an item; `anchor` a page
    or fragment of the source.
    """

    kind: PassageKind
    start: int
    end: int
    lead_in: int | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """Text of a file and its blocks in reading order.

    `title` is what the file itself says its title is. `left_out` and `notes` are told to whoever
    adds the file: what is not among the blocks, and what was guessed.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    title: str | None = None
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class BlockWriter:
    """Collects blocks one after another and keeps their offsets."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0

    def add(self, kind: PassageKind, text: str, *, anchor: str | None = None, verbatim: bool = False) -> bool:
        """Append one block; white space is collapsed, line ends kept. False when nothing is left.

        A paragraph that is, or begins with, “Article 14.” is a heading, or becomes one and its text.
        """
        cleaned = text.strip("\n").rstrip() if verbatim else collapsed(text)
        if not cleaned.strip():
            return False
        end = division_end(cleaned) if kind is PassageKind.PARAGRAPH else 0
        if end and is_division(cleaned):
            kind = PassageKind.HEADING
        elif end:
            self.add(PassageKind.HEADING, cleaned[:end], anchor=anchor)
            cleaned = cleaned[end:].strip()
        start = self._append(cleaned, "\n\n" if self._parts else "")
        self.blocks.append(Block(kind, start, self._length, anchor=anchor))
        return True

    def extend(self, text: str) -> None:
        """Append a line to the last block."""
        cleaned = collapsed(text)
        if cleaned and self.blocks:
            self._append(cleaned, "\n")
            self.blocks[-1] = replace(self.blocks[-1], end=self._length)

    def _append(self, text: str, separator: str) -> int:
        self._parts += (separator, text)
        start = self._length + len(separator)
        self._length = start + len(text)
        if self._length > _LONGEST_TEXT:
            raise too_long()
        return start

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts)

    def extract(
        self, title: str | None = None, left_out: Sequence[str] = (), notes: Sequence[str] = ()
    ) -> Extract:
        """What was collected, each list with what introduces it; a first heading is the title."""
        text = self.text
        first = self.blocks[0] if self.blocks else None
        if first and first.kind is PassageKind.HEADING and not division_end(text[: first.end]):
            self.blocks[0] = replace(self.blocks[0], kind=PassageKind.TITLE)
        blocks = introduced(text, self.blocks)
        return Extract(text, blocks, title and collapsed(title), tuple(left_out), tuple(notes))


def too_long() -> DocumentReadError:
    """The error for more text than one document may hold."""
    return DocumentReadError(
        f"The text is longer than {_LONGEST_TEXT:,} characters. Split the file and add the parts."
    )


def collapsed(text: str) -> str:
    """`text` with runs of spaces made one, and no spaces around line ends."""
    return _LINE_ENDS.sub("\n", _SPACES.sub(" ", text)).strip()


def introduced(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with `lead_in` for each run of items: the short paragraph or the heading just above."""
    found = list(blocks)
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].kind is PassageKind.ITEM:
            end += 1
        if start and end > start and end - start <= _MOST_ITEMS and _introduces(text, found[start - 1]):
            above = found[start - 1]
            if above.kind is PassageKind.PARAGRAPH:
                found[start - 1] = replace(above, kind=PassageKind.LEAD_IN)
            found[start:end] = [replace(item, lead_in=start - 1) for item in found[start:end]]
        start = max(end, start + 1)
    return tuple(found)


def _introduces(text: str, block: Block) -> bool:
    if block.kind is PassageKind.HEADING:
        return True
    above = text[block.start : block.end]
    short = len(above) <= _LONGEST_INTRODUCTION
    return block.kind is PassageKind.PARAGRAPH and (short or above.endswith((":", ":")))
