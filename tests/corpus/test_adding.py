import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assemblybot.corpus import adding, library
from assemblybot.corpus.adding import Added, Refused
from assemblybot.corpus.document import PassageKind
from assemblybot.errors import CorpusError
from tests.corpus.reading import written


def added(source: Path, corpus: Path, **options: Any) -> Added:
    [result] = adding.add([source], corpus, **options)
    assert isinstance(result, Added), result
    return result


def refused(source: Path, corpus: Path, **options: Any) -> str:
    [result] = adding.add([source], corpus, **options)
    assert isinstance(result, Refused), result
    return result.reason


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path, "News of May.txt", "The harbour opened.\n\nEverybody came to see it.\n")


def test_add_then_load(tmp_path: Path, source: Path) -> None:
    corpus = tmp_path / "corpus"
    result = added(source, corpus)
    [document] = library.load(corpus).documents
    assert document == result.document
    assert document.metadata.language == "en"
    assert [p.id for p in document.passages] == ["news-of-may#1", "news-of-may#2"]
    assert (corpus / "news-of-may" / source.name).read_bytes() == source.read_bytes()
    assert "already has" in refused(source, corpus)


def test_the_date_of_a_file_is_that_of_its_document(tmp_path: Path) -> None:
    corpus, text = tmp_path / "corpus", "# Fees\n\nForty euros.\n"
    file = written(tmp_path, "fees.md", f"---\ndate: 2024-03-01\n---\n{text}")
    assert added(file, corpus).document.metadata.day == date(2024, 3, 1)
    written(tmp_path, "fees.md", text)
    assert added(file, corpus, replace=True).document.metadata.day == date(2024, 3, 1)
    written(tmp_path, "fees.md", f"---\ndate: 2025-11-20\n---\n{text}")
    assert added(file, corpus, replace=True).document.metadata.day == date(2025, 11, 20)
    [document] = library.load(corpus).documents
    assert document.metadata.day == date(2025, 11, 20)


def test_a_folder_takes_what_can_be_read_and_lists_what_cannot(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    written(folder, "a.md", "# A\n\nText of a.\n")
    written(folder / "deep", "b.txt", "Text of b.\n")
    written(folder, "c.png", b"\x89PNG")
    written(folder, "d.txt", b"\x00\x01\x02" * 20)
    written(folder / "deep", "a.txt", "Another a.")
    written(folder, ".hidden", "x")
    (folder / "e.txt").symlink_to("/nowhere")
    os.mkfifo(folder / "f.txt")
    (folder / "g.txt").mkdir()
    seen: list[str] = []
    results = list(adding.add([folder], tmp_path / "corpus", progress=lambda n, of, name: seen.append(name)))
    assert [r.document.id for r in results if isinstance(r, Added)] == ["a", "b"]
    assert [r.file for r in results if isinstance(r, Refused)] == [
        "c.png",
        "d.txt",
        "a.txt",
        "e.txt",
        "f.txt",
    ]
    assert len(seen) == len(results)
    assert len(library.load(tmp_path / "corpus").documents) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("del.txt", "Report\x7f on wells\n\nThe wells were dug in June by three engineers.\n"),
        ("na\x7fme.txt", "Report\n\nThe wells were dug in June.\n"),
        ("back\\slash.txt", "Report\n\nThe wells were dug in June.\n"),
        ("quote.txt", 'The "good" \\ report\u2028\n\nThe wells were dug in June.\n'),
        ("CON.é.txt", "Rapport\n\nLes puits ont été creusés en juin.\n"),
        (os.fsdecode(b"bad\xff.txt"), "Report\n\nThe wells were dug in June.\n"),
        ("..txt", "Report\n\nThe wells were dug in June.\n"),
    ],
)
def test_what_was_added_can_be_read(tmp_path: Path, name: str, text: str) -> None:
    added(written(tmp_path, name, text), tmp_path / "corpus")
    [document] = library.load(tmp_path / "corpus").documents
    assert len(document.passages) == 2
    assert document.metadata.title.isprintable()


