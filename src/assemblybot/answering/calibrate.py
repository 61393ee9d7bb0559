"""What an index learns about itself when it is built: fusion weights and the verdict models.

Examples are the questions of which it is known what the corpus says to them: known questions
and asked-as questions, each scored as if it were not known (its own row left out; an asked-as
question with its counterparts in the other languages). Unanswerable examples are known
questions that no passage answers, and answerable ones scored as if the passages that answer,
their list and their heading were not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from assemblybot.answering import fusion
from assemblybot.answering.expectation import EXPECTATIONS, cosines, fit, known_rows
from assemblybot.answering.fusion import Example, Weights
from assemblybot.answering.retrieve import PassageFeatures, passage_features, score_views
from assemblybot.answering.verdict import ALL_SIGNALS, SIGNALS, open_signals, signals
from assemblybot.embedding import Embedder
from assemblybot.index.index import VARIANT, Index
from assemblybot.index.rows import Scores
from assemblybot.index.views import FIRST_KNOWN
from assemblybot.text.language import Language

_FEWEST_QUESTIONS: Final = 60
_FOLDS: Final = 5
_PENALTY: Final = 0.002
# Of the questions that the corpus answers, the share that may be refused.
_REFUSED_SHARE: Final = 0.015
_ANSWERABLE_SHARE: Final = 0.8
_REMOVED_WEIGHT: Final = 0.3
# Of more answered or open questions than this, some are drawn: more would hardly change the fit.
_MOST_QUESTIONS: Final = 3_000

Signals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Known:
    """A question of which it is known where the corpus answers it (nowhere: no `right`)."""

    text: str
    language: Language
    document: str
    right: tuple[int, ...]
    variant: int


@dataclass(frozen=True, slots=True)
class _Scored:
    """A known question as it looks to an index that does not know it.

    Where its document lists open questions, `likeness` are its cosines to the document's known
    questions, and `open` its open signals.
    """

    known: _Known
    features: PassageFeatures
    open: Signals | None
    likeness: Scores | None


def calibrate(index: Index, embedder: Embedder) -> dict[str, Any]:
    """Fusion weights, verdict models and a summary, as stored in the index.

    `verdict` weighs evidence alone; `verdict with open questions` is for documents that list
    questions they do not answer. A corpus with few questions uses the default calibration.
    """
    known = list(_known(index))
    if sum(bool(question.right) for question in known) < _FEWEST_QUESTIONS:
        known += _asked(index)
    answered = _drawn([question for question in known if question.right])
    unanswered = _drawn([question for question in known if not question.right])
    if len(answered) < _FEWEST_QUESTIONS:
        return default_calibration()
    scored = _score(index, [*answered, *unanswered], embedder)
    if sum(map(_is_found, scored)) < _FEWEST_QUESTIONS:
        return default_calibration()
    weights, scored = _with_expectations(index, scored)
    fitted = _fit(index, scored[: len(answered)], scored[len(answered) :])
    return {**fitted, EXPECTATIONS: weights}


def _is_found(scored: _Scored) -> bool:
    """Whether a passage that answers is among the candidates."""
    return bool(np.isin(scored.known.right, scored.features.passages).any())


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
    known = list(_known(index))
    answered = _score(index, [question for question in known if question.right], embedder)
    unanswered = _score(index, [question for question in known if not question.right], embedder)
    examples = [Example(scored.features, scored.known.right) for scored in answered]
    learned = fusion.fit(examples)
    weights = fusion.weights_from(learned)
    right = [scored for scored in answered if _best(scored.features, weights) in scored.known.right]
    shown, unknown = (
        np.array([_signals(index, scored, weights) for scored in group]) for group in (right, unanswered)
    )
    verdict = _fit_verdict(SIGNALS, shown, unknown, np.empty((0, len(SIGNALS))), for_others=True)
    summary = {
        "answerable questions": len(answered),
        "unanswerable questions": len(unanswered),
        "first right, cross-validated": _cross_validated(examples),
        "threshold": verdict["threshold"],
    }
    return {"fusion": learned, "verdict": verdict, "summary": summary}


def _best(features: PassageFeatures, weights: Weights) -> int:
    """Position of the passage that comes first."""
    return int(features.passages[np.argmax(fusion.fuse(features, weights))])


def _fit(index: Index, answered: Sequence[_Scored], unanswered: Sequence[_Scored]) -> dict[str, Any]:
    examples = [Example(scored.features, scored.known.right) for scored in answered]
    learned = fusion.fit(examples)
    weights = fusion.weights_from(learned)
    removed = [left for scored in answered if (left := _removed(index, scored))]
    groups = [
        [(scored, _signals(index, scored, weights)) for scored in group]
        for group in (answered, unanswered, removed)
    ]
    known, unknown, gone = (np.array([row for _, row in group]).reshape(-1, len(SIGNALS)) for group in groups)
    found: dict[str, Any] = {"fusion": learned, "verdict": _fit_verdict(SIGNALS, known, unknown, gone)}
    summary: dict[str, Any] = {
        "answerable questions": len(answered),
        "unanswerable questions": len(unanswered),
        "first right, cross-validated": _cross_validated(examples),
        "threshold": found["verdict"]["threshold"],
    }
    known, unknown = (_with_open(group) for group in groups[:2])
    if min(len(known), len(unknown)) >= _FEWEST_QUESTIONS:
        model = _fit_verdict(ALL_SIGNALS, known, unknown, np.empty((0, len(ALL_SIGNALS))))
        found["verdict with open questions"] = model
        summary["threshold with open questions"] = model["threshold"]
    return {**found, "summary": summary}


def _with_open(group: Sequence[tuple[_Scored, Signals]]) -> Signals:
    """Rows of plain and open signals, where the question's document lists open questions."""
    rows = []
    for scored, plain in group:
        if scored.open is not None:
            rows.append(np.concatenate([plain, scored.open]))
    return np.array(rows).reshape(-1, len(ALL_SIGNALS))


