"""Glyphs of a page to its lines, in the order of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from assemblybot.corpus.formats.pdf.columns import Column, columns
from assemblybot.corpus.formats.pdf.glyphs import (
    Glyph,
    PageDirection,
    is_right_to_left,
    line_text,
    rows,
    with_raised_digits,
)
from assemblybot.corpus.structure import LIST_MARK

# In sizes of a letter.
_CELL_GAP: Final = 0.9
# Share of its letters that are bold in a line that counts as bold.
_BOLD: Final = 0.9
# Letters whose sizes differ by a smaller share are of one size; small print differs by more.
_SAME_SIZE: Final = 0.08
_SMALL_PRINT: Final = 0.93


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
    column: Column = ()
    bullet: bool = False
    cells: tuple[Cell, ...] = ()

    @property
    def begins(self) -> float:
        """How far from the side of reading it begins; smaller is nearer."""
        return -self.x1 if self.right_to_left else self.x0

    @property
    def begins_item(self) -> bool:
        """Whether a bullet is drawn in front of it, or it begins with a list mark."""
        return self.bullet or bool(LIST_MARK.match(self.text))

    @property
    def ends(self) -> float:
        """How far it reaches in the direction of reading."""
        return -self.x0 if self.right_to_left else self.x1

    def has_size(self, size: float) -> bool:
        """Whether its letters are of that size, up to what two fonts of one text may differ in."""
        return abs(self.size - size) <= _SAME_SIZE * size

    def is_smaller(self, size: float) -> bool:
        """Whether it is small print beside letters of that size."""
        return self.size < _SMALL_PRINT * size


def page_lines(glyphs: Sequence[Glyph], page: int, direction: PageDirection) -> list[Line]:
    """The lines of a page, column after column, from the side of reading."""
    return [
        _line(row, page, column, direction)
        for part, column in columns(glyphs, direction is not PageDirection.LEFT_TO_RIGHT)
        for row in rows(part)
        if any(glyph.text.strip() for glyph in row)
    ]


def _line(row: Sequence[Glyph], page: int, column: Column, direction: PageDirection) -> Line:
    glyphs = with_raised_digits(row)
    bases = [g for g in glyphs if not g.is_mark and g.text.strip()] or glyphs
    text = line_text(glyphs, direction)
    sizes = Counter(round(g.size, 1) for g in bases)
    return Line(
        text=text,
        page=page,
        x0=min(g.x0 for g in bases),
        x1=max(g.x1 for g in bases),
        top=median(g.top for g in bases),
        bottom=median(g.bottom for g in bases),
        size=max(sizes, key=lambda size: (sizes[size], size)),
        bold=sum(g.bold for g in bases) >= _BOLD * len(bases),
        right_to_left=is_right_to_left(text) and direction is not PageDirection.BACKWARDS,
        column=column,
        cells=_cells(glyphs, direction),
    )


def _cells(row: Sequence[Glyph], direction: PageDirection) -> tuple[Cell, ...]:
    """The parts of a row that wide gaps part; none of a row without any."""
    parts: list[list[Glyph]] = []
    end = 0.0
    for glyph in sorted((g for g in row if g.text.strip()), key=lambda g: g.x0):
        if not parts or glyph.x0 - end > _CELL_GAP * glyph.size:
            parts.append([])
            end = glyph.x1
        parts[-1].append(glyph)
        end = max(end, glyph.x1)
    if len(parts) < 2:
        return ()
    spaces = [glyph for glyph in row if not glyph.text.strip()]
    cells = []
    for part in parts:
        x0, x1 = min(g.x0 for g in part), max(g.x1 for g in part)
        within = [space for space in spaces if x0 <= space.x0 and space.x1 <= x1]
        cells.append(Cell(line_text([*part, *within], direction), x0, x1))
    return tuple(cells)
