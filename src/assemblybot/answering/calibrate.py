"""What an index learns about itself when it is built: fusion weights and the verdict models.

Examples are the questions of which it is known what the corpus says to them: known questions
and asked-as questions, each scored as if it were not known (`held_out.py`). Unanswerable examples
are known questions that no passage answers, and answerable ones scored as if the passages that
answer, their list and their heading were not there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any, Final

import numpy as np

from assemblybot.answering import fusion
from assemblybot.answering.expectation import EXPECTATIONS
from assemblybot.answering.fusion import Example, Weights
from assemblybot.answering.held_out import HeldOut, hold_out, with_expectations, without_answers
from assemblybot.answering.known import asked_as, drawn, known_questions
from assemblybot.answering.retrieve import PassageFeatures
from assemblybot.answering.verdict import ALL_SIGNALS, SIGNALS, Signals, signals
from assemblybot.answering.verdict_fit import fit_verdict
from assemblybot.embedding import Embedder
from assemblybot.index.index import Index

_FEWEST_QUESTIONS: Final = 60
_FOLDS: Final = 5


def calibrate(index: Index, embedder: Embedder) -> dict[str, Any]:
    """Fusion weights, verdict models and a summary, as stored in the index.

    `verdict` weighs evidence alone; `verdict with open questions` is for documents that list
    questions they do not answer. A corpus with few questions uses the default calibration.
    """
    known = list(known_questions(index))
    if sum(bool(question.right) for question in known) < _FEWEST_QUESTIONS:
        known += asked_as(index)
    answered = drawn([question for question in known if question.right])
    unanswered = drawn([question for question in known if not question.right])
    if len(answered) < _FEWEST_QUESTIONS:
        return default_calibration()
    scored = hold_out(index, [*answered, *unanswered], embedder)
    if sum(held.is_found for held in scored) < _FEWEST_QUESTIONS:
        return default_calibration()
    weights, scored = with_expectations(index, scored)
    fitted = _fit(index, scored[: len(answered)], scored[len(answered) :])
    return {**fitted, EXPECTATIONS: weights}


def default_calibration() -> dict[str, Any]:
    """What a corpus without questions of its own uses (`training/default_calibration.py`)."""
    stored = resources.files("assemblybot.answering") / "default-calibration.json"
    calibration: dict[str, Any] = json.loads(stored.read_text(encoding="utf-8"))
    return calibration


def calibrate_for_others(index: Index, embedder: Embedder) -> dict[str, Any]:
    """A default calibration from the known questions of `index`, for corpora that have none.

    Answerable examples are questions whose best passage is right: where it is wrong, a refusal
    would be. The others are those that no passage answers. No evidence weighs against an answer,
    as it may in a corpus whose own questions show that it should, and the bar is the confidence
    that parts both best.
    """
    known = list(known_questions(index))
    answered = hold_out(index, [question for question in known if question.right], embedder)
    unanswered = hold_out(index, [question for question in known if not question.right], embedder)
    examples = [Example(scored.features, scored.known.right) for scored in answered]
    learned = fusion.fit(examples)
    weights = fusion.weights_from(learned)
    right = [scored for scored in answered if _best(scored.features, weights) in scored.known.right]
    shown, unknown = (
        np.array([_signals(index, scored, weights) for scored in group]) for group in (right, unanswered)
    )
    verdict = fit_verdict(SIGNALS, shown, unknown, np.empty((0, len(SIGNALS))), for_others=True)
    summary = {
        "answerable questions": len(answered),
        "unanswerable questions": len(unanswered),
        "first right, cross-validated": _cross_validated(examples),
        "threshold": verdict["threshold"],
    }
    return {"fusion": learned, "verdict": verdict, "summary": summary}


def _fit(index: Index, answered: Sequence[HeldOut], unanswered: Sequence[HeldOut]) -> dict[str, Any]:
    examples = [Example(scored.features, scored.known.right) for scored in answered]
    learned = fusion.fit(examples)
    weights = fusion.weights_from(learned)
    removed = [left for scored in answered if (left := without_answers(index, scored))]
    groups = [
        [(scored, _signals(index, scored, weights)) for scored in group]
        for group in (answered, unanswered, removed)
    ]
    known, unknown, gone = (np.array([row for _, row in group]).reshape(-1, len(SIGNALS)) for group in groups)
    found: dict[str, Any] = {"fusion": learned, "verdict": fit_verdict(SIGNALS, known, unknown, gone)}
    summary: dict[str, Any] = {
        "answerable questions": len(answered),
        "unanswerable questions": len(unanswered),
        "first right, cross-validated": _cross_validated(examples),
        "threshold": found["verdict"]["threshold"],
    }
    known, unknown = (_with_open(group) for group in groups[:2])
    if min(len(known), len(unknown)) >= _FEWEST_QUESTIONS:
        model = fit_verdict(ALL_SIGNALS, known, unknown, np.empty((0, len(ALL_SIGNALS))))
        found["verdict with open questions"] = model
        summary["threshold with open questions"] = model["threshold"]
    return {**found, "summary": summary}


def _with_open(group: Sequence[tuple[HeldOut, Signals]]) -> Signals:
    """Rows of plain and open signals, where the question's document lists open questions."""
    rows = []
    for scored, plain in group:
        if scored.open is not None:
            rows.append(np.concatenate([plain, scored.open]))
    return np.array(rows).reshape(-1, len(ALL_SIGNALS))


def _signals(index: Index, scored: HeldOut, weights: Weights) -> Signals:
    fused = fusion.fuse(scored.features, weights)
    return signals(index, scored.features, fused, scored.known.text)


def _best(features: PassageFeatures, weights: Weights) -> int:
    """Position of the passage that comes first."""
    return int(features.passages[np.argmax(fusion.fuse(features, weights))])


def _cross_validated(examples: Sequence[Example]) -> float:
    """Share of questions whose best passage is right, with weights fitted on the other folds."""
    right = 0
    for fold in range(_FOLDS):
        rest = [example for i, example in enumerate(examples) if i % _FOLDS != fold]
        weights = fusion.weights_from(fusion.fit(rest))
        for example in examples[fold::_FOLDS]:
            right += _best(example.features, weights) in example.right
    return round(right / len(examples), 4)
