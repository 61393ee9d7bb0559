"""What known questions let expect: the closed form, and the rows it is read from."""

from __future__ import annotations

import numpy as np
import pytest

from assemblybot.answering.assistant import Assistant
from assemblybot.answering.expectation import Expectation, expectations, fit, known_rows
from assemblybot.index.index import VARIANT
from assemblybot.index.views import FIRST_KNOWN


@pytest.fixture
def vectors() -> np.ndarray:
    """Forty unit vectors about two directions: the first thirty are answered, ten are not."""
    chance = np.random.default_rng(7)
    middle = np.repeat(np.eye(8)[:2], [30, 10], axis=0)
    rows = middle + 0.4 * chance.normal(size=(40, 8))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


ANSWERED = np.arange(40) < 30


def test_what_the_others_let_expect_is_what_a_fit_without_the_question_says(vectors: np.ndarray) -> None:
    likeness = vectors @ vectors.T
    _, expected = fit(likeness, ANSWERED)
    for at in (0, 17, 35):
        rest = np.delete(np.arange(40), at)
        counts = np.where(ANSWERED, 1.0, 0.5 * 30 / 10)
        wanted = np.where(ANSWERED, 1.0, -1.0)
        wanted -= np.average(wanted, weights=counts)
        kernel = np.exp(3.0 * (likeness.astype(np.float64) - 1.0))
        system = kernel[np.ix_(rest, rest)] + np.diag(0.1 / counts[rest])
        assert kernel[at, rest] @ np.linalg.solve(system, wanted[rest]) == pytest.approx(expected[at])


def test_questions_like_open_ones_are_expected_to_stay_open(vectors: np.ndarray) -> None:
    weights, expected = fit(vectors @ vectors.T, ANSWERED)
    assert expected[ANSWERED].mean() > expected[~ANSWERED].mean() + 0.5
    known = Expectation(np.arange(40), weights)
    answered, still_open = np.eye(8, dtype=np.float32)[:2]
    assert known.of(vectors @ answered) > known.of(vectors @ still_open) + 0.5


def test_nothing_is_expected_where_no_question_is_answered(vectors: np.ndarray) -> None:
    weights, expected = fit(vectors @ vectors.T, np.zeros(40, dtype=bool))
    assert not weights.any()
    assert not expected.any()


def test_each_known_question_has_a_row_of_its_own_text(assistant: Assistant) -> None:
    index = assistant.index
    for document, known in expectations(index).items():
        numbers = index.table[known.rows, VARIANT] - FIRST_KNOWN
        assert len(known.rows) == len(np.unique(numbers))
        rows = known_rows(index, document, numbers)
        assert np.array_equal(rows, known.rows)
        texts = ["Who was elected Interpol president in Marrakech?", "من كتب المقال؟"]
        for text, vector in zip(texts, assistant.embedder.embed_queries(texts), strict=True):
            nearest = known.rows[np.argmax(index.vectors.scores(vector, known.rows))]
            still_open = index.open_rows(document)
            assert (still_open.start <= nearest < still_open.stop) == text.startswith("Who was elected")


def test_the_shipped_corpus_has_expectations(assistant: Assistant) -> None:
    assert expectations(assistant.index)
