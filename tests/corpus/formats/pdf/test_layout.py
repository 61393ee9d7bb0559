from dataclasses import replace

import pytest

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.formats.pdf.layout import Paragraph, kind_of, look_of, paragraph_text, rejoined
from assemblybot.corpus.formats.pdf.lines import Line
from assemblybot.corpus.formats.pdf.tables import Grid
from assemblybot.corpus.tables import TableCell
from tests.corpus.formats.pdf.test_lines import line

FULL = "the council met in the hall and spoke of the port and its boats and of what they pay in"
BEGUN = [line(FULL, 50), line(FULL, 63)]
REST = [line("the summer and in the autumn.", 200)]
NOTE = [replace(line("1 Minutes of the council, 3 May 2021.", 160), size=8.5)]
CAPTION = [line("Table 2: Fees of the port", 90)]
GRID = Grid(
    1, (50, 100, 300, 150), ((TableCell("Boat"), TableCell("Fee")), (TableCell("Ferry"), TableCell("9")))
)


def texts(pieces: list[Paragraph | Grid], lines: list[Line]) -> list[str]:
    look = look_of(lines)
    return [
        paragraph_text(piece, look) if isinstance(piece, list) else "table"
        for piece in rejoined(pieces, look)
    ]


@pytest.mark.parametrize("between", [[NOTE], [CAPTION, GRID], [GRID, NOTE]], ids=["note", "table", "both"])
def test_a_paragraph_that_something_else_cuts_is_made_whole(between: list[Paragraph | Grid]) -> None:
    lines = [*BEGUN, *REST, *NOTE, *CAPTION]
    found = texts([[*BEGUN], *between, [*REST]], lines)
    assert found[0] == f"{FULL} {FULL} the summer and in the autumn."
    assert len(found) == 1 + len(between)


@pytest.mark.parametrize(
    ("begun", "between", "rest"),
    [
        (line(f"{FULL[:-1]}.", 63), [GRID], REST),
        (line("the council met in the hall", 63), [GRID], REST),
        (BEGUN[-1], [GRID], [line("The summer and the autumn.", 200)]),
        (BEGUN[-1], [], REST),
    ],
    ids=["ended", "short", "a new sentence", "nothing between"],
)
def test_paragraphs_that_are_whole_stay_apart(
    begun: Line, between: list[Paragraph | Grid], rest: Paragraph
) -> None:
    first = [BEGUN[0], begun]
    assert len(texts([[*first], *between, [*rest]], [*first, *rest])) == 2 + len(between)


def test_a_numbered_footnote_is_no_item() -> None:
    look = look_of([*BEGUN, *REST])
    note = replace(line("1. Minutes of the council, 3 May 2021.", 160), size=8.5)
    assert kind_of([note], look) is PassageKind.PARAGRAPH
    assert kind_of([replace(note, size=11)], look) is PassageKind.ITEM
    assert kind_of([replace(note, text="• Minutes of the council")], look) is PassageKind.ITEM
