"""Tables of a page that are drawn with lines, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assemblybot.corpus.pdf.glyphs import Glyph, is_right_to_left, line_text
from assemblybot.corpus.pdf.lines import rows

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

FEWEST_EDGES: Final = 3
MOST_EDGES: Final = 3_000
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """The texts of a table, row by row, and where it stands."""

    box: Box
    cells: tuple[tuple[str, ...], ...]
    bold_first: bool


def find_grids(page: Page, glyphs: Sequence[Glyph]) -> list[Grid]:
    """The tables of a page that have rows and columns; frames round text are none."""
    grids = (_grid(table, glyphs) for table in page.find_tables())
    return [grid for grid in grids if grid is not None]


def inside(glyph: Glyph, box: Box) -> bool:
    """Whether the middle of a glyph lies in a box."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _grid(table: Table, glyphs: Sequence[Glyph]) -> Grid | None:
    own = [glyph for glyph in glyphs if inside(glyph, table.bbox)]
    cells = [[_in_cell(cell, own) for cell in row.cells] for row in table.rows]
    texts = [[_cell_text(cell) for cell in row] for row in cells]
    filled = [row for row in texts if any(row)]
    if len(filled) < 2 or sum(1 for row in filled if sum(map(bool, row)) > 1) < 2:
        return None
    if is_right_to_left(" ".join(text for row in filled for text in row)):
        filled = [row[::-1] for row in filled]
    first = [glyph for cell in cells[0] for glyph in cell if glyph.text.strip()]
    return Grid(table.bbox, tuple(map(tuple, filled)), bool(first) and all(glyph.bold for glyph in first))


def _in_cell(cell: Box | None, glyphs: Sequence[Glyph]) -> list[Glyph]:
    return [glyph for glyph in glyphs if inside(glyph, cell)] if cell else []


def _cell_text(glyphs: Sequence[Glyph]) -> str:
    return " ".join(line_text(row) for row in rows(glyphs)).strip()
