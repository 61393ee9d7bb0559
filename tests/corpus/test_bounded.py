import sys
from pathlib import Path

import docx
import pytest

from assemblybot.corpus.formats import plain
from assemblybot.corpus.readers import from_json, read, read_bounded, to_json
from assemblybot.errors import DocumentReadError
from tests.corpus.reading import written

PAGE = "<title>Hours</title><h1>Opening hours</h1><p>The museum opens at nine in the morning.</p>"


def test_a_file_is_read_the_same_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, "page.html", PAGE)
    assert read_bounded(path) == read(path)


def test_errors_are_those_of_the_reader(tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError, match=r"^bad\.pdf: This is not a PDF"):
        read_bounded(written(tmp_path, "bad.pdf", "no pdf"))
    with pytest.raises(DocumentReadError, match=r"^bad\.xyz: files of type"):
        read_bounded(written(tmp_path, "bad.xyz", "x"))


def test_reading_ends_after_its_time(tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError, match="not read within"):
        read_bounded(written(tmp_path, "page.html", PAGE), seconds=0.01)


def test_a_process_that_is_killed_is_said_to_be_out_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DocumentReadError, match="memory"):
        read_bounded(written(tmp_path, "page.html", PAGE))


@pytest.mark.slow
def test_as_many_paragraphs_as_may_be_are_read_in_time(tmp_path: Path) -> None:
    for paragraph in ("We met again and again.", "1.1.1. a"):
        text = "A title\n\n" + f"{paragraph}\n\n" * 19_000
        assert len(read_bounded(written(tmp_path, "long.txt", text)).blocks) == 19_001


@pytest.mark.slow
def test_a_book_in_word_is_read_in_time(tmp_path: Path) -> None:
    document = docx.Document()
    for _ in range(15_000):  # not `add_paragraph`, which takes longer and longer
        document.element.body._add_p().add_r().text = "We met again and again."
    document.save(str(tmp_path / "book.docx"))
    assert len(read_bounded(tmp_path / "book.docx", seconds=20.0).blocks) == 15_000


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"text": "a", "blocks": [{"kind": "item", "start": 0, "end": 9}]}']
)
def test_only_an_extract_is_taken_for_one(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"extract|fit"):
        from_json(data)


def test_json_of_an_extract() -> None:
    extract = plain.extract(b"A title\n\nPoints:\n- one;\n- two.\n")
    assert from_json(to_json(extract)) == extract
