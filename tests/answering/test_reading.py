"""What the cross-encoder is given of a passage, and what two readings say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from assemblybot import Assistant
from assemblybot.answering.query import query
from assemblybot.answering.reading import more_doubtful, read
from assemblybot.corpus.document import PassageKind
from assemblybot.embedding.cross_encoder import CrossEncoder, Reading
from assemblybot.text.language import Language
from assemblybot.text.sentences import Span

ARTICLE = "marrakech-2025"


class Listening:
    """Keeps what it is given to read."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self.rows += passages
        return [Reading(0.0, 0.0, Span(0, 1))] * len(passages)


def given(assistant: Assistant, text: str, language: Language, passage: int) -> tuple[str, str]:
    reader = Listening()
    asked = query(text, language, assistant.embedder)
    read(cast(CrossEncoder, reader), assistant.index, asked, assistant.index.position[f"{ARTICLE}#{passage}"])
    return reader.rows[0]


def test_of_two_readings_each_score_is_the_lower_one() -> None:
    one, other = Reading(2.0, -1.0, Span(0, 3)), Reading(1.0, 4.0, Span(5, 9))
    assert more_doubtful(one, other) == Reading(1.0, -1.0, Span(0, 3))
    assert more_doubtful(other, one) == Reading(1.0, -1.0, Span(5, 9))


@pytest.mark.parametrize("number", [20, 24, 40])
def test_a_passage_is_read_in_the_language_of_the_question(assistant: Assistant, number: int) -> None:
    document = assistant.index.documents[ARTICLE]
    passages, french = document.passages, document.translations["fr"]
    passage = passages[number - 1]
    above = [
        other
        for other in passages[:number]
        if other.kind is PassageKind.TITLE
        or (other.kind is PassageKind.HEADING and other.text == passage.section)
        or other.number == passage.lead_in
    ]
    assert len(above) >= 2
    context, text = given(assistant, "Qui a écrit cet article ?", "fr", number)
    assert text == french[number]
    places = [context.index(french[other.number]) for other in above]
    assert places == sorted(places)
    context, text = given(assistant, "من كتب هذا المقال؟", "ar", number)
    assert text == passage.text
    assert all(other.text in context for other in above)
