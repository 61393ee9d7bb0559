from pathlib import Path

import pytest

from assemblybot.corpus import library
from assemblybot.errors import CorpusError, DocumentReadError
from tests.conftest import ROOT


def test_the_shipped_corpus_is_complete() -> None:
    document = library.load(ROOT / "corpus").documents[0]
    numbers = [p.number for p in document.passages]
    for language in ("ary", "en", "es", "fr"):
        assert sorted(document.translations[language]) == numbers
        assert all(document.translations[language].values())
    for number in numbers:
        asked = document.asked_as[number]
        assert sorted(asked) == sorted(("ar", "ary", "ary-Latn", "en", "es", "fr"))
        assert {len(questions) for questions in asked.values()} <= set(range(4, 9))
    views = {q for asked in document.asked_as.values() for qs in asked.values() for q in qs}
    assert len(document.questions) > 500
    assert sum(q.text in views for q in document.questions) <= len(document.questions) * 0.02


def test_the_article_is_not_among_the_questions_it_is_measured_on() -> None:
    import json

    document = library.load(ROOT / "corpus").documents[0]
    asked = {q for by in document.asked_as.values() for qs in by.values() for q in qs}
    lines = (ROOT / "tests/data/dev.jsonl").read_text(encoding="utf-8").splitlines()
    dev = [json.loads(line)["question"] for line in lines]
    assert sum(question in asked for question in dev) <= len(dev) * 0.05


def test_add_then_load(tmp_path: Path) -> None:
    source = tmp_path / "News of May.txt"
    source.write_text("The harbour opened.\n\nEverybody came to see it.\n", encoding="utf-8")
    corpus = tmp_path / "corpus"
    assert library.add(source, corpus) == ["news-of-may"]
    document = library.load(corpus).documents[0]
    assert document.metadata.language == "en"
    assert [p.id for p in document.passages] == ["news-of-may#1", "news-of-may#2"]
    assert (corpus / "news-of-may" / source.name).read_bytes() == source.read_bytes()
    with pytest.raises(CorpusError, match="already has"):
        library.add(source, corpus)


def test_add_a_folder_takes_what_can_be_read(tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    (source / "a.md").write_text("# A\n\nText of a.\n", encoding="utf-8")
    (source / "deep" / "b.txt").write_text("Text of b.\n", encoding="utf-8")
    (source / "c.png").write_bytes(b"\x89PNG")
    assert library.add(source, tmp_path / "corpus") == ["a", "b"]


def test_nothing_is_added_when_one_file_is_bad(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text("Good text.", encoding="utf-8")
    (source / "b.txt").write_bytes(b"\xff\xfe\x00bad\x00\xd8")
    with pytest.raises(DocumentReadError):
        library.add(source, tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


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
        ("asked-as.toml", '[passages.99]\nen = ["x"]\n', "no passage 99"),
        ("questions.toml", '[[questions]]\ntext = "x"\n', "lacks"),
    ],
)
def test_descriptions_that_do_not_fit(small_corpus: Path, name: str, content: str, says: str) -> None:
    path = small_corpus / "harbour" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=says):
        library.load(small_corpus)


def test_the_fingerprint_follows_every_file(small_corpus: Path) -> None:
    before = library.fingerprint(small_corpus)
    assert before == library.fingerprint(small_corpus)
    (small_corpus / "harbour" / "asked-as.toml").write_text('[passages.1]\nen = ["x"]\n', encoding="utf-8")
    assert library.fingerprint(small_corpus) != before
