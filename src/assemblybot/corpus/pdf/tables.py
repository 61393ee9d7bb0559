"""Tables of a page: drawn with lines, or told by cells that stand one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from assemblybot.corpus.pdf.glyphs import Direction, Glyph, is_right_to_left, line_text
from assemblybot.corpus.pdf.lines import Cell, Line, rows

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

FEWEST_EDGES: Final = 3
MOST_EDGES: Final = 3_000
_FEWEST_ALIGNED: Final = 3
_LONGEST_ALIGNED: Final = 60
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """The texts of a table, row by row, and where it stands."""

    box: Box
    cells: tuple[tuple[str, ...], ...]
    bold_first: bool


def find_grids(page: Page, glyphs: Sequence[Glyph], direction: Direction) -> list[Grid]:
    """The tables of a page that have rows and columns; frames round text are none."""
    grids = (_grid(table, glyphs, direction) for table in page.find_tables())
    return [grid for grid in grids if grid is not None]


def aligned_grids(lines: Sequence[Line]) -> Iterator[tuple[int, int, Grid]]:
    """Tables without lines: where they begin and end in `lines`, and their cells."""
    start = 0
    while start < len(lines):
        end = start
        columns: list[Cell] = []
        while end < len(lines) and (found := _fitting(columns, lines, start, end)):
            columns = found
            end += 1
        if end - start >= _FEWEST_ALIGNED and len(columns) > 1:
            yield start, end, _aligned(lines[start:end], columns)
        start = max(end, start + 1)


def _fitting(columns: list[Cell], lines: Sequence[Line], start: int, at: int) -> list[Cell]:
    """The columns, widened by the cells of one more line; nothing when it does not fit."""
    line = lines[at]
    if not line.cells or any(len(cell.text) > _LONGEST_ALIGNED for cell in line.cells):
        return []
    if at > start:
        above = lines[at - 1]
        if above.page != line.page or not 0 < line.top - above.top < 3.5 * line.size:
            return []
    widened = list(columns or line.cells)
    for cell in line.cells:
        over = [i for i, column in enumerate(widened) if cell.x0 < column.x1 and column.x0 < cell.x1]
        if len(over) != 1:
            return []
        column = widened[over[0]]
        widened[over[0]] = Cell(column.text, min(column.x0, cell.x0), max(column.x1, cell.x1))
    apart = all(left.x1 < right.x0 for left, right in pairwise(widened))
    return widened if apart else []


def _aligned(lines: Sequence[Line], columns: Sequence[Cell]) -> Grid:
    texts: list[tuple[str, ...]] = []
    right_to_left = is_right_to_left(" ".join(line.text for line in lines))
    for line in lines:
        row = [
            " ".join(cell.text for cell in line.cells if cell.x0 < column.x1 and column.x0 < cell.x1)
            for column in columns
        ]
        texts.append(tuple(row[::-1] if right_to_left else row))
    first, last = lines[0], lines[-1]
    box = columns[0].x0, first.top, columns[-1].x1, last.bottom
    return Grid(box, tuple(texts), first.bold and not last.bold)


def inside(glyph: Glyph, box: Box) -> bool:
    """Whether the middle of a glyph lies in a box."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _grid(table: Table, glyphs: Sequence[Glyph], direction: Direction) -> Grid | None:
    own = [glyph for glyph in glyphs if inside(glyph, table.bbox)]
    cells = [[_in_cell(cell, own) for cell in row.cells] for row in table.rows]
    texts = [[_cell_text(cell, direction) for cell in row] for row in cells]
    filled = [row for row in texts if any(row)]
    if len(filled) < 2 or sum(1 for row in filled if sum(map(bool, row)) > 1) < 2:
        return None
    if is_right_to_left(" ".join(text for row in filled for text in row)):
        filled = [row[::-1] for row in filled]
    first = [glyph for cell in cells[0] for glyph in cell if glyph.text.strip()]
    return Grid(table.bbox, tuple(map(tuple, filled)), bool(first) and all(glyph.bold for glyph in first))


def _in_cell(cell: Box | None, glyphs: Sequence[Glyph]) -> list[Glyph]:
    return [glyph for glyph in glyphs if inside(glyph, cell)] if cell else []


def _cell_text(glyphs: Sequence[Glyph], direction: Direction) -> str:
    return " ".join(line_text(row, direction) for row in rows(glyphs)).strip()
