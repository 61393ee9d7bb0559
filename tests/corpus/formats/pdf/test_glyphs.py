from pathlib import Path

import pytest
from fpdf import FPDF

from assemblybot.corpus.formats.pdf.glyphs import Glyph, line_text
from assemblybot.corpus.formats.pdf.page import is_bold
from assemblybot.corpus.readers import read


@pytest.mark.parametrize(
    ("before", "raised", "after", "expected"),
    [
        ("the council of the port", "3", ", which pays", "the council of the port, which pays"),
        ("what the port pays.", "12", " The council", "what the port pays. The council"),
        ("it opened in 1998", "1", " and closed", "it opened in 1998 and closed"),
        ("an area of 40 km", "2", " in all", "an area of 40 km² in all"),
        ("about 10", "6", " letters", "about 10⁶ letters"),
        ("", "1", "Minutes of the council", "1 Minutes of the council"),
    ],
    ids=["word", "sentence", "year", "area", "power", "footnote"],
)
def test_raised_digits(tmp_path: Path, before: str, raised: str, after: str, expected: str) -> None:
    """A reference to a footnote is no part of the word, and an exponent none of the number."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.write(6, before)
    pdf.char_vpos = "SUP"
    pdf.write(6, raised)
    pdf.char_vpos = "LINE"
    pdf.set_font("helvetica", size=11.1)
    pdf.write(6, after)
    pdf.output(str(tmp_path / "a.pdf"))
    assert read(tmp_path / "a.pdf").texts() == [expected]


@pytest.mark.parametrize(("gap", "expected"), [(0.9, "nowtwo"), (1.7, "now two"), (2.5, "now two")])
def test_a_thin_gap_parts_words(gap: float, expected: str) -> None:
    """LaTeX writes no spaces, and sets the words of a full line a sixth of their size apart."""
    glyphs = []
    for at, letter in enumerate("nowtwo"):
        x = 50 + 5.0 * at + (gap if at > 2 else 0)
        glyphs.append(Glyph(letter, x, x + 5, 10, 20, 10, drawn=at))
    assert line_text(glyphs) == expected


@pytest.mark.parametrize(
    ("font", "bold"),
    [
        ("ABCDEF+CMBX12", True),
        ("ABCDEF+SFBX1095", True),
        ("ABCDEF+NimbusRomNo9L-Medi", True),
        ("ABCDEF+NimbusRomNo9L-MediItal", True),
        ("ABCDEF+LMRoman10-Bold", True),
        ("ABCDEF+CMR10", False),
        ("ABCDEF+Roboto-Medium", False),
        ("ABCDEF+NimbusRomNo9L-Regu", False),
    ],
)
def test_bold_fonts(font: str, bold: bool) -> None:
    assert is_bold(font) is bold
