"""What an index learns about itself when it is built: fusion weights and the verdict model.

Answerable examples are the corpus's practice questions, which no view holds. A corpus without
them uses its asked-as questions, each scored with its own variant (in every language) left
out. Unanswerable examples are practice questions that no passage answers, and answerable
ones scored as if the passages that answer, their list and their heading were not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering import fusion
from assemblybot.answering.fusion import Example, Weights
from assemblybot.answering.retrieve import PassageFeatures, passage_features, score_views
from assemblybot.answering.verdict import SIGNALS, signals
from assemblybot.embedding import Embedder
from assemblybot.index.index import PASSAGE, VARIANT, Index
from assemblybot.text.language import Language

_FEWEST_QUESTIONS: Final = 60
_FOLDS: Final = 5
_PENALTY: Final = 0.005
# Of the questions that the corpus answers, the share that may be refused.
_REFUSED_SHARE: Final = 0.03
_ANSWERABLE_SHARE: Final = 0.8
_REMOVED_WEIGHT: Final = 0.5

Signals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Known:
    """A question of which it is known where the corpus answers it (nowhere: no `right`)."""

    text: str
    language: Language
    right: tuple[int, ...]
    variant: int = -1


def calibrate(index: Index, embedder: Embedder) -> dict[str, Any]:
    """Fusion weights, verdict model and a summary, as stored in the index."""
    known = list(_practice(index))
    if sum(bool(question.right) for question in known) < _FEWEST_QUESTIONS:
        known += _asked(index)
    answered = [question for question in known if question.right]
    if len(answered) < _FEWEST_QUESTIONS:
        return default_calibration()
    return fit(index, answered, [q for q in known if not q.right], embedder)


def fit(
    index: Index, answered: Sequence[_Known], open_questions: Sequence[_Known], embedder: Embedder
) -> dict[str, Any]:
    """Fit on questions that the corpus answers and questions that it leaves open."""
    found = _features(index, answered, embedder)
    examples = [Example(f, q.right) for f, q in zip(found, answered, strict=True)]
    learned = fusion.fit(examples)
    weights = fusion.weights_from(learned)
    kept = np.array([_signals(index, q, f, weights) for q, f in zip(answered, found, strict=True)])
    removed = np.array(
        [_signals(index, q, _removed(index, q, f), weights) for q, f in zip(answered, found, strict=True)]
    )
    unanswered = np.array(
        [
            _signals(index, q, f, weights)
            for q, f in zip(open_questions, _features(index, open_questions, embedder), strict=True)
        ]
    ).reshape(-1, len(SIGNALS))
    model = _fit_verdict(kept, unanswered, removed)
    summary = {
        "answerable questions": len(answered),
        "unanswerable questions": len(open_questions),
        "first right, cross-validated": _cross_validated(examples),
        "threshold": model["threshold"],
    }
    return {"fusion": learned, "verdict": model, "summary": summary}


def default_calibration() -> dict[str, Any]:
    """What a corpus without questions of its own uses: fitted on `training/domain`."""
    stored = resources.files("assemblybot.answering") / "default-calibration.json"
    calibration: dict[str, Any] = json.loads(stored.read_text(encoding="utf-8"))
    return calibration


def _cross_validated(examples: Sequence[Example]) -> float:
    """Share of questions whose best passage is right, with weights fitted on the other folds."""
    right = 0
    for fold in range(_FOLDS):
        rest = [example for i, example in enumerate(examples) if i % _FOLDS != fold]
        weights = fusion.weights_from(fusion.fit(rest))
        for example in examples[fold::_FOLDS]:
            best = example.features.passages[np.argmax(fusion.fuse(example.features, weights))]
            right += int(best) in example.right
    return round(right / len(examples), 4)


def _practice(index: Index) -> Iterator[_Known]:
    for document in index.documents.values():
        for question in document.practice:
            language: Language = question.language  # type: ignore[assignment]
            right = tuple(index.position[f"{document.id}#{number}"] for number in question.passages)
            yield _Known(question.text, language, right)


def _asked(index: Index) -> Iterator[_Known]:
    for position, passage in enumerate(index.passages):
        for code, questions in index.documents[passage.document].asked_as.get(passage.number, {}).items():
            language: Language = code  # type: ignore[assignment]
            for variant, text in enumerate(questions):
                yield _Known(text, language, (position,), variant)


def _features(index: Index, questions: Sequence[_Known], embedder: Embedder) -> list[PassageFeatures]:
    if not questions:
        return []
    vectors = embedder.embed_queries([question.text for question in questions])
    return [
        passage_features(index, score_views(index, vector, q.text, q.language), _own_rows(index, q))
        for q, vector in zip(questions, vectors, strict=True)
    ]


def _own_rows(index: Index, question: _Known) -> NDArray[np.bool_] | None:
    """Rows of an asked-as question and its counterparts in the other languages."""
    if question.variant < 0:
        return None
    table = index.table
    return (table[:, PASSAGE] == question.right[0]) & (table[:, VARIANT] == question.variant)


def _signals(index: Index, question: _Known, features: PassageFeatures, weights: Weights) -> Signals:
    fused = fusion.fuse(features, weights)
    return signals(index, features, fused, question.text, question.language)


def _removed(index: Index, question: _Known, features: PassageFeatures) -> PassageFeatures:
    """The evidence as if what answers, and what belongs to it, were not in the corpus."""
    kept = np.ones(len(features.passages), dtype=bool)
    for position in question.right:
        passage = index.passages[position]
        related = {passage.number, passage.lead_in}
        for row, candidate in enumerate(features.passages):
            other = index.passages[candidate]
            if other.document == passage.document and (
                other.number in related
                or (other.lead_in is not None and other.lead_in in related)
                or other.text == passage.section
                or other.section == passage.text
            ):
                kept[row] = False
    if not kept.any():
        return features
    return PassageFeatures(features.passages[kept], features.values[kept])


def _fit_verdict(answerable: Signals, unanswered: Signals, removed: Signals) -> dict[str, Any]:
    """Logistic regression (L-BFGS) on standardised signals, classes weighted to usual shares.

    The threshold is the confidence under which `_REFUSED_SHARE` of the answerable falls.
    """
    from scipy.optimize import minimize

    rows = np.concatenate([answerable, unanswered, removed])
    labels = np.concatenate([np.ones(len(answerable)), np.zeros(len(unanswered) + len(removed))])
    against = np.concatenate([np.ones(len(unanswered)), np.full(len(removed), _REMOVED_WEIGHT)])
    weight = np.concatenate(
        [
            np.full(len(answerable), _ANSWERABLE_SHARE / len(answerable)),
            (1 - _ANSWERABLE_SHARE) * against / against.sum(),
        ]
    )
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = (rows - mean) / scale

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w, bias = parameters[:-1], parameters[-1]
        logits = scaled @ w + bias
        signed = np.where(labels > 0, logits, -logits)
        error = -weight * np.where(labels > 0, 1.0, -1.0) / (1.0 + np.exp(np.clip(signed, -30, 30)))
        total = float(weight @ np.logaddexp(0, -signed)) + _PENALTY * float(w @ w)
        return total, np.append(scaled.T @ error + 2 * _PENALTY * w, error.sum())

    found = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = found[:-1] / scale
    bias = float(found[-1] - weights @ mean)
    confidence = 1.0 / (1.0 + np.exp(-np.clip(answerable @ weights + bias, -30, 30)))
    threshold = float(np.quantile(confidence, _REFUSED_SHARE))
    return {
        "weights": {name: round(float(w), 6) for name, w in zip(SIGNALS, weights, strict=True)},
        "bias": round(bias, 6),
        "threshold": round(threshold, 4),
        "curve": _curve(rows @ weights + bias, labels, weight),
    }


def _curve(
    logits: NDArray[np.float64], labels: NDArray[np.float64], weight: NDArray[np.float64]
) -> list[Mapping[str, float]]:
    """Ten bins of confidence: mean confidence, share answerable, weight."""
    confidence = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
    bins = np.minimum((confidence * 10).astype(int), 9)
    curve: list[Mapping[str, float]] = []
    for number in range(10):
        inside = bins == number
        if mass := float(weight[inside].sum()):
            curve.append(
                {
                    "confidence": round(float(weight[inside] @ confidence[inside]) / mass, 4),
                    "answerable": round(float(weight[inside] @ labels[inside]) / mass, 4),
                    "weight": round(mass, 4),
                }
            )
    return curve
