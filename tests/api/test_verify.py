"""Quotes that stand, move or go as documents change; and what cannot be checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assemblybot.api.verify import Standing, references, verified, verify
from assemblybot.corpus import library
from assemblybot.errors import CitationError, CorpusError
from assemblybot.render.links import permalink
from assemblybot.render.reference import Reference, digest
from tests.conftest import SMALL_TEXT

QUOTE = "The harbour opened on 3 May 2021 after nine years of work."


def cited(corpus: Path) -> dict[str, object]:
    """A citation of the small corpus, as `ask --json` prints it (the fields that are checked)."""
    text = library.load_document(corpus / "harbour").text
    return {
        "document": "harbour",
        "quote": QUOTE,
        "quote_start": text.index(QUOTE),
        "document_sha256": digest(text),
        "index": "0123456789abcdef",
        "score": 1.0,
    }


def reference(corpus: Path) -> Reference:
    return references(json.dumps(cited(corpus)))[0]


def rewrite(corpus: Path, text: str, document: str = "harbour") -> None:
    (corpus / document / "harbour.txt").write_text(text, encoding="utf-8")


def test_a_quote_stands(small_corpus: Path) -> None:
    found = verify(small_corpus, reference(small_corpus))
    assert (found.standing, found.exit_code, found.passage, found.unchanged) == (
        Standing.STANDS,
        0,
        "harbour#3",
        True,
    )


def test_a_quote_stands_while_the_document_changes_behind_it(small_corpus: Path) -> None:
    asked = reference(small_corpus)
    rewrite(small_corpus, SMALL_TEXT + "\nOne more line about the lamps.\n")
    found = verify(small_corpus, asked)
    assert (found.standing, found.unchanged) == (Standing.STANDS, False)
    assert "changed elsewhere" in str(found)


def test_a_quote_moves_in_its_document(small_corpus: Path) -> None:
    asked = reference(small_corpus)
    rewrite(small_corpus, SMALL_TEXT.replace("By Ana Torres", "By Ana Torres\n\nA word before all others."))
    found = verify(small_corpus, asked)
    text = library.load_document(small_corpus / "harbour").text
    assert (found.standing, found.exit_code, found.passage) == (Standing.MOVED, 1, "harbour#4")
    assert text[found.start : found.end] == QUOTE


def test_of_several_places_the_nearest_counts(small_corpus: Path) -> None:
    asked = reference(small_corpus)
    rewrite(small_corpus, f"{SMALL_TEXT}\n{QUOTE}\n".replace("By Ana Torres", "By Ana Torres and Bo"))
    assert verify(small_corpus, asked).passage == "harbour#3"


def test_a_quote_moves_to_another_document(small_corpus: Path) -> None:
    asked = reference(small_corpus)
    (small_corpus / "harbour").rename(small_corpus / "port")
    found = verify(small_corpus, asked)
    assert (found.standing, found.passage, found.unchanged) == (Standing.MOVED, "port#3", None)


@pytest.mark.parametrize("now", ["2022", "2O21", "2021 "])
def test_a_quote_of_which_one_character_changed_is_gone(small_corpus: Path, now: str) -> None:
    asked = reference(small_corpus)
    rewrite(small_corpus, SMALL_TEXT.replace("2021", now))
    found = verify(small_corpus, asked)
    assert (found.standing, found.exit_code, found.passage) == (Standing.GONE, 8, None)
    assert "The harbour opened" in str(found)


def test_a_permalink_says_the_same_as_its_json(small_corpus: Path) -> None:
    asked = reference(small_corpus)
    link = permalink("https://example.org", 3, asked, QUOTE)
    assert [found.standing for found in verified([link], lambda _: small_corpus)] == [Standing.STANDS]
    rewrite(small_corpus, SMALL_TEXT.replace("nine years", "ten years"))
    assert [found.standing for found in verified([link], lambda _: small_corpus)] == [Standing.GONE]


def test_every_citation_of_an_answer_is_checked(small_corpus: Path) -> None:
    one = cited(small_corpus)
    other = {**one, "quote": "It never opened."}
    for given in ({"verdict": "answered", "citations": [one, other]}, [one, other]):
        found = list(verified([json.dumps(given)], lambda _: small_corpus))
        assert [finding.standing for finding in found] == [Standing.STANDS, Standing.GONE]
        assert json.loads(found[0].to_json())["standing"] == "stands"


@pytest.mark.parametrize(
    "given",
    [
        "{",
        "[]]",
        "{}",
        '{"citations": []}',
        '{"document": "harbour", "quote": "a"}',
        '{"document": "a", "quote": "", "quote_start": 0, "document_sha256": "'
        + "0" * 64
        + '", "index": ""}',
        '{"document": "a", "quote": "b", "quote_start": -1, "document_sha256": "'
        + "0" * 64
        + '", "index": ""}',
        '{"document": "a", "quote": "b", "quote_start": 0, "document_sha256": "nonsense", "index": ""}',
        "[" * 100_000,
    ],
)
def test_json_that_is_no_citation(given: str) -> None:
    with pytest.raises(CitationError, match="no answer and no citation"):
        references(given)


@pytest.mark.parametrize("document", ["../harbour", "/etc", "..", "harbour/../harbour"])
def test_no_file_outside_the_corpus_is_read(small_corpus: Path, document: str) -> None:
    (small_corpus.parent / "harbour.txt").write_text(QUOTE, encoding="utf-8")
    asked = Reference.of(document, 0, QUOTE.replace("harbour", "secret"))
    assert verify(small_corpus, asked).standing is Standing.GONE


def test_without_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        verify(tmp_path / "no", Reference.of("a", 0, "b"))
