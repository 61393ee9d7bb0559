"""What every reader returns, the text of a file and its blocks; and the builder it writes them with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.numbering import BULLET, numeral
from assemblybot.corpus.structure import ENDS_PARAGRAPH, is_division, list_mark, mark_kind
from assemblybot.errors import DocumentReadError
from assemblybot.text.arabic import arabic_share
from assemblybot.text.divisions import division_end

_LONGEST_TEXT: Final = 5_000_000
_LONGEST_INTRODUCTION: Final = 200
# A caption may end as a sentence does: “Depths by port.”
_LONGEST_CAPTION: Final = 40
_ABOVE_LISTS: Final = (PassageKind.PARAGRAPH, PassageKind.HEADING)
# A longer table or list is never cited as a whole, so nothing introduces it.
_MOST_ITEMS: Final = 40
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n\s*")
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


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


@dataclass(slots=True)
class _Written:
    kind: PassageKind
    text: str
    anchor: str | None
    by_look: bool = False
    section: _Written | None = None


#: A place in a text, as `ExtractBuilder.place` gives it.
Place = _Written | None


@dataclass(slots=True)
class _List:
    """An open list: the number of its next item, none where it has bullets, and how numbers are written."""

    number: int | None = None
    form: str = "1"

    def next_mark(self, own: int | None) -> str:
        """The mark of the next item, which may have a number of its own."""
        if self.number is None:
            return BULLET
        number = self.number if own is None else own
        self.number = number + 1
        return f"{numeral(number, self.form)}. "


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
        self._lists: list[_List] = []
        self._items: list[_Item] = []
        self._term = ""
        self._is_defined = False
        self._term_is_due = False
        self._place: Place = None
        self._resumes = False

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
            self._place = block
        elif self._resumes:
            block.section = self._place
        self._resumes = False
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

    @property
    def place(self) -> Place:
        """The heading or title whose section this is, if any."""
        return self._place

    def resume(self, place: Place) -> None:
        """Go on with the section of a place above."""
        self._place, self._resumes = place, True

    def text(self, text: str, *, verbatim: bool = False) -> None:
        """Append a text where it stands: in an open item or definition, or as a paragraph."""
        if not text.strip():
            return
        item = self._items[-1] if self._items else None
        if item and item.mark is not None:
            self.add(PassageKind.ITEM, item.mark + collapsed(text))
            item.mark, item.block = None, self._blocks[-1]
            return
        if not verbatim and (term := self._take_term()):
            text = f"{term}: {collapsed(text)}"
        if item and item.block and item.block is self._blocks[-1]:
            item.block.text += "\n" + collapsed(text)
        else:
            self.add(PassageKind.ITEM if item else PassageKind.PARAGRAPH, text, verbatim=verbatim)

    def begin_list(self, first: int | None = None, form: str = "1") -> None:
        """Begin a list that counts from `first` in digits, letters or Roman numerals, or has bullets."""
        self._lists.append(_List(first, form))

    def end_list(self) -> None:
        """End the innermost list."""
        self._lists.pop()

    def begin_item(self, own: str | int | None = None) -> None:
        """Begin an item of the innermost list, with a mark or number of its own or the next of the list."""
        if not isinstance(own, str):
            innermost = self._lists[-1] if self._lists else _List()
            own = innermost.next_mark(own)
        self._items.append(_Item(own))

    def end_item(self) -> None:
        """End the innermost item."""
        self._items.pop()

    @property
    def in_item(self) -> bool:
        """Whether a list item is open."""
        return bool(self._items)

    def term(self, text: str) -> None:
        """Take a term, which stands before each of its definitions; several in a row share them.

        Where no text of a definition can take it, it is a paragraph of its own.
        """
        if self._is_defined:
            self.end_definitions()
        comma = "، " if arabic_share(self._term) >= 0.5 else ", "
        self._term = f"{self._term}{comma}{collapsed(text)}" if self._term else collapsed(text)
        self._term_is_due = bool(self._term)

    def begin_definition(self) -> None:
        """Begin a definition of the last terms."""
        self._is_defined = True
        self._term_is_due = bool(self._term)

    def end_definitions(self) -> None:
        """End what belongs to the last terms."""
        self.add(PassageKind.PARAGRAPH, self._take_term())
        self._term, self._is_defined = "", False

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
        text = "\n\n".join(block.text for block in self._blocks)
        blocks = introduced(text, list(self._placed()))
        title = collapsed(title or "") or None
        return Extract(text, blocks, title, tuple(self._left_out), tuple(notes), author, day)

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
        positions = {id(block): at for at, block in enumerate(self._blocks)}
        for block in self._blocks:
            section = positions[id(block.section)] if block.section else None
            yield Block(block.kind, start, start + len(block.text), anchor=block.anchor, section=section)
            start += len(block.text) + len("\n\n")


def check_length(length: int) -> None:
    """Raise DocumentReadError for more characters than one document may have."""
    if length > _LONGEST_TEXT:
        raise DocumentReadError(
            f"The text is longer than {_LONGEST_TEXT:,} characters. Split the file and add the parts."
        )


def collapsed(text: str) -> str:
    """`text` with runs of spaces made one, and no spaces around line ends."""
    return _LINE_ENDS.sub("\n", _SPACES.sub(" ", text)).strip()


def raised_digits(text: str) -> str:
    """A raised text; digits as raised signs, so that they join no word or number beside them."""
    return text.strip().translate(_RAISED) if text.strip().isdecimal() else text


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


def _listed(text: str) -> list[str]:
    """The items that lines of a text are, and what stands above them; the text itself if they are none."""
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and not mark_kind(line):
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts if sum(bool(mark_kind(part)) for part in parts) > 1 else [text]


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
