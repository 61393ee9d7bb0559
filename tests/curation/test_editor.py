"""What curators see and change of the corpus folder."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assemblybot.corpus import library
from assemblybot.corpus.adding import Added
from assemblybot.corpus.stored_questions import store_question
from assemblybot.curation.editor import CorpusEditor, Preview
from assemblybot.errors import CorpusError, CurationError, DocumentReadError
from tests.conftest import SMALL_TEXT
from tests.corpus.reading import written

LAMPS = "The lamps\n\nThe lamps along the sea wall were lit in June.\n"


@pytest.fixture
def editor(small_corpus: Path) -> CorpusEditor:
    return CorpusEditor(small_corpus)


@pytest.fixture
def lamps(tmp_path: Path) -> Path:
    return written(tmp_path, "Lamps.md", LAMPS)


def put(editor: CorpusEditor, file: Path, seen: Preview) -> Added:
    return editor.put(file, seen.added.document.id, seen.version, seen.digest)


def ids(editor: CorpusEditor) -> list[str]:
    return [document.id for document in editor.documents()]


def test_a_preview_writes_nothing_and_what_is_put_is_what_it_says(editor: CorpusEditor, lamps: Path) -> None:
    seen = editor.preview(lamps)
    assert (seen.added.document.id, seen.replaces, seen.version, seen.twin) == ("lamps", None, "", None)
    assert ids(editor) == ["harbour"]
    assert put(editor, lamps, seen).document == seen.added.document
    assert ids(editor) == ["harbour", "lamps"]


@pytest.mark.parametrize("name", ["harbour.md", "Harbour.txt"])
def test_a_file_whose_name_gives_the_id_of_a_document_replaces_it(
    editor: CorpusEditor, tmp_path: Path, name: str
) -> None:
    file = written(tmp_path, name, LAMPS)
    seen = editor.preview(file)
    assert seen.replaces
    assert seen.replaces.title == "The harbour"
    assert put(editor, file, seen).replaced
    assert [document.title for document in editor.documents()] == ["The lamps"]


def test_a_file_named_as_the_file_of_a_document_replaces_that_document(
    editor: CorpusEditor, small_corpus: Path, tmp_path: Path
) -> None:
    (small_corpus / "harbour").rename(small_corpus / "port-ellen")
    file = written(tmp_path, "harbour.txt", LAMPS)
    seen = editor.preview(file)
    assert seen.added.document.id == "port-ellen"
    assert put(editor, file, seen).replaced
    assert ids(editor) == ["port-ellen"]


def test_of_two_documents_with_files_of_that_name_none_is_replaced(
    editor: CorpusEditor, small_corpus: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        shutil.copytree(small_corpus / "harbour", small_corpus / name)
    shutil.rmtree(small_corpus / "harbour")
    seen = editor.preview(written(tmp_path, "harbour.txt", LAMPS))
    assert (seen.added.document.id, seen.replaces) == ("harbour", None)


def test_the_very_same_file_is_known_under_another_name(editor: CorpusEditor, tmp_path: Path) -> None:
    twin = editor.preview(written(tmp_path, "again.txt", SMALL_TEXT)).twin
    assert twin
    assert twin.id == "harbour"
    assert editor.preview(written(tmp_path, "other.txt", SMALL_TEXT.replace("nine", "nina"))).twin is None


def test_nothing_is_changed_that_was_not_looked_at(
    editor: CorpusEditor, small_corpus: Path, lamps: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, "harbour.txt", LAMPS)
    seen = editor.preview(file)
    file.write_text(f"{LAMPS}And in July.\n", encoding="utf-8")
    with pytest.raises(CurationError, match=r"file .* has changed"):
        put(editor, file, seen)
    file.write_text(LAMPS, encoding="utf-8")
    store_question(small_corpus / "harbour", 1, "en", "Which harbour is new?")
    with pytest.raises(CurationError, match="has changed"):
        put(editor, file, seen)
    with pytest.raises(CurationError, match="has changed"):
        editor.remove("harbour", seen.version)
    assert [document.title for document in editor.documents()] == ["The harbour"]


def test_of_many_at_once_one_puts_a_document(editor: CorpusEditor, lamps: Path) -> None:
    seen = editor.preview(lamps)

    def is_put(_: int) -> bool:
        try:
            return put(editor, lamps, seen).document.id == "lamps"
        except CurationError:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(is_put, range(8))) == 1
    assert len(library.load_document(editor.folder / "lamps").passages) == 2


def test_a_document_is_removed_but_not_the_only_one(editor: CorpusEditor, lamps: Path) -> None:
    with pytest.raises(CorpusError, match="only document"):
        editor.remove("harbour", editor.version("harbour"))
    put(editor, lamps, editor.preview(lamps))
    editor.remove("harbour", editor.version("harbour"))
    assert ids(editor) == ["lamps"]


def test_documents_are_found_by_words_and_by_code(editor: CorpusEditor, lamps: Path) -> None:
    put(editor, lamps, editor.preview(lamps))
    assert [document.id for document in editor.documents("LAMP")] == ["lamps"]
    assert [document.id for document in editor.documents("the har")] == ["harbour"]
    assert editor.by_code(editor.code("lamps")) == editor.found("lamps")
    assert editor.by_code("nothing") is None


def test_a_folder_that_is_not_there_yet_holds_nothing_and_is_made(tmp_path: Path, lamps: Path) -> None:
    editor = CorpusEditor(tmp_path / "new")
    assert ids(editor) == []
    put(editor, lamps, editor.preview(lamps))
    assert ids(editor) == ["lamps"]


def test_what_cannot_be_read_is_refused(editor: CorpusEditor, tmp_path: Path) -> None:
    with pytest.raises(DocumentReadError):
        editor.preview(written(tmp_path, "blank.txt", " \n\n"))
