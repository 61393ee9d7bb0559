"""Glyphs of a page to its lines, in the order of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Final

from assemblybot.corpus.pdf.glyphs import Glyph, PageDirection, is_right_to_left, line_text

_COLUMN_GAP: Final = 1.2
_FEWEST_ROWS: Final = 4
_NARROWEST: Final = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line that wide gaps part from the others."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: where it stands and how it looks.

    `right_to_left` says from which side it is read; `column` tells columns of a page apart, and is
    empty for a line as wide as the page; `bullet` says whether a bullet is drawn in front of it;
    `cells` are its parts, from the left, where wide gaps part it.
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
    column: tuple[int, ...] = ()
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


@dataclass(frozen=True, slots=True)
class Segment:
    """Glyphs of a row that no wide gap parts."""

    glyphs: list[Glyph]
    x0: float
    x1: float


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
    parts: list[list[Glyph]] = []
    end = 0.0
    for glyph in sorted((g for g in row if g.text.strip()), key=lambda g: g.x0):
        if not parts or glyph.x0 - end > _COLUMN_GAP * glyph.size:
            parts.append([])
            end = glyph.x1
        parts[-1].append(glyph)
        end = max(end, glyph.x1)
    found = [Segment(part, min(g.x0 for g in part), max(g.x1 for g in part)) for part in parts]
    for space in (glyph for glyph in row if not glyph.text.strip()):
        if within := next((part for part in found if part.x0 <= space.x0 and space.x1 <= part.x1), None):
            within.glyphs.append(space)
    return found


def page_lines(glyphs: Iterable[Glyph], page: int, direction: PageDirection) -> list[Line]:
    """The lines of a page, column after column, from the side of reading."""
    split = [parts for row in rows(glyphs) if (parts := segments(row))]
    lines = _ordered(split, (), direction is not PageDirection.LEFT_TO_RIGHT)
    return [_line(parts, page, column, direction) for parts, column in lines]


_Row = list[Segment]
_Column = tuple[int, ...]


def _ordered(split: list[_Row], column: _Column, right_to_left: bool) -> Iterator[tuple[_Row, _Column]]:
    """The parts of each line, with its column."""
    gutter = _gutter(split)
    if gutter is None:
        yield from ((row, column) for row in split)
        return
    bands = groupby(split, key=lambda row: any(part.x0 < gutter < part.x1 for part in row))
    for number, (over_both, band) in enumerate(bands):
        if over_both:
            yield from ((row, column) for row in band)
            continue
        both = list(band)
        left = [[part for part in row if part.x1 <= gutter] for row in both]
        right = [[part for part in row if part.x0 >= gutter] for row in both]
        for side, halves in enumerate((right, left) if right_to_left else (left, right)):
            yield from _ordered(list(filter(None, halves)), (*column, number, side), right_to_left)


def _gutter(split: list[_Row]) -> float | None:
    """The middle of the gap that parts two columns of running text; none on most pages."""
    gaps: list[tuple[float, float]] = []
    for row in split:
        for at in range(1, len(row)):
            if all(sum(len(part.glyphs) for part in side) >= _NARROWEST for side in (row[:at], row[at:])):
                gaps.append((row[at - 1].x1, row[at].x0))
    if len(gaps) < _FEWEST_ROWS:
        return None
    votes = Counter(round((left + right) / 2 / 4) for left, right in gaps)
    best = max(votes, key=lambda vote: (sum(votes[vote + d] for d in (-2, -1, 0, 1, 2)), -vote)) * 4.0
    agreeing = [gap for gap in gaps if gap[0] <= best <= gap[1]]
    if len(agreeing) < max(_FEWEST_ROWS, len(split) / 6):
        return None
    return (max(gap[0] for gap in agreeing) + min(gap[1] for gap in agreeing)) / 2


def _line(parts: _Row, page: int, column: _Column, direction: PageDirection) -> Line:
    glyphs = [glyph for part in parts for glyph in part.glyphs]
    bases = [g for g in glyphs if not g.is_mark and g.text.strip()] or glyphs
    text = line_text(glyphs, direction)
    cells = [Cell(line_text(part.glyphs, direction), part.x0, part.x1) for part in parts]
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
        right_to_left=is_right_to_left(text) and direction is not PageDirection.BACKWARDS,
        column=column,
        cells=tuple(cells) if len(cells) > 1 else (),
    )