def _cross_validated(examples: Sequence[Example]) -> float:
    """Share of questions whose best passage is right, with weights fitted on the other folds."""
    right = 0
    for fold in range(_FOLDS):
        rest = [example for i, example in enumerate(examples) if i % _FOLDS != fold]
        weights = fusion.weights_from(fusion.fit(rest))
        for example in examples[fold::_FOLDS]:
            right += _best(example.features, weights) in example.right
    return round(right / len(examples), 4)


def _known(index: Index) -> Iterator[_Known]:
    for document in index.documents.values():
        for variant, question in enumerate(document.questions, start=FIRST_KNOWN):
            language: Language = question.language  # type: ignore[assignment]
            right = tuple(index.position[f"{document.id}#{number}"] for number in question.passages)
            yield _Known(question.text, language, document.id, right, variant)


def _asked(index: Index) -> Iterator[_Known]:
    for position, passage in enumerate(index.passages):
        for code, questions in index.documents[passage.document].asked_as.get(passage.number, {}).items():
            language: Language = code  # type: ignore[assignment]
            for variant, text in enumerate(questions):
                yield _Known(text, language, passage.document, (position,), variant)


def _score(index: Index, questions: Sequence[_Known], embedder: Embedder) -> list[_Scored]:
    vectors = embedder.embed_queries([question.text for question in questions])
    rows = _rows_by_document(index, questions)
    # The product of one question with all views is too small to be shared between BLAS's threads.
    with threadpool_limits(1, user_api="blas"):
        return [
            _seen_alone(index, question, vector, rows.get(question.document))
            for question, vector in zip(questions, vectors, strict=True)
        ]


def _seen_alone(index: Index, question: _Known, vector: Scores, known: NDArray[np.int64] | None) -> _Scored:
    """A question against all but itself; `known` are rows of its document's known questions."""
    own = _own_rows(index, question)
    scores = score_views(index, vector, question.text, question.language, own)
    features = passage_features(index, scores, own)
    if known is None or question.variant < FIRST_KNOWN:
        return _Scored(question, features, None, None)
    still_open = open_signals(index, scores, question.document, own)
    return _Scored(question, features, still_open, cosines(index, scores, vector, known))


def _rows_by_document(index: Index, questions: Sequence[_Known]) -> dict[str, NDArray[np.int64]]:
    """Of the documents that list open questions, rows of their known questions, in order."""
    numbers: dict[str, list[int]] = {}
    for question in questions:
        still_open = index.open_rows(question.document)
        if question.variant >= FIRST_KNOWN and still_open.start < still_open.stop:
            numbers.setdefault(question.document, []).append(question.variant - FIRST_KNOWN)
    return {document: known_rows(index, document, found) for document, found in numbers.items()}


