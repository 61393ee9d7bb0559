"""Answer every question of a file and sum up, overall and by language and type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assemblybot.answering.assistant import Assistant
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome, Share
from assemblybot.evaluation.questions import read

HEADINGS = ("", "n", "R@1", "95 %", "R@3", "MRR@10", "refused", "unanswerable refused")


def evaluate(assistant: Assistant, path: Path) -> list[Outcome]:
    """One outcome a question, in file order."""
    questions = read(path, assistant.index.documents)
    return [measures.outcome(question, assistant.answer(question.text)) for question in questions]


def table(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    """Rows under `HEADINGS`: all questions, then each language, then each type."""
    yield _row("all", outcomes)
    by: tuple[Callable[[Outcome], str], ...] = (lambda o: o.question.language, lambda o: o.question.type)
    for key in by:
        for name in sorted({key(o) for o in outcomes}):
            yield _row(name, [o for o in outcomes if key(o) == name])


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Overall figures, for files and comparisons."""
    return {
        "questions": len(outcomes),
        "r1": measures.first_right(outcomes).value,
        "r3": measures.first_right(outcomes, 3).value,
        "mrr10": measures.reciprocal_rank(outcomes),
        "refusal_recall": measures.refusals(outcomes, answerable=False).value,
        "refusal_precision": measures.refusal_precision(outcomes).value,
        "answerable_refused": measures.refusals(outcomes, answerable=True).value,
        "calibration_error": measures.calibration_error(outcomes),
    }


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    first = measures.first_right(outcomes)
    low, high = first.interval
    return (
        name,
        str(len(outcomes)),
        _percent(first),
        f"{low:.2f}–{high:.2f}" if first.count else "",
        _percent(measures.first_right(outcomes, 3)),
        f"{measures.reciprocal_rank(outcomes):.3f}" if first.count else "",
        _percent(measures.refusals(outcomes, answerable=True)),
        _percent(measures.refusals(outcomes, answerable=False)),
    )


def _percent(share: Share) -> str:
    return f"{share.value:.3f}" if share.count else ""
