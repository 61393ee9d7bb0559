"""Plain text to blocks: what is a title, a heading, a lead-in, a list item, a paragraph.

Works on plain lines, because that is all an article pasted from a page has: lists are told by
their marks, or by a lead-in that ends in a colon and the punctuation of what follows it. The text
stays as it is in the file, so offsets are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import Block, Extract, check_length, introduced
from assemblybot.corpus.formats.boilerplate import web_tail
from assemblybot.corpus.formats.byline import BYLINE_WITHIN, author_of, is_byline
from assemblybot.corpus.formats.encodings import decode
from assemblybot.corpus.formats.lines import Line, lines_of
from assemblybot.corpus.formats.mail import head_of
from assemblybot.corpus.structure import (
    ENDS_SENTENCE,
    FIELD,
    LIST_MARK,
    STAMP,
    is_division,
    is_heading,
    is_question,
    is_short,
    mark_kind,
    table_runs,
)
from assemblybot.errors import DocumentReadError
from assemblybot.text.divisions import division_end
from assemblybot.text.sentences import trim

_LONGEST_TITLE: Final = 200
_MOST_LINES: Final = 20_000
_LOOKS_BACK = re.compile(
    r"(?:و?(?:هذه|هذا|هؤلاء|تلك|ذلك|إذا|إن|وبهذا|بهذا)|th(?:is|ese|ose|at)|if|in short|ce(?:s|la|tte|t)?|si"
    r"|est(?:os|as|e|a|o))\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _List:
    """A list being read: what introduces it, how its items are marked, how they end.

    `tight` says that its items stand one right below the other.
    """

    lead_in: int
    mark: str | None = None
    longest: int = 0
    last_end: str = ""
    separated: bool = False
    tight: bool = False

    def take(self, line: Line) -> None:
        """One more item."""
        item = line.text
        self.tight = self.tight or (self.longest > 0 and not line.gap)
        self.mark = self.mark or mark_kind(item)
        self.longest = max(self.longest, len(item))
        self.last_end = item[-1]
        self.separated = self.separated or item[-1] in "؛;،,"

    def continues(self, line: Line) -> bool:
        """Whether `line` is one more item."""
        block = line.text
        if not self.longest:
            return True
        if self.mark:
            return mark_kind(block) == self.mark
        if self.separated:
            return self.last_end in "؛;،,"
        if (self.tight and line.gap) or _LOOKS_BACK.match(block) or block.endswith(":"):
            return False
        if self.last_end in ".!؟?" and is_heading(block):
            return False
        return len(block) <= max(250, 2.5 * self.longest)


def extract(data: bytes) -> Extract:
    """Blocks of plain text; the tail of a web page is left out, and said so."""
    text, notes = decode(data)
    check_length(len(text))
    lines = lines_of(text)
    if len(lines) > _MOST_LINES:
        raise DocumentReadError(
            f"The text has more than {_MOST_LINES:,} lines or paragraphs. Split the file and add the parts."
        )
    tail = web_tail([line.text for line in lines])
    head = head_of(lines[:tail])
    left_out = []
    if head.technical:
        left_out.append(f"technical lines of the head of the letter ({len(head.technical)})")
    if tail < len(lines):
        label = shorten(lines[tail].text, 40, placeholder="…")
        left_out.append(f"the tail of a web page, from “{label}” on")
    lines = [
        part
        for at, line in enumerate(lines[:tail])
        if at not in head.technical
        for part in _divided(text, line)
    ]
    kinds = _classify(lines, head.length - len(head.technical))
    blocks = [
        Block(kind, line.span.start, line.span.end, lead_in)
        for line, (kind, lead_in) in zip(lines, kinds, strict=True)
    ]
    bylines = [line.text for line, (kind, _) in zip(lines, kinds, strict=True) if kind is PassageKind.BYLINE]
    author = head.author or next(filter(None, map(author_of, bylines)), None)
    return Extract(text, introduced(text, blocks), head.title, tuple(left_out), notes, author, head.day)


def _divided(text: str, line: Line) -> list[Line]:
    """“Article 14. Everyone may …” as heading and text."""
    end = line.span.start + (0 if is_division(line.text) else division_end(line.text))
    parts = [part for part in (trim(text, line.span.start, end), trim(text, end, line.span.end)) if part]
    return [Line(part, part.slice(text), line.gap and part is parts[0]) for part in parts]


def _classify(lines: Sequence[Line], head: int) -> list[tuple[PassageKind, int | None]]:
    """Kind of each line below the `head` of a letter and, for an item, the position of its lead-in."""
    kinds: list[tuple[PassageKind, int | None]] = [(PassageKind.PARAGRAPH, None)] * head
    current: _List | None = None
    rows, fields = dict(_table_kinds(lines)), dict(_field_kinds(lines))
    for i, line in enumerate(lines[head:], start=head):
        ends_list = bool(division_end(line.text)) or _is_above_text(lines, i)
        if i not in rows and current and not ends_list and current.continues(line):
            current.take(line)
            kinds.append((PassageKind.ITEM, current.lead_in))
            continue
        kind = rows.get(i) or fields.get(i) or _kind(lines, i)
        current = _List(lead_in=i) if kind is PassageKind.LEAD_IN else None
        kinds.append((kind, None))
    return kinds


def _kind(lines: Sequence[Line], i: int) -> PassageKind:
    """The kind of a line that neither its marks nor its neighbours tell, and that goes on with no list."""
    line = lines[i].text
    has_next = i + 1 < len(lines)
    if i == 0 and _is_title(line):
        return PassageKind.TITLE
    if i < BYLINE_WITHIN and is_byline(line):
        return PassageKind.BYLINE
    if has_next and division_end(line) == len(line):
        return PassageKind.HEADING
    if has_next and line.endswith(":"):
        return PassageKind.LEAD_IN
    if mark_kind(line) and not _is_numbered_heading(lines, i):
        return PassageKind.ITEM
    if has_next and is_heading(line) and not (is_question(line) and is_question(lines[i + 1].text)):
        return PassageKind.PARAGRAPH if _is_among_short(lines, i) else PassageKind.HEADING
    return PassageKind.PARAGRAPH


def _table_kinds(lines: Sequence[Line]) -> Iterator[tuple[int, PassageKind]]:
    """The kinds of lines that are rows of tables: items, introduced by the names of their columns."""
    for run in table_runs([line.text for line in lines], [line.gap for line in lines]):
        digits = [any(map(str.isdigit, lines[at].text)) for at in run]
        for at in run:
            names = at == run.start and not digits[0] and any(digits)
            yield at, PassageKind.PARAGRAPH if names else PassageKind.ITEM


def _field_kinds(lines: Sequence[Line]) -> Iterator[tuple[int, PassageKind]]:
    """The kinds of lines such as “Date: 3 May” next to each other, of messages, and of a programme."""
    for at, line in enumerate(lines):
        if LIST_MARK.match(line.text) or (is_question(line.text) and not STAMP.match(line.text)):
            continue
        stamp = STAMP.match(line.text)
        beside = [lines[at - 1]] if at and not line.gap else []
        beside += [below for below in lines[at + 1 : at + 2] if not below.gap]
        if FIELD.match(line.text) and any(FIELD.match(other.text) for other in beside):
            yield at, PassageKind.PARAGRAPH
        elif stamp and stamp["time"] and any(STAMP.match(other.text) for other in beside):
            yield at, PassageKind.ITEM
        elif stamp:
            yield at, PassageKind.PARAGRAPH


def _is_among_short(lines: Sequence[Line], i: int) -> bool:
    """Whether a short line is one of several together, such as names or an address, and not the first."""
    if not i or lines[i].gap or division_end(lines[i - 1].text):
        return False
    below = lines[i + 1]
    if below.gap:
        return True
    return is_heading(lines[i - 1].text) and is_short(below.text) and not below.text.endswith(ENDS_SENTENCE)


def _is_title(line: str) -> bool:
    is_line = len(line) <= _LONGEST_TITLE and "\n" not in line and any(map(str.isalpha, line))
    return is_line and not line.endswith(ENDS_SENTENCE)


def _is_above_text(lines: Sequence[Line], i: int) -> bool:
    """Whether a line such as “3. Where we worked” has its text right below and a gap above."""
    below = lines[i + 1 : i + 2]
    close = bool(below) and lines[i].gap and not below[0].gap and not mark_kind(below[0].text)
    return close and _is_numbered_heading(lines, i)


def _is_numbered_heading(lines: Sequence[Line], i: int) -> bool:
    """Whether a line such as “3. Where we worked” has no numbered line next to it: then it is no item."""
    line, *beside = (at.text for at in (lines[i], *lines[max(i - 1, 0) : i], *lines[i + 1 : i + 2]))
    alone = mark_kind(line) == "number" and all(mark_kind(other) != "number" for other in beside)
    return alone and is_short(line) and not line.endswith(ENDS_SENTENCE)