def _with_expectations(
    index: Index, scored: Sequence[_Scored]
) -> tuple[dict[str, list[float]], list[_Scored]]:
    """For each document the weights of its known questions (0 where not drawn), and the questions
    with what the others let expect of them after their open signals."""
    members: dict[str, list[tuple[int, Scores]]] = {}
    for at, one in enumerate(scored):
        if one.likeness is not None:
            members.setdefault(one.known.document, []).append((at, one.likeness))
    stored, found = {}, list(scored)
    for document, group in members.items():
        own = [scored[at] for at, _ in group]
        likeness = np.stack([cosines for _, cosines in group])
        weights, expected = fit(likeness, np.array([bool(one.known.right) for one in own]))
        by_number = np.zeros(len(index.documents[document].questions))
        by_number[[one.known.variant - FIRST_KNOWN for one in own]] = weights
        stored[document] = [round(float(weight), 5) for weight in by_number]
        for (at, _), one, value in zip(group, own, expected, strict=True):
            if one.open is not None:
                found[at] = replace(one, open=np.append(one.open, value))
    return stored, found


def _drawn(questions: Sequence[_Known]) -> Sequence[_Known]:
    """All questions, or as many as may be, drawn by chance; the same ones each time."""
    if len(questions) <= _MOST_QUESTIONS:
        return questions
    drawn = np.random.default_rng(0).choice(len(questions), _MOST_QUESTIONS, replace=False)
    return [questions[number] for number in np.sort(drawn)]


def _own_rows(index: Index, question: _Known) -> NDArray[np.int64]:
    """Rows (ascending) of the question itself and, of an asked-as question, its counterparts."""
    if question.variant < FIRST_KNOWN:
        passages = range(question.right[0], question.right[0] + 1)
    else:
        passages = index.passage_range(question.document)
    first, last = index.first_rows[passages.start], index.first_rows[passages.stop]
    rows = np.arange(first, last)
    if question.variant >= FIRST_KNOWN:
        rows = np.append(rows, np.arange(len(index.table))[index.open_rows(question.document)])
    own: NDArray[np.int64] = rows[index.table[rows, VARIANT] == question.variant]
    return own


def _signals(index: Index, scored: _Scored, weights: Weights) -> Signals:
    fused = fusion.fuse(scored.features, weights)
    return signals(index, scored.features, fused, scored.known.text)


def _removed(index: Index, scored: _Scored) -> _Scored | None:
    """The evidence as if what answers, and what belongs to it, were not in the corpus; `None`
    where nothing else is."""
    features = scored.features
    kept = np.ones(len(features.passages), dtype=bool)
    for position in scored.known.right:
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
        return None
    return replace(scored, features=PassageFeatures(features.passages[kept], features.values[kept]))


def _fit_verdict(
    names: Sequence[str],
    answerable: Signals,
    unanswered: Signals,
    removed: Signals,
    *,
    for_others: bool = False,
) -> dict[str, Any]:
    """Logistic regression (L-BFGS-B) on standardised signals, classes weighted to usual shares.

    The threshold is the confidence under which `_REFUSED_SHARE` of the answerable falls. In a fit
    `for_others` no weight is negative, and the threshold is the best one (`_parting`).
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

    least = 0.0 if for_others else None
    bounds = [*((least, None) for _ in names), (None, None)]
    found = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = found[:-1] / scale
    bias = float(found[-1] - weights @ mean)
    confidence = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights + bias, -30, 30)))
    known, unknown = confidence[labels > 0], confidence[labels == 0]
    threshold = _parting(known, unknown) if for_others else float(np.quantile(known, _REFUSED_SHARE))
    return {
        "weights": {name: round(float(w), 6) for name, w in zip(names, weights, strict=True)},
        "bias": round(bias, 6),
        "threshold": round(threshold, 4),
        "curve": _curve(rows @ weights + bias, labels, weight),
    }


def _parting(known: Signals, unknown: Signals) -> float:
    """The confidence from which to answer so that the share of `known` answered and of `unknown`
    refused are highest together (Youden's J)."""
    bars = np.unique(known)
    answered = 1 - np.searchsorted(np.sort(known), bars) / len(known)
    refused = np.searchsorted(np.sort(unknown), bars) / len(unknown)
    return float(bars[np.argmax(answered + refused)])


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
