"""Tables of every format to blocks: a row is a passage that names its columns, “column: value; …”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, product
from typing import Final, NamedTuple

from assemblybot.corpus.builder import ExtractBuilder
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.structure import ENDS_SENTENCE
from assemblybot.text.arabic import arabic_share

_LONGEST_CELL: Final = 600
_LONGEST_NAME: Final = 80
_MOST_COLUMNS: Final = 100
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_NUMBER = re.compile(r"[\W\d]*\d[\W\d]*")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, eq=False)
class TableCell:
    """A cell; one that spans rows or columns is the same object in each place that it covers.

    `is_name` says that it is marked as the name of a row or column, or is bold.
    """

    text: str
    is_name: bool = False

    @property
    def value(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())


Row = Sequence[TableCell]


class Header(NamedTuple):
    """The names of the columns, and whether the table marks them as such."""

    names: tuple[str, ...] = ()
    marked: bool = False


def count_of(attribute: str | None) -> int:
    """The number of columns or rows that an attribute says; 1 where it says none."""
    return int(attribute) if attribute and re.fullmatch(r"[1-9]\d{0,5}", attribute) else 1


def spread(rows: Sequence[Iterable[tuple[TableCell, int, int]]]) -> list[list[TableCell]]:
    """The cells of each row in every place that they cover, from each cell's columns and rows."""
    grid: dict[tuple[int, int], TableCell] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell, across, down in row:
            while (y, x) in grid:
                x += 1
            covered = range(y, min(y + down, len(rows))), range(x, min(x + across, _MOST_COLUMNS))
            grid.update(dict.fromkeys(product(*covered), cell))
    return [[grid[y, x] for x in range(_MOST_COLUMNS) if (y, x) in grid] for y in range(len(rows))]


def holds_data(rows: Sequence[Row]) -> bool:
    """Whether a table has rows and columns of short cells; else it lays out a page."""
    filled = [row for row in rows if _filled(row)]
    if len(filled) < 2 or max(map(len, filled)) < 2:
        return False
    return all(len(cell.text) <= _LONGEST_CELL for row in filled for cell in row)


def write_table_or_layout(builder: ExtractBuilder, rows: Sequence[Row]) -> None:
    """Write a table, or one by one the cells of one that lays out a page."""
    if holds_data(rows):
        write_table(builder, rows)
    else:
        for cell in dict.fromkeys(cell for row in rows for cell in row):
            builder.add(PassageKind.PARAGRAPH, cell.text)


def write_table(builder: ExtractBuilder, rows: Sequence[Row], above: Header | None = None) -> Header:
    """Write what stands over a table, and each of its rows; gives its header.

    `above` is the header of the table that this one may go on with, on a new page.
    """
    rows = [row for row in rows if _filled(row)]
    if not rows:
        return Header()
    width = max(map(len, rows))
    rows = [[*row, *[TableCell("")] * (width - len(row))] for row in rows]
    while len(rows) > 1 and _stands_alone(rows[0]):
        builder.add(PassageKind.PARAGRAPH, _filled(rows[0])[0].text)
        rows = rows[1:]
    if _is_transposed(rows):
        rows = list(zip(*rows, strict=True))
    count = _header_rows(rows)
    header = Header(_names(rows[:count]), all(map(_all_names, rows[:count])))
    if above and _goes_on(rows, header, above):
        count, header = 0, above
    if count == len(rows):
        texts = [_joined([cell.text for cell in _filled(row)]) for row in rows]
    else:
        texts = list(_texts(header.names, rows[count:]))
    # rows that only repeat the names say those once
    for text in texts or [_joined(header.names)]:
        builder.add(PassageKind.ITEM, text)
    return header


def _texts(names: tuple[str, ...], rows: Sequence[Row]) -> Iterator[str]:
    """The text of each row; a line over a part of the table stands before each row of that part."""
    part = ""
    for position, row in enumerate(rows):
        if _covers_all(row) and _is_name(row[0].text) and position + 1 < len(rows):
            part = row[0].value.rstrip(":")
        elif _names([row]) != names:
            if next(_runs(row))[1] > 1:  # the first cell spans columns, as that of a total does
                part = ""
            yield _row_text(names, row, part)


