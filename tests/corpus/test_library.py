import os
from pathlib import Path

import pytest

from assemblybot.corpus import adding, library
from assemblybot.errors import CorpusError
from tests.conftest import ROOT


def test_the_shipped_corpus_is_complete() -> None:
    document = library.load(ROOT / "corpus").documents[0]
    numbers = [p.number for p in document.passages]
    for language in ("ary", "en", "es", "fr"):
        assert sorted(document.translations[language]) == numbers
        assert all(document.translations[language].values())
    for number in numbers:
        assert sorted(document.questions[number]) == sorted(("ar", "ary", "ary-Latn", "en", "es", "fr"))


def test_the_article_is_not_among_the_questions_it_is_measured_on() -> None:
    import json

    document = library.load(ROOT / "corpus").documents[0]
    asked = {q for by in document.questions.values() for qs in by.values() for q in qs}
    lines = (ROOT / "tests/data/dev.jsonl").read_text(encoding="utf-8").splitlines()
    dev = [json.loads(line)["question"] for line in lines]
    assert sum(question in asked for question in dev) <= len(dev) * 0.05


def test_an_empty_or_missing_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        library.load(tmp_path / "none")
    with pytest.raises(CorpusError, match="no document"):
        library.load(tmp_path)


def test_a_loose_file_is_not_silently_left_out(tmp_path: Path) -> None:
    (tmp_path / "loose.txt").write_text("text", encoding="utf-8")
    with pytest.raises(CorpusError, match="lies loose"):
        library.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("document.toml", 'title = "x"\nlanguage = "en"\n', "lacks “file”"),
        ("document.toml", 'title = "x"\nlanguage = "xx"\nfile = "harbour.txt"\n', "language “xx”"),
        ("document.toml", "title = ", "cannot be read"),
        ("translations/fr.toml", '[passages]\n99 = "x"\n', "no passage 99"),
        ("translations/de.toml", '[passages]\n1 = "x"\n', "“de”"),
        ("questions.toml", '[passages.99]\nen = ["x"]\n', "no passage 99"),
        ("questions.toml", '[[questions]]\ntext = "x"\n', "questions: Extra inputs"),
        ("translations/fr.toml", "passages = 5\n", "passages: Input should be"),
        ("translations/fr.toml", '[passages]\n"١" = "x"\n', "pattern"),
        ("translations/fr.toml", '[passages]\n01 = "x"\n', "pattern"),
        ("questions.toml", "passages = [1]\n", "passages: Input should be"),
        ("questions.toml", "[passages.1]\nen = 5\n", "Input should be"),
        ("questions.toml", '[passages.1]\nde = ["x"]\n', "“de”"),
        ("document.toml", 'title = "x"\nlanguage = "en"\nfile = "a\\u0000.txt"\n', "not the name of a file"),
        (
            "document.toml",
            'title = "x"\nlanguage = "en"\nfile = "../harbour.txt"\n',
            "not the name of a file",
        ),
        ("document.toml", 'title = "x"\nlanguage = "en"\nfile = "/etc/hosts"\n', "not the name of a file"),
        ("document.toml", 'title = "x"\nlanguage = "en"\nfile = "gone.txt"\n', "cannot be opened"),
        (
            "document.toml",
            'title = "x"\nlanguage = "en"\nfile = "harbour.txt"\nsource_url = 5\n',
            "source_url",
        ),
        ("document.toml", "a = " + "[" * 100_000, "cannot be read"),
    ],
)
def test_descriptions_that_do_not_fit(small_corpus: Path, name: str, content: str, says: str) -> None:
    path = small_corpus / "harbour" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=says):
        library.load(small_corpus)


def test_a_pipe_named_by_a_description_is_not_opened(small_corpus: Path) -> None:
    (small_corpus / "harbour" / "harbour.txt").unlink()
    os.mkfifo(small_corpus / "harbour" / "harbour.txt")
    with pytest.raises(CorpusError, match="not a regular file"):
        library.load(small_corpus)


@pytest.mark.parametrize("name", ["notes.txt", ".extract.json"])
def test_a_pipe_in_the_place_of_a_file_that_was_added_is_not_opened(tmp_path: Path, name: str) -> None:
    corpus = tmp_path / "corpus"
    (tmp_path / "notes.txt").write_text("Notes\n\nThe wells were dug in June.\n", encoding="utf-8")
    assert list(adding.add([tmp_path / "notes.txt"], corpus))
    (corpus / "notes" / name).unlink()
    os.mkfifo(corpus / "notes" / name)
    if name == ".extract.json":
        assert library.load(corpus).documents[0].id == "notes"
    else:
        with pytest.raises(CorpusError, match="not a regular file"):
            library.load(corpus)


def test_a_name_that_is_not_utf8_does_no_harm(small_corpus: Path) -> None:
    before = library.fingerprint(small_corpus)
    (small_corpus / "harbour" / os.fsdecode(b"note-\xff\xfe.txt")).write_text("x", encoding="utf-8")
    assert library.load(small_corpus).fingerprint != before


@pytest.mark.parametrize("name", [b"bad\xff", b"line\nbreak"])
def test_a_folder_whose_name_cannot_be_shown_is_named(small_corpus: Path, name: bytes) -> None:
    (small_corpus / "harbour").rename(small_corpus / os.fsdecode(name))
    with pytest.raises(CorpusError, match="has a name that cannot be shown"):
        library.load(small_corpus)


@pytest.mark.parametrize("kept", ["[" * 100_000, "5\n5", "", "\0", "{}\n" + "[" * 100_000])
def test_a_torn_extract_is_read_anew(small_corpus: Path, kept: str) -> None:
    before = library.load(small_corpus).passages
    (small_corpus / "harbour" / ".extract.json").write_text(kept)
    assert library.load(small_corpus).passages == before


def test_the_fingerprint_follows_every_file(small_corpus: Path) -> None:
    before = library.fingerprint(small_corpus)
    assert before == library.fingerprint(small_corpus)
    (small_corpus / "harbour" / "questions.toml").write_text('[passages.1]\nen = ["x"]\n', encoding="utf-8")
    assert library.fingerprint(small_corpus) != before
