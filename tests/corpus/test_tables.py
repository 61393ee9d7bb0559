"""One table in every format that has tables: each row is a passage with its names."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.corpus.builder import ExtractBuilder
from assemblybot.corpus.tables import TableCell, spread, write_table
from tests.corpus.formats.pdf import producers
from tests.corpus.formats.test_open_formats import odt
from tests.corpus.reading import passages_of

Place = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """A table: its texts, its spans (from, to), how many rows and columns are marked, and its passages."""

    rows: list[list[str]]
    expected: list[str]
    spans: tuple[tuple[Place, Place], ...] = ()
    marked_rows: int = 0
    marked_columns: int = 0

    def is_marked(self, row: int, column: int) -> bool:
        return row < self.marked_rows or column < self.marked_columns

    def cells(self, row: int) -> Iterator[tuple[int, str, int, int]]:
        """Column, text, columns and rows of each cell that begins in a row."""
        for column, text in enumerate(self.rows[row]):
            inside = [s for s in self.spans if s[0][0] <= row <= s[1][0] and s[0][1] <= column <= s[1][1]]
            if not inside:
                yield column, text, 1, 1
            elif inside[0][0] == (row, column):
                end = inside[0][1]
                yield column, text, end[1] - column + 1, end[0] - row + 1


SHAPES: Final = {
    "marked header": Shape(
        [["Port", "Ships", "Master"], ["Safi", "10", "Jane"], ["Agadir", "8", "Ali"]],
        ["Port: Safi; Ships: 10; Master: Jane", "Port: Agadir; Ships: 8; Master: Ali"],
        marked_rows=1,
    ),
    "header that nothing marks": Shape(
        [["Name", "Role", "City"], ["Jane", "Master", "Safi"], ["Ali", "Pilot", "Agadir"]],
        ["Name: Jane; Role: Master; City: Safi", "Name: Ali; Role: Pilot; City: Agadir"],
    ),
    "years": Shape(
        [["Port", "2023", "2024"], ["Safi", "10", "12"], ["Agadir", "8", "9"]],
        ["Port: Safi; 2023: 10; 2024: 12", "Port: Agadir; 2023: 8; 2024: 9"],
    ),
    "names with numbers": Shape(
        [["Port", "Ships in 2023", "Ships in 2024"], ["Safi", "10", "1 200"], ["Agadir", "8", "9"]],
        [
            "Port: Safi; Ships in 2023: 10; Ships in 2024: 1 200",
            "Port: Agadir; Ships in 2023: 8; Ships in 2024: 9",
        ],
    ),
    "empty corner": Shape(
        [["", "2023", "2024"], ["Safi", "10", "12"], ["Agadir", "8", "9"]],
        ["Safi; 2023: 10; 2024: 12", "Agadir; 2023: 8; 2024: 9"],
    ),
    "names and values": Shape(
        [["Opening hours", "9 to 5"], ["Price:", "40 euros"], ["Master", "Jane"]],
        ["Opening hours: 9 to 5", "Price: 40 euros", "Master: Jane"],
        marked_columns=1,
    ),
    "no header": Shape([["Safi", "10", "12"], ["Agadir", "8", "9"]], ["Safi; 10; 12", "Agadir; 8; 9"]),
    "two rows of names": Shape(
        [["Port", "Ships", "", "Fee"], ["", "2023", "2024", ""], ["Safi", "10", "12", "40"]],
        ["Port: Safi; Ships 2023: 10; Ships 2024: 12; Fee: 40"],
        (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3))),
        marked_rows=2,
    ),
    "two rows of names that nothing marks": Shape(
        [["Port", "Ships", ""], ["", "2023", "2024"], ["Safi", "10", "12"], ["Agadir", "8", "9"]],
        ["Port: Safi; Ships 2023: 10; Ships 2024: 12", "Port: Agadir; Ships 2023: 8; Ships 2024: 9"],
        (((0, 0), (1, 0)), ((0, 1), (0, 2))),
    ),
    "transposed": Shape(
        [["Port", "Safi", "Agadir"], ["Ships", "10", "8"], ["Fee", "40", "30"]],
        ["Port: Safi; Ships: 10; Fee: 40", "Port: Agadir; Ships: 8; Fee: 30"],
        marked_columns=1,
    ),
    "names of rows and columns": Shape(
        [["Day", "Morning", "Evening"], ["Monday", "9 to 12", "closed"], ["Friday", "closed", "closed"]],
        ["Day: Monday; Morning: 9 to 12; Evening: closed", "Day: Friday; Morning: closed; Evening: closed"],
        marked_rows=1,
        marked_columns=1,
    ),
    "cells that span": Shape(
        [["Region", "Port", "Fee"], ["North", "Tangier", "50"], ["", "Nador", "20"], ["Total", "", "70"]],
        [
            "Region: North; Port: Tangier; Fee: 50",
            "Region: North; Port: Nador; Fee: 20",
            "Region, Port: Total; Fee: 70",
        ],
        (((1, 0), (2, 0)), ((3, 0), (3, 1))),
        marked_rows=1,
    ),
    "parts": Shape(
        [["Port", "Fee"], ["North", ""], ["Nador", "20"], ["South", ""], ["Agadir", "30"], ["Sum", "50"]],
        ["North; Port: Nador; Fee: 20", "South; Port: Agadir; Fee: 30", "South; Port: Sum; Fee: 50"],
        (((1, 0), (1, 1)), ((3, 0), (3, 1))),
        marked_rows=1,
    ),
    "title above and note below": Shape(
        [["Table 1. Fees", ""], ["Port", "Fee"], ["Safi", "40"], ["Nador", "20"], ["Fees are of 2024.", ""]],
        ["Table 1. Fees", "Port: Safi; Fee: 40", "Port: Nador; Fee: 20", "Fees are of 2024."],
        (((0, 0), (0, 1)), ((4, 0), (4, 1))),
        marked_rows=2,
    ),
    "a header that comes again": Shape(
        [["Port", "Fee"], ["Safi", "40"], ["Port", "Fee"], ["Nador", "20"]],
        ["Port: Safi; Fee: 40", "Port: Nador; Fee: 20"],
        marked_rows=1,
    ),
    "Arabic": Shape(
        [["الميناء", "الرسوم"], ["آسفي", "40 درهما"], ["أكادير", "30 درهما"]],
        ["الميناء: آسفي، الرسوم: 40 درهما", "الميناء: أكادير، الرسوم: 30 درهما"],
        marked_rows=1,
    ),
}


def as_html(shape: Shape, folder: Path) -> bytes:
    lines = ""
    for row in range(len(shape.rows)):
        lines += "<tr>"
        for column, text, across, down in shape.cells(row):
            tag = "th" if shape.is_marked(row, column) else "td"
            lines += f"<{tag} colspan={across} rowspan={down}>{text}</{tag}>"
    return f"<meta charset=utf-8><h1>Harbours</h1><table>{lines}</table>".encode()


def as_docx(shape: Shape, folder: Path) -> bytes:
    document = docx.Document()
    document.add_heading("Harbours", 0)
    table = document.add_table(rows=len(shape.rows), cols=len(shape.rows[0]))
    for begin, end in shape.spans:
        table.cell(*begin).merge(table.cell(*end))
    for row in range(len(shape.rows)):
        for column, text, _, _ in shape.cells(row):
            run = table.cell(row, column).paragraphs[0].add_run(text)
            run.bold = shape.is_marked(row, column)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_odt(shape: Shape, folder: Path) -> bytes:
    lines = ""
    for row, texts in enumerate(shape.rows):
        begun = {column: (text, across, down) for column, text, across, down in shape.cells(row)}
        lines += "<table:table-row>"
        for column in range(len(texts)):
            if column not in begun:
                lines += "<table:covered-table-cell/>"
                continue
            text, across, down = begun[column]
            style = "Table_20_Heading" if shape.is_marked(row, column) else "Table_20_Contents"
            lines += (
                f'<table:table-cell table:number-columns-spanned="{across}"'
                f' table:number-rows-spanned="{down}">'
                f'<text:p text:style-name="{style}">{text}</text:p></table:table-cell>'
            )
        lines += "</table:table-row>"
    body = f"<text:h>Harbours</text:h><table:table>{lines}</table:table>"
    return odt(folder, body)


def as_pdf(shape: Shape, folder: Path) -> bytes:
    from reportlab.platypus import Table

    heading = producers.heading("Harbours", 18)
    visual = [[producers.visual(text) for text in row] for row in shape.rows]
    style: list[tuple[object, ...]] = [
        ("FONT", (0, 0), (-1, -1), "d", 9),
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
    ]
    style += [("SPAN", begin[::-1], end[::-1]) for begin, end in shape.spans]
    if shape.marked_rows:
        style.append(("FONT", (0, 0), (-1, shape.marked_rows - 1), "b", 9))
    if shape.marked_columns:
        style.append(("FONT", (0, 0), (shape.marked_columns - 1, -1), "b", 9))
    right_to_left = visual != shape.rows
    table = Table([row[::-1] if right_to_left else row for row in visual], style=style)
    return producers.build(folder / "made.pdf", [heading, table]).read_bytes()


FORMATS: Final[dict[str, Callable[[Shape, Path], bytes]]] = {
    "html": as_html,
    "docx": as_docx,
    "odt": as_odt,
    "pdf": as_pdf,
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", SHAPES)
def test_each_row_is_a_passage_with_its_names(tmp_path: Path, name: str, suffix: str) -> None:
    if suffix == "pdf" and not producers.FONTS.is_dir():
        pytest.skip("the DejaVu fonts are not installed")
    shape = SHAPES[name]
    found = passages_of(tmp_path, f"a.{suffix}", FORMATS[suffix](shape, tmp_path))
    assert [passage.text for passage in found] == ["Harbours", *shape.expected]


def test_html_tables_in_markdown_with_empty_lines(tmp_path: Path) -> None:
    lines = ["<table>", "<tr><th>Port</th><th>Fee</th></tr>", "<tr><td>Safi</td><td>40</td></tr>", "</table>"]
    source = "\n\n".join(["# Fees", *lines])
    assert [p.text for p in passages_of(tmp_path, "a.md", source)] == ["Fees", "Port: Safi; Fee: 40"]


def test_a_word_table_that_lays_out_a_page_is_read_as_paragraphs(tmp_path: Path) -> None:
    long = "The harbour is open every day. " * 25
    shape = Shape([[long, "Open"], ["Welcome.", "Closed"]], [])
    found = passages_of(tmp_path, "a.docx", as_docx(shape, tmp_path))
    assert [p.text for p in found] == ["Harbours", long.strip(), "Open", "Welcome.", "Closed"]


_CELLS = st.tuples(st.text("ab1 ", max_size=3), st.booleans())
_TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(_CELLS, min_size=width, max_size=width), max_size=6)
)


@given(_TABLES)
def test_no_word_of_a_table_is_lost(rows: list[list[tuple[str, bool]]]) -> None:
    builder = ExtractBuilder()
    write_table(builder, [[TableCell(f"w{text}", is_name) for text, is_name in row] for row in rows])
    words = {word for row in rows for text, _ in row for word in f"w{text}".split()}
    assert words <= set(re.findall(r"\w+", builder.extract().text))


def test_spans_without_bound_are_bounded() -> None:
    cell = TableCell("a")
    assert spread([[(cell, 10**6, 2)], [(cell, 1, 1)]]) == [[cell] * 100, [cell] * 100]


def test_a_table_goes_on_under_the_names_of_the_page_before() -> None:
    builder = ExtractBuilder()
    header = write_table(
        builder, [[TableCell("Port", True), TableCell("Fee", True)], [TableCell("Safi"), TableCell("40")]]
    )
    assert write_table(builder, [[TableCell("Nador"), TableCell("30")]], above=header) == header
    assert builder.extract().texts() == ["Port: Safi; Fee: 40", "Port: Nador; Fee: 30"]
