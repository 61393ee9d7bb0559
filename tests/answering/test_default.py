"""The default calibration on a document that it was not fitted on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assemblybot import Assistant, Verdict
from assemblybot.answering import calibrate, verdict_fit
from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.startup import silent


@pytest.fixture
def harbour(small_corpus: Path, embedder: Embedder) -> Assistant:
    index = build(library.load(small_corpus), embedder, calibrate.calibrate, silent)
    assert index.calibration == calibrate.default_calibration()
    return Assistant(index, embedder)


def test_what_the_document_says_is_answered(harbour: Assistant) -> None:
    for question, words in (
        ("When did the harbour open?", "3 May 2021"),
        ("How long did the work on the harbour take?", "nine years"),
        ("What did the council promise?", "A quay for ferries"),
        ("How much did the promises cost?", "forty million"),
        ("Where will the lamps be?", "sea wall"),
        ("Who pays for the school for divers?", "paid for by the port"),
        ("متى افتتح الميناء؟", "3 May 2021"),
    ):
        answer = harbour.answer(question)
        assert answer.verdict is Verdict.ANSWERED, question
        assert words in " ".join(citation.text for citation in answer.citations), question


def test_what_it_does_not_speak_of_is_refused(harbour: Assistant) -> None:
    for question in (
        "How do I bake a chocolate cake?",
        "Who won the world cup in 2018?",
        "What is the capital of Japan?",
        "What is the boiling point of water?",
        "Comment cuire un gâteau au chocolat ?",
        "Quelle est la hauteur de la tour Eiffel ?",
        "Quel temps fera-t-il demain ?",
        "¿Cómo se prepara una paella?",
        "¿Quién pintó las Meninas?",
        "ما وصفة الكسكس بالخضر؟",
        "من فاز بكأس العالم؟",
        "ما هو أعلى جبل في العالم؟",
        "كيفاش نصايب الطاجين ديال الدجاج؟",
        "kifach nsayb tajine dyal djaj?",
    ):
        assert harbour.answer(question).verdict is Verdict.NOT_IN_CORPUS, question


def test_no_evidence_weighs_against_an_answer() -> None:
    stored = calibrate.default_calibration()["verdict"]
    assert min(stored["weights"].values()) >= 0


def test_the_bar_is_where_answered_and_refused_shares_are_highest_together() -> None:
    known, unknown = np.array([0.4, 0.6, 0.8, 0.9]), np.array([0.1, 0.3, 0.5])
    assert verdict_fit.parting(known, unknown) == 0.6


def test_of_bars_that_part_about_as_well_the_lowest_is_taken() -> None:
    known, unknown = np.array([0.5] + [0.7] * 49), np.array([0.1] * 39 + [0.6])
    assert verdict_fit.parting(known, unknown) == 0.5
