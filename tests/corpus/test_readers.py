import os
from pathlib import Path

import pytest
from fpdf import FPDF

from assemblybot.corpus.extract import Extract
from assemblybot.corpus.formats.pdf import reader
from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import read
from assemblybot.errors import DocumentReadError


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
        ("a.txt", b"\xff\xfe\xfd\x00\x81", "UTF-16"),
        ("a.txt", b"abc\x00\x01def", "binary"),
        ("a.txt", b"", "no readable text"),
        ("a.doc", b"PK", "cannot be read"),
        ("a.pdf", b"not a pdf", "not a PDF"),
        ("a.html", b"<html></html>", "no readable text"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentReadError, match=says):
        read(path)


def test_whatever_a_library_raises_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(data: bytes) -> Extract:
        raise LookupError(data)

    monkeypatch.setattr(reader, "extract", fails)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-secret")
    with pytest.raises(DocumentReadError, match=r"a\.pdf: the file is damaged") as raised:
        read(tmp_path / "a.pdf")
    assert "secret" not in str(raised.value)


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    for name in ("pipe.txt", "folder.txt", "zero.txt"):
        with pytest.raises(DocumentReadError, match="not a regular file"):
            read(tmp_path / name)


def test_too_much_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("a\n" * 3_000_000, encoding="utf-8")
    with pytest.raises(DocumentReadError, match="Split the file"):
        read(tmp_path / "long.txt")
    (tmp_path / "many.txt").write_text("a.\n" * 30_000, encoding="utf-8")
    with pytest.raises(DocumentReadError, match="more than 20,000"):
        split("many", read(tmp_path / "many.txt"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">words</p>", "more attributes"),
        (b"<p>words</p>" * 300_001, "more elements"),
    ],
    ids=["attributes", "elements"],
)
def test_a_page_that_would_cost_without_end_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.html").write_bytes(content)
    with pytest.raises(DocumentReadError, match=says):
        read(tmp_path / "a.html")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError, match="cannot be opened"):
        read(tmp_path / "gone.txt")
