"""What may be seen of an answer: words of a user in no log, and what belongs to a document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assemblybot import Answer, Context, Verdict
from assemblybot.answering.answer import Source
from tests.doubles.answers import citation, document

SECRET = "Where is my passport?"


@pytest.mark.parametrize(
    "held",
    [
        Context(SECRET),
        Context(refused=SECRET),
        Answer(SECRET, "en", Verdict.NOT_IN_CORPUS, 0.1),
    ],
    ids=["context", "refused", "answer"],
)
def test_what_was_asked_shows_in_no_representation(held: object) -> None:
    assert "passport" not in repr(held)


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [(10, 20, True), (0, 11, True), (19, 30, True), (12, 13, True), (0, 10, False), (20, 30, False)],
)
def test_a_citation_overlaps_what_shares_a_character_with_it(start: int, end: int, overlaps: bool) -> None:
    cited = replace(citation(3, "en"), start=10, end=20)
    assert cited.overlaps(cited.document, start, end) is overlaps
    assert not cited.overlaps("another", start, end)


def test_a_source_is_read_at_its_own_address_or_in_the_reader() -> None:
    metadata = document().metadata
    own = replace(metadata, source_url="https://example.org/a")
    assert Source(own, page="https://bot.example.org/a").address == "https://example.org/a"
    assert Source(replace(metadata, source_url=None), page="https://bot.example.org/a").address == (
        "https://bot.example.org/a"
    )
    source = Source(metadata, titles={"fr": "La session"})
    assert (source.title("fr"), source.title("es")) == ("La session", metadata.title)


def test_the_language_of_a_conversation_is_that_of_its_last_turn_or_of_its_question() -> None:
    assert Context("Qui a écrit cet article ?", language="es").spoken == "es"
    assert Context("Qui a écrit cet article ?").spoken == "fr"
    assert Context().spoken is None
