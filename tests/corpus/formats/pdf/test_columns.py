from collections.abc import Sequence
from pathlib import Path

import pytest
from fpdf import FPDF
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assemblybot.corpus.formats.pdf.columns import columns
from assemblybot.corpus.formats.pdf.glyphs import Glyph
from assemblybot.corpus.readers import read
from tests.corpus.formats.pdf import producers
from tests.corpus.formats.pdf.producers import ARABIC, register, visual

pytestmark = pytest.mark.skipif(not producers.FONTS.is_dir(), reason="the DejaVu fonts are not installed")

PIER = (
    "The pier was built by the council in nine years and cost four million, and it opened in May 2026. "
    "The ferry of the north goes there in the summer and carries bicycles for a small fee that the council "
    "sets each year. Fishers may sell what they catch on the pier until noon, but not on Sundays.",
    "The lamps of the pier burn all night, as the boats of the fishers come home late in the autumn. They "
    "are paid by the port, which also pays the guards who walk along the pier until the sun is up.",
)
MUSEUM = (
    "The museum of the sea shows boats, nets and letters of the fishers who lived here. It is closed on "
    "Mondays and in the whole of January, and pupils of the town do not pay. A guide speaks English, French "
    "and Spanish; groups of more than ten people must write a week before they come.",
    "The library next to it lends out books about birds. It has a reading room for thirty people and opens "
    "at ten in the morning.",
)


def in_columns(
    path: Path, texts: Sequence[Sequence[str]], *, gap: float, heights: Sequence[float], foot: str = ""
) -> Path:
    """A title, then columns side by side, each with a line height of its own; lengths in millimetres."""
    pdf = FPDF()
    pdf.add_page()
    pdf.c_margin = 0
    pdf.set_font("helvetica", size=16)
    pdf.cell(0, 12, "What there is to see in the town and in its harbour", align="C")
    width = (190 - gap * (len(texts) - 1)) / len(texts)
    pdf.set_font("helvetica", size=10)
    for number, (column, height) in enumerate(zip(texts, heights, strict=True)):
        pdf.set_y(40)
        for text in column:
            pdf.set_x(10 + number * (width + gap))
            pdf.multi_cell(width, height, text, align="J", new_x="LEFT", new_y="NEXT")
            pdf.ln(3)
    pdf.set_auto_page_break(False)
    pdf.set_y(-12)
    pdf.cell(0, 5, foot, align="L")
    pdf.cell(0, 5, "1/1" if foot else "", align="R")
    pdf.output(str(path))
    return path


def blocks(path: Path) -> list[str]:
    return read(path).texts()


@pytest.mark.parametrize("heights", [(4.6, 4.6), (4.6, 5.3), (5.8, 4.4)])
@pytest.mark.parametrize("gap", [2.6, 3.5, 8])
def test_each_column_has_lines_of_its_own(tmp_path: Path, gap: float, heights: tuple[float, float]) -> None:
    """Journals part their columns by less than three sizes of a space; lines do not stand side by side."""
    found = blocks(in_columns(tmp_path / "a.pdf", (PIER, MUSEUM), gap=gap, heights=heights))
    assert found[1:] == [*PIER, *MUSEUM]


def test_three_columns(tmp_path: Path) -> None:
    texts = (PIER[:1], MUSEUM[:1], PIER[1:])
    found = blocks(in_columns(tmp_path / "a.pdf", texts, gap=6, heights=(4.4, 5, 4.7)))
    assert found[1:] == [PIER[0], MUSEUM[0], PIER[1]]


def test_the_foot_of_a_page_is_in_no_column(tmp_path: Path) -> None:
    foot = "https://town.example/what-there-is-to-see-in-the-harbour"
    found = blocks(in_columns(tmp_path / "a.pdf", (PIER, MUSEUM), gap=4, heights=(4.6, 5.3), foot=foot))
    assert found[1:] == [*PIER, *MUSEUM]


def test_the_right_column_of_arabic_comes_first(tmp_path: Path) -> None:
    register()
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("d", 11)
    for right, texts, height in ((540, ARABIC[:2], 17), (288, ARABIC[2:], 19.5)):
        y = A4[1] - 80.0
        for text in texts:
            for line in visual(text, 235).split("<br/>"):
                canvas.drawRightString(right, y, line)
                y -= height
            y -= height
    canvas.save()
    assert blocks(tmp_path / "a.pdf") == list(ARABIC)


def test_words_far_apart_in_justified_lines_are_no_columns(tmp_path: Path) -> None:
    """In a narrow column some gaps are as wide as between columns, and some stand over each other."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    for text in (*PIER, *MUSEUM):
        pdf.multi_cell(62, 5.5, text, align="J", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    pdf.output(str(tmp_path / "a.pdf"))
    assert blocks(tmp_path / "a.pdf") == [*PIER, *MUSEUM]


PROGRAMME = (
    ("What happens", "Where it happens"),
    ("Opening by the headmistress of the school", "Great hall on the ground floor"),
    ("Chemistry: making soap from olive oil", "Laboratory 2, on the first floor"),
    ("Concert of the wind orchestra", "Music room in the old wing"),
    ("Robots that sort the rubbish", "Workshop behind the gym"),
    ("Questions about enrolment", "Office of the secretary"),
)


@pytest.mark.parametrize("above", ["", "Saturday, 18 May"])
def test_cells_of_many_letters_are_no_columns(tmp_path: Path, above: str) -> None:
    pdf = FPDF()
    pdf.add_page()
    for text in filter(None, (above, *PROGRAMME)):
        pdf.set_font("helvetica", "B" if text == PROGRAMME[0] else "", size=10)
        for cell in (text,) if isinstance(text, str) else text:
            pdf.cell(85, 6, cell)
        pdf.ln()
    pdf.output(str(tmp_path / "a.pdf"))
    found = blocks(tmp_path / "a.pdf")
    names, *rows = PROGRAMME
    assert found[len(found) - len(rows) :] == [f"{names[0]}: {row[0]}; {names[1]}: {row[1]}" for row in rows]


def test_a_letter_far_away_costs_nothing() -> None:
    """A damaged file can have letters anywhere; a page that large would not fit into memory."""
    glyphs = [Glyph("a", 6.0 * at, 6.0 * at + 6, 10, 20, 10) for at in range(200)]
    far = Glyph("a", 1e9, 1e9 + 6, 1e9, 1e9 + 10, 10)
    assert list(columns([*glyphs, far], right_to_left=False)) == [([*glyphs, far], ())]
