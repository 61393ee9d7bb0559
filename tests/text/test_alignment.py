"""Parts of a translation are found by their lengths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.alignment import aligned, counterpart, marked_sentences
from assemblybot.text.sentences import Span, sentences
from tests.doubles import answers

LENGTHS = st.lists(st.integers(1, 400), max_size=40)


@pytest.mark.parametrize(
    ("original", "translation", "chosen", "found"),
    [
        ([100, 50, 80], [110, 60, 90], [1], {1}),
        ([100, 50, 80], [220, 120, 180], [0, 2], {0, 2}),
        ([200, 60], [90, 110, 60], [0], {0, 1}),
        ([90, 110, 60], [200, 60], [1], {0}),
        ([100, 100], [205], [0], {0}),
        # A translation of such lengths is loose, and still one: no part of it was made up.
        ([20, 20, 60], [60, 20], [2], {1}),
        ([100, 50], [], [0], set()),
        ([], [100], [], set()),
        ([100, 50], [100, 50], [], set()),
        ([0, 0], [10, 10], [0], set()),
    ],
)
def test_counterparts(
    original: list[int], translation: list[int], chosen: list[int], found: set[int]
) -> None:
    assert aligned(original, translation, chosen) == found


@pytest.mark.parametrize("language", ["en", "fr", "es", "ary"])
def test_sentences_of_the_article_belong_to_those_of_its_translations(language: str) -> None:
    document = answers.document()
    for number, text in document.translations[language].items():
        ours, theirs = ([e - s for s, e in sentences(t)] for t in (document.passages[number - 1].text, text))
        assert [aligned(ours, theirs, [i]) for i in range(len(ours))] == [{i} for i in range(len(theirs))]


@given(LENGTHS, LENGTHS)
def test_all_of_a_text_belongs_to_all_of_its_translation(original: list[int], translation: list[int]) -> None:
    found = aligned(original, translation, range(len(original)))
    assert found <= set(range(len(translation)))
    assert bool(found) <= bool(original)


def test_a_long_text_is_paired_in_no_time() -> None:
    lengths = [40 + number % 90 for number in range(3000)]
    assert aligned(lengths, lengths, [1500]) == {1500}


ARABIC = "افتتح المؤتمر يوم 24 نوفمبر 2025، بحضور وفود كثيرة من كل القارات. وانتهت أشغاله بعد ثلاثة أيام."
ENGLISH = (
    "With many delegations from every continent present, it opened on 24 November 2025."
    " It ended three days later."
)


def said(text: str, marked: str, translation: str) -> tuple[str, str | None]:
    start = text.index(marked)
    marks = [(start, start + len(marked))] if marked else []
    sentence, clause = counterpart(text, marks, translation)
    return sentence.slice(translation), clause and clause.slice(translation)


def test_sentences_and_clauses_stand_in_order() -> None:
    assert said(ARABIC, "وانتهت أشغاله", ENGLISH) == ("It ended three days later.",) * 2


def test_a_clause_that_stands_elsewhere_is_found_by_its_numbers() -> None:
    _, clause = said(ARABIC, "افتتح المؤتمر يوم 24 نوفمبر 2025،", ENGLISH)
    assert clause and "it opened on 24 November 2025." in clause


def test_a_sentence_that_is_marked_but_for_a_little_is_said_by_its_whole_translation() -> None:
    told = (
        "Speaking for more than an hour in the great hall of the congress palace without any notes before"
        " nearly two thousand guests from every continent on earth the president of the assembly thanked each"
        " and every one of the delegations that had made the very long way,"
    )
    french = (
        "La journée fut close ainsi, après que le président de l'assemblée, parlant plus d'une heure dans la"
        " grande salle du palais des congrès sans aucune note devant près de deux mille invités de tous les"
        " continents du monde, eut remercié chacune des délégations qui avaient fait ce très long chemin."
    )
    assert said(f"{told} and then he closed the day.", told, french) == (french, french)


def test_numbers_are_the_same_in_whatever_digits() -> None:
    arabic = "حضر اللقاء وفد كبير من بلدان كثيرة، وبلغ عدد أعضائه ١٧٩ مندوباً ومندوبة."
    english = (
        "Numbering 179 delegates in all, men and women, a delegation from many countries came to the meeting."
    )
    _, clause = said(arabic, "وبلغ عدد أعضائه ١٧٩ مندوباً ومندوبة.", english)
    assert clause and "179" in clause


@pytest.mark.parametrize("translation", ["One sentence. Another on 28 November.", "Nothing of it", ""])
def test_with_other_numbers_all_of_a_translation_is_taken(translation: str) -> None:
    assert said(ARABIC, "افتتح المؤتمر يوم 24", translation) == (translation, None)


def test_without_a_mark_everything_answers() -> None:
    assert marked_sentences(ARABIC, ()) == Span(0, len(ARABIC))
    assert said(ARABIC, "", ENGLISH) == (ENGLISH, None)
