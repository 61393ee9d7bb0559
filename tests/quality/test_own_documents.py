"""Floors of quality on three documents for which no question was stored: 60 questions in five languages.

A floor is the figure measured when it was set, less what chance may take away.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Verdict
from assemblybot.evaluation.run import Case
from tests.quality.conftest import HERE

FLOORS: Mapping[str, Mapping[str, float]] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
TALK = (HERE / "talk.txt").read_text("utf-8").splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("language", sorted(FLOORS["first right"]))
def test_the_first_citation_is_right(own_cases: Sequence[Case], language: str) -> None:
    asked = [c for c in own_cases if c.question.answerable and language in (c.question.language, "all")]
    assert sum(case.outcome.rank == 1 for case in asked) / len(asked) >= FLOORS["first right"][language]


@pytest.mark.slow
def test_a_question_has_the_same_answer_in_every_language(own_cases: Sequence[Case]) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    for case in own_cases:
        if case.question.answerable:
            group = case.question.id.removesuffix(f"-{case.question.language}")
            groups[group].append(case.answer.best.passage if case.answer.best else "")
    same = [passage == first for first, *others in groups.values() for passage in others]
    assert sum(same) / len(same) >= FLOORS["same passage"]["all"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["near", "far"])
def test_what_the_documents_do_not_say_is_refused_or_reserved(own_cases: Sequence[Case], kind: str) -> None:
    asked = [case.outcome for case in own_cases if case.question.type == kind]
    assert sum(one.refused or one.unsure for one in asked) / len(asked) >= FLOORS["not sure"][kind]


def test_talk_is_not_answered(own_assistant: Assistant) -> None:
    answers = [own_assistant.answer(line) for line in TALK]
    answered = [answer for answer in answers if answer.verdict is Verdict.ANSWERED]
    sure = [answer.question for answer in answered if not answer.is_unsure]
    assert len(answered) / len(TALK) <= FLOORS["talk"]["answered at most"]
    assert len(sure) / len(TALK) <= FLOORS["talk"]["surely at most"]
