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

from assemblybot.corpus.boilerplate import web_tail
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.encodings import decode
from assemblybot.corpus.extract import Block, Extract, check_length, introduced
from assemblybot.corpus.structure import (
    ENDS_SENTENCE,
    LIST_MARK,
    is_division,
    is_heading,
    is_question,
    is_short,
    mark_kind,
    table_runs,
)
from assemblybot.errors import DocumentReadError
from assemblybot.text.divisions import division_end
from assemblybot.text.sentences import Span, trim

_LONGEST_TITLE: Final = 200
_MOST_LINES: Final = 20_000
_BYLINE_WITHIN: Final = 4
_BYLINE = re.compile(
    r"(?:بقلم|كتبه|كتبته|كتب|إعداد|تحرير|by|written by|par|por|escrito por)\s*:?\s+\S", re.IGNORECASE
)
_LOOKS_BACK = re.compile(
    r"(?:و?(?:هذه|هذا|هؤلاء|تلك|ذلك|إذا|إن|وبهذا|بهذا)|th(?:is|ese|ose|at)|if|in short|ce(?:s|la|tte|t)?|si"
    r"|est(?:os|as|e|a|o))\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _List:
    """A list being read: what introduces it, how its items are marked, how they end."""

    lead_in: int
    mark: str | None = None
    longest: int = 0
    last_end: str = ""
    separated: bool = False

    def take(self, item: str) -> None:
        """One more item."""
        self.mark = self.mark or mark_kind(item)
        self.longest = max(self.longest, len(item))
        self.last_end = item[-1]
        self.separated = self.separated or item[-1] in "؛;،,"

    def continues(self, block: str) -> bool:
        """Whether `block` is one more item."""
        if not self.longest:
            return True
        if self.mark:
            return mark_kind(block) == self.mark
        if self.separated:
            return self.last_end in "؛;،,"
        if _LOOKS_BACK.match(block) or block.endswith(":"):
            return False
        if self.last_end in ".!؟?" and is_heading(block):
            return False
        return len(block) <= max(250, 2.5 * self.longest)


def extract(data: bytes) -> Extract:
    """Blocks of plain text; a web page's tail is left out and told."""
    text, notes = decode(data)
    check_length(len(text))
    spans = [span for span in _lines(text) if any(map(str.isalnum, span.slice(text)))]
    if len(spans) > _MOST_LINES:
        raise DocumentReadError(
            f"The text has more than {_MOST_LINES:,} lines or paragraphs. Split the file and add the parts."
        )
    tail = web_tail([span.slice(text) for span in spans])
    left_out: tuple[str, ...] = ()
    if tail < len(spans):
        label = shorten(spans[tail].slice(text), 40, placeholder="…")
        left_out = (f"the tail of a web page, from “{label}” on",)
    spans = [part for span in spans[:tail] for part in _divided(text, span)]
    kinds = _classify([span.slice(text) for span in spans])
    blocks = [
        Block(kind, span.start, span.end, lead_in) for span, (kind, lead_in) in zip(spans, kinds, strict=True)
    ]
    return Extract(text, introduced(text, blocks), None, left_out, notes)


def _lines(text: str) -> list[Span]:
    """Spans of the lines, or of the paragraphs where lines break at a column."""
    ends = r"\n[ \t\r]*\n\s*|\f|\Z" if _is_wrapped(text) else r"[\n\r\f\x85\u2028\u2029]+|\Z"
    spans: list[Span] = []
    start = 0
    for match in re.finditer(ends, text):
        if span := trim(text, start, match.start()):
            spans.append(span)
        start = match.end()
    return _with_indented(text, spans)


def _with_indented(text: str, spans: Sequence[Span]) -> list[Span]:
    """Each list item with the lines below it that are set in farther than its mark."""
    whole: list[Span] = []
    for span in spans:
        item = whole[-1] if whole else None
        if item and LIST_MARK.match(text, item.start) and not LIST_MARK.match(text, span.start):
            lines = text.count("\n", item.end, span.start)
            mark, indent = (at.start - text.rfind("\n", 0, at.start) for at in (item, span))
            if lines == 1 and indent > mark:
                whole[-1] = Span(item.start, span.end)
                continue
        whole.append(span)
    return whole


def _divided(text: str, span: Span) -> list[Span]:
    """“Article 14. Everyone may …” as heading and text."""
    block = span.slice(text)
    end = span.start + (0 if is_division(block) else division_end(block))
    return [part for part in (trim(text, span.start, end), trim(text, end, span.end)) if part]


def _is_wrapped(text: str) -> bool:
    """True when lines break at a column (plain-text mail), so that blank lines part blocks."""
    groups = [group.split("\n") for group in re.split(r"\n[ \t\r]*\n", text)]
    inner = [line.rstrip() for group in groups for line in group[:-1] if line.strip()]
    if len(inner) < 3 or sum(len(group) > 1 for group in groups) < len(groups) / 3:
        return False
    if sum(bool(LIST_MARK.match(line.lstrip())) for line in inner) > len(inner) / 2:
        return False
    open_ended = sum(not line.endswith(ENDS_SENTENCE) and 40 <= len(line) <= 130 for line in inner)
    return open_ended / len(inner) > 0.6


def _classify(blocks: Sequence[str]) -> list[tuple[PassageKind, int | None]]:
    """Kind of each block and, for an item, the position of its lead-in."""
    kinds: list[tuple[PassageKind, int | None]] = []
    current: _List | None = None
    rows = dict(_table_kinds(blocks))
    for i, block in enumerate(blocks):
        if i not in rows and current and not division_end(block) and current.continues(block):
            current.take(block)
            kinds.append((PassageKind.ITEM, current.lead_in))
            continue
        kind = rows.get(i) or _kind(blocks, i)
        current = _List(lead_in=i) if kind is PassageKind.LEAD_IN else None
        kinds.append((kind, None))
    return kinds


def _kind(blocks: Sequence[str], i: int) -> PassageKind:
    """The kind of a block that is no row of a table and goes on with no list."""
    block = blocks[i]
    has_next = i + 1 < len(blocks)
    if i == 0 and len(block) <= _LONGEST_TITLE and "\n" not in block and not block.endswith(ENDS_SENTENCE):
        return PassageKind.TITLE
    if i < _BYLINE_WITHIN and is_short(block) and _BYLINE.match(block):
        return PassageKind.BYLINE
    if has_next and division_end(block) == len(block):
        return PassageKind.HEADING
    if has_next and block.endswith(":"):
        return PassageKind.LEAD_IN
    if mark_kind(block) and not _is_numbered_heading(blocks, i):
        return PassageKind.ITEM
    if has_next and is_heading(block) and not (is_question(block) and is_question(blocks[i + 1])):
        return PassageKind.HEADING
    return PassageKind.PARAGRAPH


def _table_kinds(blocks: Sequence[str]) -> Iterator[tuple[int, PassageKind]]:
    """The kinds of lines that are rows of tables: items, introduced by the names of their columns."""
    for run in table_runs(blocks):
        digits = [any(map(str.isdigit, blocks[at])) for at in run]
        for at in run:
            names = at == run.start and not digits[0] and any(digits)
            yield at, PassageKind.PARAGRAPH if names else PassageKind.ITEM


def _is_numbered_heading(blocks: Sequence[str], i: int) -> bool:
    """Whether a line such as “3. Where we worked” has no numbered line next to it: then it is no item."""
    block, *neighbours = blocks[i], *blocks[max(i - 1, 0) : i], *blocks[i + 1 : i + 2]
    alone = mark_kind(block) == "number" and all(mark_kind(other) != "number" for other in neighbours)
    return alone and is_short(block) and not block.endswith(ENDS_SENTENCE)
