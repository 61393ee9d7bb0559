from pathlib import Path

import pytest
from fpdf import FPDF

from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import read
from assemblybot.errors import DocumentReadError

PAGE = """<html><head><title>Harbour news</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1 id="top">The new harbour of Port Ellen</h1>
<p>The harbour opened on 3 May 2021 after nine years of work, and the whole town came to see it.</p>
<h2 id="money">Who paid for it</h2>
<p>The council paid forty million crowns, which is half of what the harbour will earn in ten years.</p>
<ul><li>A quay for ferries and boats</li><li>A school for divers</li></ul>
<p>Nobody in the town had expected that the work would be done before the end of the decade.</p></article>
<footer>All rights reserved</footer></body></html>"""


def test_text_keeps_line_ends_and_offsets(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffOne line.\r\n\r\nAnother line.\r\n".encode())
    extract = read(path)
    assert extract.text == "\ufeffOne line.\r\n\r\nAnother line.\r\n"
    assert [p.text for p in split("a", extract)] == ["One line.", "Another line."]


def test_utf16_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("مرحبا بكم في المدينة.", encoding="utf-16")
    assert read(path).text == "مرحبا بكم في المدينة."


def test_html_gives_text_headings_and_fragments(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    found = split("page", read(path))
    texts = [p.text for p in found]
    assert "All rights reserved" not in texts
    paid = next(p for p in found if "forty million" in p.text)
    assert paid.section == "Who paid for it"
    assert paid.anchor == "#money"


def test_pdf_gives_pages(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for sentence in ("The harbour opened in May after nine years.", "The council paid for the whole work."):
        pdf.add_page()
        pdf.multi_cell(0, 8, sentence)
    path = tmp_path / "report.pdf"
    pdf.output(str(path))
    found = split("report", read(path))
    assert [(p.text, p.anchor) for p in found] == [
        ("The harbour opened in May after nine years.", "page 1"),
        ("The council paid for the whole work.", "page 2"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"\xff\xfe\xfd\x00\x81", "cannot|UTF|binary"),
        ("a.txt", b"abc\xe9\xe8\xff", "not UTF-8"),
        ("a.txt", b"abc\x00def", "binary"),
        ("a.txt", b"", "no readable text"),
        ("a.docx", b"PK", "cannot be read"),
        ("a.pdf", b"not a pdf", "not a PDF"),
        ("a.html", b"<html></html>", "no article text"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentReadError, match=says):
        read(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError, match="cannot be opened"):
        read(tmp_path / "gone.txt")
