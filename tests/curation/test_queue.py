"""What waits for a decision, and what no longer does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Answer, Verdict
from assemblybot.corpus.document import PassageKind
from assemblybot.curation.queue import Why, offered, question_id, queue
from assemblybot.session.base import Feedback, Reason
from assemblybot.session.identity import logged_as, rating_key_of
from assemblybot.session.question_log import LoggedQuestion
from tests.curation.conftest import NAMES
from tests.doubles import answers


def line(question: str, verdict: str = "not_in_corpus", hour: int = 9, **more: Any) -> LoggedQuestion:
    values = {"time": f"2026-01-05T{hour:02}Z", "language": "en", "verdict": verdict, "question": question}
    return LoggedQuestion.model_validate({**values, **more})


def rated(answer: Answer, **counts: Any) -> dict[str, Feedback]:
    return {rating_key_of(NAMES, answer): Feedback(**counts)}


@pytest.mark.parametrize(
    ("logged", "why"),
    [
        ([line("Who?")], (Why.REFUSED,)),
        ([line("Who?", "answered", unsure=True)], (Why.CLOSE,)),
        ([line("Who?", "answered")], ()),
        ([line("Thanks", "not_a_question")], ()),
        ([line("\u200f\u202e")], ()),
        # the last time counts: an answer that came to be good is not to be decided
        ([line("Who?"), line("who ?", hour=8), line("WHO?", "answered", hour=10)], ()),
        ([line("Who?", "answered"), line(" who? ")], (Why.REFUSED,)),
    ],
)
def test_what_waits(logged: list[LoggedQuestion], why: tuple[Why, ...]) -> None:
    found = [one for one in queue(logged, {}, NAMES) if question_id("who?") == one.id]
    assert tuple(reason for one in found for reason in one.why) == why


def test_a_question_is_one_however_it_was_typed_and_the_most_frequent_comes_first() -> None:
    logged = [
        line("Once?", hour=12),
        line("Twice?", hour=1),
        line("  TWICE? ", hour=2),
        line("Late?", hour=13),
    ]
    found = queue(logged, {}, NAMES)
    assert [(one.question, one.times, one.last) for one in found] == [
        ("  TWICE? ", 2, "2026-01-05T02Z"),
        ("Late?", 1, "2026-01-05T13Z"),
        ("Once?", 1, "2026-01-05T12Z"),
    ]
    assert [one.question for one in queue(logged, {}, NAMES, {question_id("twice?")})] == ["Late?", "Once?"]


def test_a_thumbs_down_brings_an_answer_into_the_queue_as_long_as_it_is_kept() -> None:
    answer = replace(answers.answered("en"), question="Who came?")
    cited = [citation.passage for citation in answer.citations]
    named = logged_as(NAMES, rating_key_of(NAMES, answer))
    logged = [line(answer.question, "answered", cited=cited, answer=named)]
    given = rated(answer, not_helpful=2, reasons={Reason.WRONG_PASSAGE: 1})
    (one,) = queue(logged, given, NAMES)
    assert (one.why, one.unhelpful, one.reasons) == ((Why.UNHELPFUL,), 2, {Reason.WRONG_PASSAGE: 1})
    assert one.cited == tuple(cited)
    assert queue(logged, rated(answer, helpful=3), NAMES) == []
    assert queue(logged, {}, NAMES) == []  # taken back, forgotten or too old


def test_a_refusal_may_be_rated_too() -> None:
    refusal = Answer("Who?", "en", Verdict.NOT_IN_CORPUS, 0.1)
    logged = [line("Who?", answer=logged_as(NAMES, rating_key_of(NAMES, refusal)))]
    (one,) = queue(logged, rated(refusal, not_helpful=1), NAMES)
    assert one.why == (Why.REFUSED, Why.UNHELPFUL)


def test_a_heading_is_not_offered_but_what_stands_under_it(assistant: Assistant) -> None:
    headings = [one for one in assistant.index.passages if one.kind is PassageKind.HEADING]
    (queued,) = queue([line("Who?", cited=tuple(one.id for one in headings))], {}, NAMES)
    shown = offered(assistant, queued)
    assert PassageKind.HEADING not in {one.kind for one in shown}
    under = {f"{one.document}#{one.number + 1}" for one in headings}
    assert under & {one.passage for one in shown}
