"""Lines of plain text, and which of them belong together: wrapped prose, quoted mail, items, messages.

The text stays as it is, so a line is a span of it; one that goes on in lines below spans them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from assemblybot.corpus.structure import ENDS_PARAGRAPH, FIELD, LIST_MARK, STAMP
from assemblybot.text.divisions import division_end
from assemblybot.text.sentences import Span, trim

_LINE_END = re.compile(r"\r\n|[\n\r\f\x85\u2028\u2029]|\Z")
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S|\|")
_HYPHEN = re.compile(r"[^\W\d_][-\u00ad]$")
#: Prose breaks at a column between these, in characters.
_NARROWEST: Final = 45
_WIDEST: Final = 130
_SHORTEST: Final = 40
#: A line is full where the first word of the next would have passed this share of the column.
_FULL: Final = 0.85
_FEWEST_BREAKS: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is that of the span; `gap` says that nothing but an empty or ruled line stands just above it."""

    span: Span
    text: str
    gap: bool


def lines_of(text: str) -> list[Line]:
    """The lines with letters or digits, each with those below that it goes on in."""
    lines = list(_physical(text))
    width = _column(lines)
    has_stamps = sum(bool(STAMP.match(line.text)) for line in lines) > len(lines) / 3
    runs: list[list[Line]] = []
    for line in lines:
        first, above = (runs[-1][0], runs[-1][-1]) if runs else (None, None)
        if first and above and not line.gap:
            quoted = first.text.startswith(">") and line.text.startswith(">")
            unmarked = has_stamps and bool(STAMP.match(first.text))
            goes_on = unmarked or _is_full(above, line, width) or _is_set_in(text, first, line)
            if quoted or (goes_on and not _begins(above.text, line.text)):
                runs[-1].append(line)
                continue
        runs.append([line])
    return [_joined(text, run) for run in runs]


def _joined(text: str, run: Sequence[Line]) -> Line:
    if len(run) == 1:
        return run[0]
    span = Span(run[0].span.start, run[-1].span.end)
    return replace(run[0], span=span, text=span.slice(text))


def _physical(text: str) -> Iterator[Line]:
    start, gap = 0, True
    for end in _LINE_END.finditer(text):
        span = trim(text, start, end.start())
        if span and any(map(str.isalnum, line := span.slice(text))):
            yield Line(span, line, gap)
            gap = end.group() == "\f"
        else:
            gap = True
        start = end.end()


def _begins(above: str, line: str) -> bool:
    """Whether a line says by its first characters that it does not go on with the one above."""
    if FIELD.match(above) and FIELD.match(line):
        return True
    return bool(LIST_MARK.match(line) or STAMP.match(line) or line.startswith(">") or division_end(line))


def _is_set_in(text: str, item: Line, line: Line) -> bool:
    """Whether a line below an item is set in farther than its mark."""
    mark, indent = (at.span.start - text.rfind("\n", 0, at.span.start) for at in (item, line))
    return bool(LIST_MARK.match(item.text)) and indent > mark


def _column(lines: Sequence[Line]) -> float:
    """The column at which the lines of prose break; 0 where they do not break at one."""
    breaks = [
        (above, below)
        for above, below in pairwise(lines)
        if not below.gap and len(above.text) >= _SHORTEST and not _begins(above.text, below.text)
    ]
    if len(breaks) < _FEWEST_BREAKS:
        return 0
    lengths = sorted(len(above.text) for above, _ in breaks)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = [(above, below) for above, below in breaks if _is_full(above, below, width)]
    within = [below for above, below in full if not above.text.endswith(ENDS_PARAGRAPH)]
    small = [below for below in within if not below.text[0].isupper()]
    return width if len(full) > len(breaks) / 2 and len(small) > len(full) / 3 else 0


def _is_full(above: Line, below: Line, width: float) -> bool:
    """Whether a line broke because the first word of the next did not fit."""
    if not width or _COLUMNS.search(f"{above.text}\n{below.text}"):
        return False
    if _HYPHEN.search(above.text) and below.text[0].islower():
        return True
    if len(above.text) < _SHORTEST:
        return False
    return len(above.text) + 1 + len(below.text.split(maxsplit=1)[0]) >= _FULL * width
