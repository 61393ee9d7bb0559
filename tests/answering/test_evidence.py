"""What a follow-up and the question before it say together, and what is told of the evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from assemblybot import Assistant
from assemblybot.answering.evidence import Evidence, Searcher, asked_numbers
from assemblybot.answering.query import Query
from assemblybot.answering.retrieve import FEATURES, EntryScores
from assemblybot.embedding.cross_encoder import Reading
from assemblybot.text.language import Language
from assemblybot.text.sentences import Span
from tests.answering import gathered
from tests.doubles.answers import document
from tests.doubles.indexes import copies, index_of

NOTHING = cast(Any, None)
WHO, WHERE = 4, 9


def evidence(totals: Mapping[int, float], confidence: float = 0.5, **found: Any) -> Evidence:
    """Evidence for passages with these totals, best first."""
    none = np.zeros(1, np.float32)
    positions = sorted(totals, key=lambda position: -totals[position])
    made = gathered.evidence(EntryScores(none, none), positions, [math.exp(totals[p]) for p in positions])
    timings = dict.fromkeys(("encode", "search", "read"), confidence)
    return replace(made, confidence=confidence, timings=timings, **found)


def follow_up(alone: Evidence, joined: Evidence, text: str = "and in Rabat?") -> Evidence:
    """What is found for a follow-up when this is found for it, and for it and the question before."""

    class Told(Searcher):
        def evidence(self, text: str, language: Language) -> Evidence:
            return joined if text.startswith("Who came? ") else alone

    searcher = Told(index_of(document(), *copies(document(), 1)), NOTHING, NOTHING, NOTHING)
    return searcher.follow_up(text, "Who came?", "en", document().id)


@pytest.mark.parametrize(
    ("alone", "joined", "best"),
    [
        ({WHO: 0.0, WHERE: 2.0}, {WHO: 3.0, WHERE: 0.0}, WHERE),
        ({WHO: 0.0, WHERE: 1.0}, {WHO: 3.0, WHERE: 0.0}, WHO),
        ({WHO: 0.0, WHERE: 0.0}, {WHO: 0.5, WHERE: 0.0}, WHO),
    ],
)
def test_the_question_before_counts_less_than_the_follow_up_and_decides_where_that_does_not(
    alone: dict[int, float], joined: dict[int, float], best: int
) -> None:
    found = follow_up(evidence(alone), evidence(joined))
    assert found.passages[0] == best
    assert list(found.totals) == sorted(found.totals, reverse=True)


def test_a_passage_that_does_not_fit_the_question_before_counts_as_the_one_that_fits_it_least() -> None:
    found = follow_up(evidence({WHO: 0.0, WHERE: 0.5}), evidence({WHO: 4.0, 20: -2.0}))
    assert found.passages == (WHO, WHERE)
    assert found.totals == pytest.approx([2.0, -0.5])


@pytest.mark.parametrize(("alone", "joined"), [(0.2, 0.7), (0.7, 0.2)])
def test_a_follow_up_is_as_sure_as_the_surer_of_both(alone: float, joined: float) -> None:
    readings = [{WHO: Reading(place, place, Span(0, 1))} for place in (1.0, 2.0)]
    one = evidence({WHO: 0.0}, alone, readings=readings[0], originals={}, signals=np.array([alone]))
    other = evidence(
        {WHO: 0.0}, joined, readings=readings[1], originals=readings[1], signals=np.array([joined])
    )
    found = follow_up(one, other)
    assert (found.confidence, list(found.signals)) == (0.7, [0.7])
    assert (found.readings, found.originals) == (readings[0], readings[1])
    assert found.timings == pytest.approx(dict.fromkeys(("encode", "search", "read"), 0.9))


@pytest.mark.parametrize(
    ("alone", "joined", "confidence"),
    [
        ({WHO: 0.0, WHERE: 2.0}, {WHO: 3.0, WHERE: 0.0}, 0.9),
        ({WHO: 0.0, WHERE: 1.0}, {WHO: 3.0, WHERE: 0.0}, 0.2),
        ({WHO: 1.0, 20: 0.9}, {20: 3.0, WHO: 0.0, WHERE: 3.1}, 0.2),
    ],
)
def test_a_follow_up_is_not_as_sure_as_evidence_for_another_passage(
    alone: dict[int, float], joined: dict[int, float], confidence: float
) -> None:
    found = follow_up(evidence(alone, 0.9), evidence(joined, 0.2))
    assert found.confidence == confidence


@pytest.mark.parametrize("text", ["and where?", "وأين؟", "¿y dónde?", "fin?"])
def test_a_follow_up_that_says_nothing_by_itself_is_about_the_document_cited_before(text: str) -> None:
    elsewhere = len(document().passages) + WHERE
    alone, joined = evidence({elsewhere: 9.0, WHO: 1.0}, 0.9), evidence({WHO: 2.0, elsewhere: 0.0}, 0.2)
    assert follow_up(alone, joined, "and the mayor?").passages == (elsewhere, WHO)
    found = follow_up(alone, joined, text)
    assert (found.passages, found.confidence) == ((WHO,), 0.2)


def test_a_follow_up_is_found_elsewhere_if_the_document_cited_before_holds_nothing() -> None:
    elsewhere = len(document().passages) + WHERE
    found = follow_up(evidence({elsewhere: 9.0}), evidence({elsewhere: 2.0}), "and where?")
    assert found.passages == (elsewhere,)


def test_the_trace_tells_of_the_best_passages_and_of_those_that_were_read_how(assistant: Assistant) -> None:
    answer = assistant.answer("Who chaired the Moroccan delegation?")
    assert len(answer.trace) == 5
    assert answer.trace[0]["passage"] == answer.citations[0].passage
    totals = [row["total"] for row in answer.trace]
    assert totals == sorted(totals, reverse=True)
    assert all(row.keys() >= {"passage", "total", *FEATURES} for row in answer.trace)
    assert {"answers", "found"} <= answer.trace[0].keys()
    assert any("answers" not in row for row in answer.trace)


@pytest.mark.parametrize(("language", "asked"), [("fr", {"t5", 12}), ("ary-Latn", {12})])
def test_a_question_asks_for_numbers_and_codes(language: Language, asked: set[int | str]) -> None:
    text = "ligne t5, 12 stations"
    assert asked_numbers(Query(text, language, np.zeros(1, np.float32), text)) == asked
