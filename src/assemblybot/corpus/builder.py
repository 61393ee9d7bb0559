"""The builder of an `Extract`: blocks in order, lists and definitions, headings that only look so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import Block, Extract, check_length, introduced
from assemblybot.corpus.formats.byline import BYLINE_WITHIN, author_of
from assemblybot.corpus.numbering import BULLET, Counters, Level
from assemblybot.corpus.structure import is_division, is_short, mark_kind
from assemblybot.text.arabic import arabic_share
from assemblybot.text.divisions import division_end

_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n\s*")
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True, eq=False)
class _Written:
    """A block as it is collected; `section` is the heading or title whose section it is in, or itself."""

    kind: PassageKind
    text: str
    anchor: str | None
    by_look: bool = False
    section: _Written | None = None


@dataclass(slots=True)
class _Item:
    """An open list item: the mark that its first text gets, and its block once it is written."""

    mark: str | None
    block: _Written | None = None


class ExtractBuilder:
    """Collects the blocks of one file in order, lists and definitions among them.

    `anchor` is that of the blocks to come, `marked_title` the first text that is marked as a title.
    """

    def __init__(self) -> None:
        self.anchor: str | None = None
        self.marked_title: str | None = None
        self._blocks: list[_Written] = []
        self._left_out: dict[str, None] = {}
        self._length = 0
        self._lists: list[tuple[Counters, _Written | None]] = []
        self._items: list[_Item] = []
        self._term = ""
        self._defined_at: int | None = None
        self._term_is_due = False
        self._section: _Written | None = None
        self._parts: list[_Written | None] = []

    def add(self, kind: PassageKind, text: str, *, verbatim: bool = False) -> None:
        """Append one block unless it is empty; white space is collapsed, line ends kept.

        A paragraph that is, or begins with, “Article 14.” is a heading, or becomes one and its text. One
        that begins with a bullet is an item.
        """
        cleaned = text.strip("\n").rstrip() if verbatim else collapsed(text)
        if not cleaned.strip():
            return
        if term := self._take_term():
            self.add(PassageKind.PARAGRAPH, term)
        if kind is PassageKind.PARAGRAPH and not verbatim:
            if len(parts := _listed(cleaned)) > 1:
                for part in parts:
                    self.add(kind, part)
                return
            if mark_kind(cleaned) == "bullet":
                kind = PassageKind.ITEM
            elif is_division(cleaned):
                kind = PassageKind.HEADING
            elif end := division_end(cleaned):
                self.add(PassageKind.HEADING, cleaned[:end])
                cleaned = cleaned[end:].strip()
        block = _Written(kind, cleaned, self.anchor)
        if kind is PassageKind.HEADING:
            self._section = block
        block.section = self._section
        self._blocks.append(block)
        self._length += len(cleaned)
        check_length(self._length)

    def heading(self, text: str, *, by_look: bool = False) -> None:
        """Append a heading, on one line.

        One that only looks so, as a bold line does, is one if text follows, or at the top.
        """
        self.add(PassageKind.HEADING, " ".join(text.split()))
        if by_look and text.strip():
            self._blocks[-1].by_look = True

    def title(self, text: str) -> None:
        """Append what is marked as the title of the whole; below a heading, it is one more heading."""
        is_first = self.first_heading is None
        self.heading(text)
        if is_first and text.strip():
            self._blocks[-1].kind = PassageKind.TITLE
        self.marked_title = self.marked_title or " ".join(text.split()) or None

    def begin_part(self) -> None:
        """Begin a part such as `<details>`: sections that begin in it end with it."""
        self._parts.append(self._section)

    def end_part(self) -> None:
        """End the innermost part, if one is open; the section in which it began goes on."""
        if self._parts:
            self._section = self._parts.pop()

    def text(self, text: str, *, verbatim: bool = False) -> None:
        """Append a text where it stands: in an open item or definition, or as a paragraph."""
        if not text.strip():
            return
        item = self._items[-1] if self._items else None
        if item and item.mark is not None:
            self.add(PassageKind.ITEM, item.mark + collapsed(text))
            item.mark, item.block = None, self._blocks[-1]
            return
        if not verbatim and (term := self._take_term() or self._short_term()):
            text = f"{term}: {collapsed(text)}"
        if item and item.block and item.block is self._blocks[-1]:
            item.block.text += "\n" + collapsed(text)
        else:
            self.add(PassageKind.ITEM if item else PassageKind.PARAGRAPH, text, verbatim=verbatim)

    def begin_list(self, first: int | None = None, form: str = "1") -> None:
        """Begin a list that counts from `first` in digits, letters or Roman numerals, or has bullets."""
        level = Level() if first is None else Level(form or "1", "%1.", first)
        self._lists.append((Counters({0: level}), self._section))

    def end_list(self) -> None:
        """End the innermost list, and the sections that began in it."""
        _, self._section = self._lists.pop()

    def begin_item(self, own: str | int | None = None) -> None:
        """Begin an item of the innermost list, with a mark or number of its own or the next of the list."""
        if not isinstance(own, str):
            own = self._lists[-1][0].next(0, own) if self._lists else BULLET
        self._items.append(_Item(own))

    def end_item(self) -> None:
        """End the innermost item."""
        self._items.pop()

    @property
    def in_item(self) -> bool:
        """Whether a list item is open."""
        return bool(self._items)

    def term(self, text: str) -> None:
        """Take a term, which stands before each text of its definitions; several in a row share them.

        Where no text of a definition can take it, it is a paragraph of its own.
        """
        if self._defined_at is not None:
            self.end_definitions()
        comma = "، " if arabic_share(self._term) >= 0.5 else ", "
        self._term = f"{self._term}{comma}{collapsed(text)}" if self._term else collapsed(text)
        self._term_is_due = bool(self._term)

    def begin_definition(self) -> None:
        """Begin a definition of the last terms."""
        self._defined_at = len(self._items)
        self._term_is_due = bool(self._term)

    def end_definitions(self) -> None:
        """End what belongs to the last terms."""
        self.add(PassageKind.PARAGRAPH, self._take_term())
        self._term, self._defined_at = "", None

    def _short_term(self) -> str:
        """The term whose definition goes on, outside its lists, unless it is too long to be repeated."""
        return self._term if self._defined_at == len(self._items) and is_short(self._term) else ""

    def _take_term(self) -> str:
        """The term that is not written yet, if any; it is the caller's to write."""
        term = self._term if self._term_is_due else ""
        self._term_is_due = False
        return term

    @property
    def first_heading(self) -> str | None:
        """The first title or heading that was written and is no “Article 1”."""
        kinds = PassageKind.TITLE, PassageKind.HEADING
        found = (block.text for block in self._blocks if block.kind in kinds)
        return next((text for text in found if not division_end(text)), None)

    def leave_out(self, what: str, count: int = 1) -> None:
        """Say once what is not among the blocks, with its `count` for `{}`; nothing if that is 0."""
        if count:
            self._left_out[what.format(count)] = None

    def extract(
        self,
        title: str | None = None,
        notes: Iterable[str] = (),
        author: str | None = None,
        day: str | None = None,
    ) -> Extract:
        """What was collected, each list with what introduces it; a heading at the top is the title."""
        self._settle()
        first = self._blocks[0] if self._blocks else None
        if first and first.kind is PassageKind.HEADING and not division_end(first.text):
            first.kind = PassageKind.TITLE
        author = self._take_byline() or author
        text = "\n\n".join(block.text for block in self._blocks)
        blocks = introduced(text, list(self._placed()))
        title = collapsed(title or "") or None
        return Extract(text, blocks, title, tuple(self._left_out), tuple(notes), author, day)

    def _take_byline(self) -> str | None:
        """The author whom one of the first paragraphs names, which becomes the byline."""
        for block in self._blocks[:BYLINE_WITHIN]:
            if block.kind is PassageKind.PARAGRAPH and (author := author_of(block.text)):
                block.kind = PassageKind.BYLINE
                return author
        return None

    def _settle(self) -> None:
        """Decide what only the next block can tell: headings by their look, and numbered lines."""
        for block, below in pairwise([*self._blocks, None]):
            if not block:
                continue
            if block.by_look and (below is None or below.by_look) and block is not self._blocks[0]:
                block.kind = PassageKind.PARAGRAPH
            if below and {block.kind, below.kind} <= {PassageKind.PARAGRAPH, PassageKind.ITEM}:
                mark = mark_kind(block.text)
                if mark in ("number", "letter") and mark == mark_kind(below.text):
                    block.kind = below.kind = PassageKind.ITEM

    def _placed(self) -> Iterator[Block]:
        start = 0
        positions = {block: at for at, block in enumerate(self._blocks)}
        above: _Written | None = None
        for block in self._blocks:
            resumed = block.section if block.section not in (block, above) else None
            section = positions[resumed] if resumed else None
            above = block.section
            yield Block(block.kind, start, start + len(block.text), anchor=block.anchor, section=section)
            start += len(block.text) + len("\n\n")


def collapsed(text: str) -> str:
    """`text` with runs of spaces made one, and no spaces around line ends."""
    return _LINE_ENDS.sub("\n", _SPACES.sub(" ", text)).strip()


def raised_digits(text: str) -> str:
    """A raised text; digits as raised signs, so that they join no word or number beside them."""
    return text.strip().translate(_RAISED) if text.strip().isdecimal() else text


def _listed(text: str) -> list[str]:
    """The items that lines of a text are, and what stands above them; the text itself if they are none."""
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and not mark_kind(line):
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts if sum(bool(mark_kind(part)) for part in parts) > 1 else [text]
