"""Parts of a translation are found by their lengths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.alignment import counterparts
from assemblybot.text.sentences import sentences
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
        ([100, 50], [], [0], set()),
        ([], [100], [], set()),
        ([100, 50], [100, 50], [], set()),
        ([0, 0], [10, 10], [0], set()),
    ],
)
def test_counterparts(
    original: list[int], translation: list[int], chosen: list[int], found: set[int]
) -> None:
    assert counterparts(original, translation, chosen) == found


@pytest.mark.parametrize("language", ["en", "fr", "es", "ary"])
def test_sentences_of_the_article_belong_to_those_of_its_translations(language: str) -> None:
    document = answers.document()
    for number, text in document.translations[language].items():
        ours, theirs = ([e - s for s, e in sentences(t)] for t in (document.passages[number - 1].text, text))
        assert [counterparts(ours, theirs, [i]) for i in range(len(ours))] == [
            {i} for i in range(len(theirs))
        ]


@given(LENGTHS, LENGTHS)
def test_all_of_a_text_belongs_to_all_of_its_translation(original: list[int], translation: list[int]) -> None:
    found = counterparts(original, translation, range(len(original)))
    assert found <= set(range(len(translation)))
    assert bool(found) <= bool(original)


def test_a_long_text_is_paired_in_no_time() -> None:
    lengths = [40 + number % 90 for number in range(3000)]
    assert counterparts(lengths, lengths, [1500]) == {1500}
