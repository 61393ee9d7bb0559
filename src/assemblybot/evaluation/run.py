"""Answer every question of a file and sum up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assemblybot.answering.assistant import Assistant
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.questions import read


def evaluate(assistant: Assistant, path: Path) -> list[Outcome]:
    """One outcome a question, in file order."""
    questions = read(path, assistant.index.documents)
    return [measures.outcome(question, assistant.answer(question.text)) for question in questions]


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Overall figures, for files and comparisons."""
    european_and_arabic = [o for o in outcomes if o.question.language != "ary"]
    darija = [o for o in outcomes if o.question.language == "ary"]
    return {
        "questions": len(outcomes),
        "r1": measures.first_right(outcomes).value,
        "r1_ar_fr_en_es": measures.first_right(european_and_arabic).value,
        "r1_darija": measures.first_right(darija).value,
        "r3": measures.first_right(outcomes, 3).value,
        "mrr10": measures.reciprocal_rank(outcomes),
        "refusal_recall": measures.refusals(outcomes, answerable=False).value,
        "refusal_precision": measures.refusal_precision(outcomes).value,
        "answerable_refused": measures.refusals(outcomes, answerable=True).value,
        "calibration_error": measures.calibration_error(outcomes),
    }