def test_a_dry_run_tells_files_that_become_the_same_document(tmp_path: Path) -> None:
    for name in ("rules.txt", "rules.md"):
        (tmp_path / name).write_text("The port opens at nine every morning.")
    found = list(
        adding.add([tmp_path / "rules.txt", tmp_path / "rules.md"], tmp_path / "corpus", dry_run=True)
    )
    assert [type(one) for one in found] == [Added, Refused]


def test_adding_reads_no_other_document(tmp_path: Path, source: Path) -> None:
    for number in range(3):
        folder = tmp_path / "corpus" / f"d{number}"
        folder.mkdir(parents=True)
        written(folder, "document.toml", "this is no description")
    added(source, tmp_path / "corpus")
    with pytest.raises(CorpusError, match="d0"):
        library.load(tmp_path / "corpus")


def test_a_dry_run_writes_nothing(tmp_path: Path, source: Path) -> None:
    assert len(added(source, tmp_path / "corpus", dry_run=True).document.passages) == 2
    assert not (tmp_path / "corpus").exists()


def test_replace_keeps_id_and_what_is_said_of_the_document(tmp_path: Path, source: Path) -> None:
    corpus = tmp_path / "corpus"
    added(source, corpus)
    described = corpus / "news-of-may" / "document.toml"
    with described.open("a", encoding="utf-8") as file:
        file.write('author = "A. Writer"\nplace = "Ellen"\n')
    written(corpus / "news-of-may", "questions.toml", '[passages.1]\nen = ["What opened?"]\n')
    assert added(source, corpus, replace=True).notes == ()
    assert library.load(corpus).documents[0].questions
    source.write_text("The harbour has closed.\n", encoding="utf-8")
    result = added(source, corpus, replace=True)
    [document] = library.load(corpus).documents
    assert result.replaced
    assert "set-aside" in result.notes[0]
    assert (document.id, document.metadata.author, document.metadata.about) == (
        "news-of-may",
        "A. Writer",
        {"place": "Ellen"},
    )
    assert [p.text for p in document.passages] == ["The harbour has closed."]
    assert (corpus / "news-of-may" / "set-aside" / "questions.toml").is_file()
    assert not list(corpus.glob(".*"))


def test_a_bad_file_replaces_nothing(tmp_path: Path, source: Path) -> None:
    corpus = tmp_path / "corpus"
    before = added(source, corpus).document
    source.write_bytes(b"\x00\x01" * 50)
    assert "binary" in refused(source, corpus, replace=True)
    assert library.load(corpus).documents == (before,)


def test_remove(tmp_path: Path, source: Path) -> None:
    corpus = tmp_path / "corpus"
    added(source, corpus)
    with pytest.raises(CorpusError, match="no document"):
        adding.remove("../corpus", corpus)
    adding.remove("news-of-may", corpus)
    assert not list(corpus.iterdir())


def test_the_language_is_that_of_most_of_the_text(tmp_path: Path) -> None:
    french = "Le conseil a décidé de construire un port nouveau pour les bateaux de la ville. " * 3
    path = written(
        tmp_path, "a.txt", f"The Harbour\n\nBy John\n\n{french}\n\nCita: «¿qué es esto, señor?»\n\n{french}\n"
    )
    assert added(path, tmp_path / "corpus").document.metadata.language == "fr"


def test_what_was_read_is_kept_and_read_anew_when_the_file_changes(tmp_path: Path, source: Path) -> None:
    corpus = tmp_path / "corpus"
    added(source, corpus)
    kept = corpus / "news-of-may" / ".extract.json"
    before = library.load(corpus)
    kept.write_bytes(kept.read_bytes()[:-20])
    assert library.load(corpus) == before
    (corpus / "news-of-may" / source.name).write_text("Changed by hand.\n", encoding="utf-8")
    assert [p.text for p in library.load(corpus).passages] == ["Changed by hand."]


def test_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        list(adding.add([tmp_path / "none"], tmp_path / "corpus"))
    with pytest.raises(CorpusError, match="can be read"):
        list(adding.add([tmp_path], tmp_path / "corpus"))


def test_kinds_survive_what_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "a.md", "# A\n\n## Plans\n\n- One\n- Two\n")
    kinds = [p.kind for p in added(path, tmp_path / "corpus").document.passages]
    assert kinds == [PassageKind.TITLE, PassageKind.HEADING, PassageKind.ITEM, PassageKind.ITEM]
