"""Glyphs of a page to its lines, in the order of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from assemblybot.corpus.pdf.glyphs import Direction, Glyph, is_right_to_left, line_text

_COLUMN_GAP: Final = 1.2
_FEWEST_ROWS: Final = 4
_NARROWEST_COLUMN: Final = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line that wide gaps part from the others."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: where it stands and how it looks.

    `right_to_left` says from which side it is read; `column` tells columns of a page apart;
    `bullet` whether a bullet is drawn in front of it; `cells` are its parts, from the left, where
    wide gaps part it.
    """

    text: str
    page: int
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    right_to_left: bool
    column: int = 0
    bullet: bool = False
    cells: tuple[Cell, ...] = ()

    @property
    def begins(self) -> float:
        """How far from the side of reading it begins; smaller is nearer."""
        return -self.x1 if self.right_to_left else self.x0

    @property
    def ends(self) -> float:
        """How far it reaches in the direction of reading."""
        return -self.x0 if self.right_to_left else self.x1


Segment = list[Glyph]


def rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by the lines on which they stand, from the top; marks stay with their line."""
    found: list[list[Glyph]] = []
    baselines: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.bottom, g.x0)):
        middle = (glyph.top + glyph.bottom) / 2
        for at in range(len(found) - 1, max(len(found) - 4, -1), -1):
            top, bottom = baselines[at]
            overlap = min(bottom, glyph.bottom) - max(top, glyph.top)
            if top <= middle <= bottom or overlap > 0.6 * min(bottom - top, glyph.bottom - glyph.top):
                found[at].append(glyph)
                if not glyph.is_mark:
                    baselines[at] = (min(top, glyph.top), max(bottom, glyph.bottom))
                break
        else:
            found.append([glyph])
            baselines.append((glyph.top, glyph.bottom))
    return sorted(found, key=lambda row: median(g.bottom for g in row))


def segments(row: Sequence[Glyph]) -> list[Segment]:
    """The parts of a row that wide gaps part."""
    parts: list[Segment] = []
    end = 0.0
    for glyph in sorted((g for g in row if g.text.strip()), key=lambda g: g.x0):
        if parts and glyph.x0 - end <= _COLUMN_GAP * glyph.size:
            parts[-1].append(glyph)
            end = max(end, glyph.x1)
        else:
            parts.append([glyph])
            end = glyph.x1
    spans = [(_left(part), _right(part)) for part in parts]
    for glyph in row:
        if not glyph.text.strip():
            for part, (left, right) in zip(parts, spans, strict=True):
                if left <= glyph.x0 and glyph.x1 <= right:
                    part.append(glyph)
                    break
    return parts


def page_lines(
    glyphs: Iterable[Glyph], page: int, direction: Direction = Direction.LEFT_TO_RIGHT
) -> list[Line]:
    """The lines of a page, column after column, from the side of reading."""
    split = [segments(row) for row in rows(glyphs)]
    split = [row for row in split if row]
    lines = _ordered(split, 0, direction is not Direction.LEFT_TO_RIGHT)
    return [_line(parts, page, column, direction) for parts, column in lines]


_Ordered = list[tuple[list[Glyph], int]]


def _ordered(split: list[list[Segment]], column: int, right_to_left: bool) -> _Ordered:
    """The glyphs of each line, with the number of its column."""
    gutter = _gutter(split)
    if gutter is None:
        return [([g for part in row for g in part], column) for row in split if row]
    lines: _Ordered = []
    band: list[list[Segment]] = []
    for row in split:
        if any(_left(part) < gutter < _right(part) for part in row):
            lines += _columns(band, gutter, column + 10 * len(lines), right_to_left)
            band = []
            lines.append(([g for part in row for g in part], column))
        else:
            band.append(row)
    return lines + _columns(band, gutter, column + 10 * len(lines), right_to_left)


def _columns(band: list[list[Segment]], gutter: float, column: int, right_to_left: bool) -> _Ordered:
    if not band:
        return []
    left = [part for row in band if (part := [s for s in row if _right(s) <= gutter])]
    right = [part for row in band if (part := [s for s in row if _left(s) >= gutter])]
    first, second = (right, left) if right_to_left else (left, right)
    return [
        *_ordered(first, 10 * column + 1, right_to_left),
        *_ordered(second, 10 * column + 2, right_to_left),
    ]


def _gutter(split: list[list[Segment]]) -> float | None:
    """The middle of the gap that parts two columns of running text; none on most pages."""
    gaps: list[tuple[float, float]] = []
    for row in split:
        for before, after in pairwise(row):
            sides = row[: row.index(after)], row[row.index(after) :]
            if all(sum(len(part) for part in side) >= _NARROWEST_COLUMN for side in sides):
                gaps.append((_right(before), _left(after)))
    if len(gaps) < _FEWEST_ROWS:
        return None
    votes = Counter(round((left + right) / 2 / 4) for left, right in gaps)
    best = max(votes, key=lambda vote: (sum(votes[vote + d] for d in (-2, -1, 0, 1, 2)), -vote)) * 4.0
    agreeing = [gap for gap in gaps if gap[0] <= best <= gap[1]]
    if len(agreeing) < max(_FEWEST_ROWS, len(split) / 6):
        return None
    return (max(gap[0] for gap in agreeing) + min(gap[1] for gap in agreeing)) / 2


def _left(part: Segment) -> float:
    return min(glyph.x0 for glyph in part)


def _right(part: Segment) -> float:
    return max(glyph.x1 for glyph in part)


def _line(glyphs: Sequence[Glyph], page: int, column: int, direction: Direction) -> Line:
    bases = [g for g in glyphs if not g.is_mark and g.text.strip()] or list(glyphs)
    text = line_text(glyphs, direction)
    parts = segments(glyphs)
    cells = [Cell(line_text(part, direction), _left(part), _right(part)) for part in parts]
    sizes = Counter(round(g.size, 1) for g in bases)
    return Line(
        text=text,
        page=page,
        x0=min(g.x0 for g in bases),
        x1=max(g.x1 for g in bases),
        top=median(g.top for g in bases),
        bottom=median(g.bottom for g in bases),
        size=max(sizes, key=lambda size: (sizes[size], size)),
        bold=sum(g.bold for g in bases) * 10 >= len(bases) * 9,
        right_to_left=is_right_to_left(text) and direction is not Direction.BACKWARDS,
        column=column,
        cells=tuple(cells) if len(cells) > 1 else (),
    )
