from pathlib import Path

import pytest
from fpdf import FPDF

from assemblybot.corpus.extract import Extract
from assemblybot.corpus.readers import read

CHAPTERS = ("The pier", "The museum of the sea", "The lamps and the guards")
TEXT = "The council pays the guards of the pier and the lamps that burn all night in the autumn. " * 3


def dotted(name: str, number: int | str) -> str:
    return f"{name} {'. ' * (60 - len(name))}{number}"


def document(path: Path, lines: list[str], pages: int) -> Extract:
    """A page that begins with the lines, then a page for each chapter."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    for line in lines:
        pdf.set_font("helvetica", size=14 if line in ("Contents", "Sommaire") else 10)
        pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    for chapter in CHAPTERS[: pages - 1]:
        pdf.add_page()
        pdf.set_font("helvetica", "B", size=14)
        pdf.cell(0, 8, chapter, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", size=10)
        pdf.multi_cell(0, 5, TEXT, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return read(path)


@pytest.mark.parametrize("title", ["Contents", "Sommaire"])
def test_a_table_of_contents_is_left_out_and_reported(tmp_path: Path, title: str) -> None:
    entries = [dotted(chapter, number) for number, chapter in enumerate(CHAPTERS, start=2)]
    extract = document(tmp_path / "a.pdf", [title, "Part one 2", *entries, "Annex 4"], 4)
    assert extract.texts() == [text for chapter in CHAPTERS for text in (chapter, TEXT.strip())]
    assert extract.left_out == ("table of contents (6 lines)",)


@pytest.mark.parametrize(
    "prices", [(12, 15, 60), (60, 15, 12), ("2,50", "3,00", "4,00")], ids=["ascending", "falling", "decimal"]
)
def test_prices_that_dots_lead_to_stay(tmp_path: Path, prices: tuple[int | str, ...]) -> None:
    lines = [dotted(dish, price) for dish, price in zip(("Coffee", "Soup", "Fish"), prices, strict=True)]
    extract = document(tmp_path / "a.pdf", ["What we serve", *lines], 2)
    assert all(str(price) in " ".join(extract.texts()) for price in prices)
    assert not extract.left_out
