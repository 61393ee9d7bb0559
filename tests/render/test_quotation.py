"""The sentence that answers, in both languages, and the rest of the passage."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.answering.answer import Citation, Translation
from assemblybot.render.quotation import Excerpt, Marked, as_line, first_number, quotation, without_bullet
from assemblybot.text.sentences import Span
from tests.doubles import answers

TEXT = "It opened in May. It was late, says the mayor of the town by the sea. It closed again."


def cited(translation: str, marked: str = "", text: str = TEXT) -> Citation:
    start = text.index(marked)
    highlights = ((start, start + len(marked)),) if marked else ()
    return replace(
        answers.citation(3, "en"),
        text=text,
        highlights=highlights,
        translation=Translation("fr", translation),
    )


def translated(citation: Citation) -> Excerpt:
    found = quotation(citation).translation
    assert found is not None
    return found


def test_sentences_and_clauses_pair_off() -> None:
    french = "Il a ouvert en mai. Il était en retard, dit le maire de la ville sur la mer. Il a refermé."
    found = quotation(cited(french, "says the mayor"))
    assert found.original.answer.text == "It was late, says the mayor of the town by the sea."
    assert found.original.rest == "It opened in May. […] It closed again."
    assert found.translation is not None
    assert found.translation.answer.text == "Il était en retard, dit le maire de la ville sur la mer."
    assert found.translation.rest == "Il a ouvert en mai. […] Il a refermé."
    assert found.translation.answer.highlights


def test_a_translation_that_does_not_pair_off_is_shown_whole() -> None:
    found = translated(cited("Ouvert en mai et fermé de nouveau.", "in May"))
    assert found.answer.text == "Ouvert en mai et fermé de nouveau."
    assert found.rest == ""


def test_nothing_highlighted_is_all_shown() -> None:
    found = quotation(cited("Un. Deux. Trois."))
    assert found.original.answer.text == TEXT
    assert found.translation is not None
    assert found.translation.answer.text == "Un. Deux. Trois."
    assert found.original.rest == found.translation.rest == ""


@given(st.text("ab. ،,؟\n", max_size=60), st.text("ab. ،,؟\n", max_size=60), st.data())
def test_any_text_keeps_every_word(text: str, other: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    citation = replace(cited(other), text=text, highlights=((start, end),))
    found = quotation(citation)
    for excerpt, whole in ((found.original, text), (translated(citation), other)):
        words = [*excerpt.answer.text.split(), *excerpt.rest.replace("[…]", " ").split()]
        assert sorted(words) == sorted(whole.split())
        assert all(0 <= a <= b <= len(excerpt.answer.text) for a, b in excerpt.answer.highlights)


@given(st.text("ab. ،,؟\n", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_part_of_a_text_keeps_the_marks_inside_it(text: str, start: int, length: int) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    part = Marked(text, ((1, 3), (10, 20))).part(span)
    assert part.text == text[span.start : span.end]
    assert all(0 <= a < b for a, b in part.highlights)
    assert Marked("one two three", ((0, 5), (8, 13))).part(Span(4, 10)).highlights == ((0, 1), (4, 6))


def test_a_passage_without_a_translation_has_none() -> None:
    assert quotation(replace(cited("", "in May"), translation=None)).translation is None


@pytest.mark.parametrize(
    ("item", "line", "bare"),
    [
        ("three lamps", "• three lamps", "three lamps"),
        ("• three lamps", "• three lamps", "three lamps"),
        ("- trois lampes", "• trois lampes", "trois lampes"),
        ("▪ ثلاثة مصابيح", "• ثلاثة مصابيح", "ثلاثة مصابيح"),
        ("2. tres lámparas", "2. tres lámparas", "2. tres lámparas"),
        ("٣) ثلاثة مصابيح", "٣) ثلاثة مصابيح", "٣) ثلاثة مصابيح"),
        ("a) une lampe", "a) une lampe", "a) une lampe"),
        ("• a) une lampe", "a) une lampe", "a) une lampe"),
        ("-5 °C", "• -5 °C", "-5 °C"),
    ],
)
def test_an_item_has_one_mark(item: str, line: str, bare: str) -> None:
    assert as_line(item) == line
    assert without_bullet(item) == bare


@pytest.mark.parametrize(
    ("items", "first"),
    [
        (["1. a", "2. b"], 1),
        (["4) a", "5) b", "6) c"], 4),
        (["٣. أ", "٤. ب"], 3),
        (["1. a", "3. b"], None),
        (["1. a", "b"], None),
        (["• a", "• b"], None),
        ([], None),
    ],
)
def test_numbers_in_turn_are_a_numbered_list(items: list[str], first: int | None) -> None:
    assert first_number(items) == first