def _row_text(names: Sequence[str], row: Row, part: str) -> str:
    if _covers_all(row):
        return row[0].text
    columns = iter(names or [""] * len(row))
    pairs: list[tuple[str, str]] = []
    for cell, places in _runs(row):
        named = ", ".join(dict.fromkeys(filter(None, islice(columns, places))))
        if cell.value:
            pairs.append((named, cell.value))
    if not any(name for name, _ in pairs) and len(pairs) > 1 and (len(pairs) == 2 or row[0].is_name):
        first = pairs[0][1].rstrip(": ")
        if len(first) <= _LONGEST_NAME:
            return _joined([part, f"{first}: {_joined([value for _, value in pairs[1:]])}"])
    return _joined(
        [part, *(f"{name}: {value}" if name not in ("", value) else value for name, value in pairs)]
    )


def _joined(parts: Sequence[str]) -> str:
    filled = [part for part in parts if part]
    return ("، " if arabic_share(" ".join(filled)) >= 0.5 else "; ").join(filled)


def _header_rows(rows: Sequence[Row]) -> int:
    """How many rows at the top name the columns."""
    if len(rows) < 2:
        return len(rows) if all(map(_all_names, rows)) else 0
    unmarked = (at for at, row in enumerate(rows) if _covers_all(row) or not _all_names(row))
    count = next(unmarked, 0) or int(_reads_as_names(rows))
    while 0 < count < len(rows) - 1 and _is_parted_below(rows[count - 1], rows[count]):
        count += 1
    return count


def _reads_as_names(rows: Sequence[Row]) -> bool:
    """Whether the first row, which nothing marks, names the columns: short words over other values."""
    first = [cell.value for cell, _ in _runs(rows[0])]
    if len(first) == 2 and all(row[0].is_name for row in rows) and not rows[0][1].is_name:
        return False  # the names are in the first column
    corner_is_empty = not first[0]
    if not all(first[corner_is_empty:]) or len(set(first)) < len(first) or not all(map(_is_name, first)):
        return False
    if corner_is_empty or _are_years(rows):
        return True
    if any(map(_DIGIT.search, first)):
        columns = list(zip(*rows[1:], strict=True))[1:]
        over_numbers = any(all(_NUMBER.fullmatch(cell.value) for cell in column) for column in columns)
        return over_numbers and all(map(_LETTER.search, first))
    return len(rows[0]) > 2 or all(_DIGIT.search(row[-1].text) for row in rows[1:])


def _are_years(rows: Sequence[Row]) -> bool:
    """Whether the first row has years behind its first cell, and no other row has."""
    years = [all(_YEAR.fullmatch(cell.value) for cell in row[1:]) for row in rows]
    return len(rows[0]) > 2 and years[0] and not any(years[1:]) and not _DIGIT.search(rows[0][0].text)


def _is_parted_below(row: Row, below: Row) -> bool:
    """Whether a row of names goes on in the row below: a cell reaches into it, or its columns are parted."""
    if any(cell is under and cell.value for cell, under in zip(row, below, strict=True)):
        return True
    parted = any(places > 1 for cell, places in _runs(row) if cell.value)
    return parted and not all(cell.value for cell in row)


def _is_transposed(rows: Sequence[Row]) -> bool:
    """Whether the first column, marked as such, has the names, and each other column is a record."""
    width = len(rows[0])
    if width < 3 or len(rows) < 2 or not all(row[0].is_name for row in rows):
        return False
    if any(cell.is_name for row in rows for cell in row[1:]):
        return False
    first = [cell.value for cell in rows[0]]
    return len(set(first)) == width and not any(map(_DIGIT.search, first))


def _goes_on(rows: Sequence[Row], header: Header, above: Header) -> bool:
    if not above.names or len(above.names) != len(rows[0]) or header.names == above.names:
        return False
    return not header.names or (above.marked and not header.marked)


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    columns = zip(*rows, strict=True)
    named = (dict.fromkeys(cell.value for cell in column) for column in columns)
    return tuple(" ".join(filter(None, texts)).rstrip(": ") for texts in named)


def _all_names(row: Row) -> bool:
    return all(cell.is_name for cell in _filled(row))


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not text.rstrip(": ").endswith(ENDS_SENTENCE)


def _stands_alone(row: Row) -> bool:
    """Whether one cell is all that a row holds, and no value may be missing beside it."""
    return _covers_all(row) or (len(row) > 2 and len(_filled(row)) == 1)


def _covers_all(row: Row) -> bool:
    return len(row) > 1 and all(cell is row[0] for cell in row)


def _filled(row: Row) -> list[TableCell]:
    """The cells with text, each once."""
    return [cell for cell, _ in _runs(row) if cell.value]


def _runs(row: Row) -> Iterator[tuple[TableCell, int]]:
    """Each cell of a row with the number of columns that it spans."""
    for _, cells in groupby(row, key=id):
        same = list(cells)
        yield same[0], len(same)
