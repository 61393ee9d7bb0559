"""Tables of a page: drawn with lines, or told by cells that stand one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pdfplumber.page import Page
from pdfplumber.table import Table

from assemblybot.corpus.formats.pdf.glyphs import Glyph, PageDirection, is_right_to_left, line_text
from assemblybot.corpus.formats.pdf.glyphs import rows as rows_of
from assemblybot.corpus.formats.pdf.lines import Cell, Line
from assemblybot.corpus.tables import TableCell

FEWEST_EDGES: Final = 3
MOST_EDGES: Final = 3_000
_FEWEST_ALIGNED: Final = 3
# Two cells may happen to go over two lines; hardly all cells of a row over three.
_FEWEST_STACKED: Final = 3
_LONGEST_ALIGNED: Final = 60
# How far apart lines of a table without drawn lines stand at most, in sizes of a letter: two rows, the
# names of columns and the first row, two lines of one row.
_ROWS_APART: Final = 3.5
_NAMES_APART: Final = 2
_WRAPPED_APART: Final = 1.6
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table, row by row, and where it stands."""

    page: int
    box: Box
    cells: tuple[tuple[TableCell, ...], ...]


def drawn_grids(page: Page, glyphs: Sequence[Glyph], direction: PageDirection) -> Iterator[Grid]:
    """Tables that are drawn with lines and have rows and columns; frames round text are none."""
    for table in page.find_tables():
        own = [glyph for glyph in glyphs if inside(glyph, table.bbox)]
        cells: dict[Box, TableCell] = {}
        lines: dict[TableCell, list[str]] = {}
        for box in (box for row in table.rows for box in row.cells if box):
            within = [glyph for glyph in own if inside(glyph, box)]
            texts = [line_text(row, direction) for row in rows_of(within)]
            letters = [glyph for glyph in within if glyph.text.strip()]
            is_name = bool(letters) and all(glyph.bold for glyph in letters)
            cells[box] = TableCell(" ".join(texts).strip(), is_name)
            lines[cells[box]] = texts
        found = (part for row in _places(table, cells) for part in _unstacked(row, lines))
        rows = [row for row in found if any(cell.text for cell in row)]
        if sum(len({cell for cell in row if cell.text}) > 1 for row in rows) >= 2:
            if is_right_to_left(" ".join(cell.text for cell in cells.values())):
                rows = [row[::-1] for row in rows]
            yield Grid(page.page_number, table.bbox, tuple(map(tuple, rows)))


def _unstacked(row: list[TableCell], lines: Mapping[TableCell, list[str]]) -> Iterator[list[TableCell]]:
    """The rows that were drawn as one, without lines between them: its cells all have as many lines."""
    texts = [lines.get(cell, []) for cell in row]
    if len(set(row)) > 1 and len(texts[0]) >= _FEWEST_STACKED and len(set(map(len, texts))) == 1:
        for line in zip(*texts, strict=True):
            yield [TableCell(text, cell.is_name) for text, cell in zip(line, row, strict=True)]
    else:
        yield row


def aligned_grids(lines: Sequence[Line]) -> Iterator[tuple[int, int, Grid]]:
    """Tables without lines: where they begin and end in `lines`, and their cells."""
    start = 0
    while start < len(lines):
        end = start
        columns: list[Cell] = []
        table: list[list[Line]] = []
        while end < len(lines) and (found := _fitting(columns, lines, start, end)):
            if table and _is_wrapped(lines[end], lines[end - 1], columns):
                table[-1].append(lines[end])
            else:
                table.append([lines[end]])
            columns = found
            end += 1
        if len(table) >= _FEWEST_ALIGNED and len(columns) > 1:
            yield start, end, _aligned(table, columns)
        start = max(end, start + 1)


def _fitting(columns: list[Cell], lines: Sequence[Line], start: int, at: int) -> list[Cell]:
    """The columns, widened by the cells of one more line; nothing when it does not fit."""
    line = lines[at]
    if any(len(cell.text) > _LONGEST_ALIGNED for cell in _cells(line)):
        return []
    if at > start and not _is_near(lines[at - 1], line, _ROWS_APART):
        return []
    if not line.cells and (at == start or not _is_within(lines, at, columns)):
        return []
    widened = list(columns)
    for cell in _cells(line):
        over = [column for column in widened if _overlap(cell, column)]
        if len(over) > 1:
            return []
        for column in over:
            widened.remove(column)
            cell = Cell(column.text, min(column.x0, cell.x0), max(column.x1, cell.x1))
        widened.append(cell)
    widened.sort(key=lambda column: column.x0)
    return widened if all(left.x1 < right.x0 for left, right in pairwise(widened)) else []


def _is_within(lines: Sequence[Line], at: int, columns: Sequence[Cell]) -> bool:
    """Whether a line of one part stands in a table: a cell goes on, or it names the rows below."""
    if not any(_overlap(_cells(lines[at])[0], column) for column in columns):
        return False
    names_rows = any(
        len(below.cells) == len(columns) and _is_near(lines[at], below, _NAMES_APART)
        for below in lines[at + 1 : at + 2]
    )
    return names_rows or _is_wrapped(lines[at], lines[at - 1], columns)


def _is_wrapped(line: Line, above: Line, columns: Sequence[Cell]) -> bool:
    """Whether a line goes on with cells of the line above: it stands near, and leaves the first empty."""
    first = columns[-1] if line.right_to_left else columns[0]
    return _is_near(above, line, _WRAPPED_APART) and not any(_overlap(cell, first) for cell in _cells(line))


def _cells(line: Line) -> tuple[Cell, ...]:
    return line.cells or (Cell(line.text, line.x0, line.x1),)


def _overlap(one: Cell, other: Cell) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _is_near(above: Line, below: Line, most: float) -> bool:
    """Whether a line stands at most so many times its size below another."""
    return above.page == below.page and 0 < below.top - above.top < most * below.size


def _aligned(table: Sequence[Sequence[Line]], columns: Sequence[Cell]) -> Grid:
    lines = [line for row in table for line in row]
    box = columns[0].x0, lines[0].top, columns[-1].x1, lines[-1].bottom
    right_to_left = is_right_to_left(" ".join(line.text for line in lines))
    columns = columns[::-1] if right_to_left else columns
    return Grid(lines[0].page, box, tuple(tuple(_aligned_row(row, columns)) for row in table))


def _aligned_row(row: Sequence[Line], columns: Sequence[Cell]) -> Iterator[TableCell]:
    bold = row[0].bold
    if len(row) == 1 and not row[0].cells:
        yield from (TableCell(row[0].text, bold),) * len(columns)
        return
    parts = [cell for line in row for cell in _cells(line)]
    for column in columns:
        yield TableCell(" ".join(cell.text for cell in parts if _overlap(cell, column)), bold)


def inside(glyph: Glyph, box: Box) -> bool:
    """Whether the middle of a glyph lies in a box."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _places(table: Table, cells: Mapping[Box, TableCell]) -> Iterator[list[TableCell]]:
    """The cell at each place of a table: one that begins there, or one that reaches there."""
    lefts = sorted({box[0] for box in cells})
    empty = TableCell("")
    for row in table.rows:
        top = min(box[1] for box in row.cells if box)
        covering = [box for box in cells if box[1] <= top < box[3]]
        yield [next((cells[box] for box in covering if box[0] <= x < box[2]), empty) for x in lefts]
