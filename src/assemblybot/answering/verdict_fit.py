"""The verdict's model and its bar, fitted on examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.verdict import Signals

_PENALTY: Final = 0.002
# Of the questions that the corpus answers, the share that may be refused.
_REFUSED_SHARE: Final = 0.015
_ANSWERABLE_SHARE: Final = 0.8
_REMOVED_WEIGHT: Final = 0.3
# Bars that part answerable and unanswerable this much worse than the best do it about as well.
_ALIKE: Final = 0.03


def fit_verdict(
    names: Sequence[str],
    answerable: Signals,
    unanswered: Signals,
    removed: Signals,
    *,
    for_others: bool = False,
) -> dict[str, Any]:
    """Logistic regression (L-BFGS-B) on standardised signals, classes weighted to usual shares.

    The threshold is the confidence under which `_REFUSED_SHARE` of the answerable falls. In a fit
    `for_others` no weight is negative, and the threshold is the one that parts them (`parting`).
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
    threshold = parting(known, unknown) if for_others else float(np.quantile(known, _REFUSED_SHARE))
    return {
        "weights": {name: round(float(w), 6) for name, w in zip(names, weights, strict=True)},
        "bias": round(bias, 6),
        "threshold": round(threshold, 4),
        "curve": _curve(rows @ weights + bias, labels, weight),
    }


def parting(known: Signals, unknown: Signals) -> float:
    """The confidence from which to answer so that the share of `known` answered and of `unknown`
    refused are about highest together (Youden's J).

    Of all that are, the lowest: an answer of low confidence says that it is one, a refusal does not
    say what it kept back.
    """
    bars = np.unique(known)
    answered = 1 - np.searchsorted(np.sort(known), bars) / len(known)
    refused = np.searchsorted(np.sort(unknown), bars) / len(unknown)
    together = answered + refused
    return float(bars[np.argmax(together >= together.max() - _ALIKE)])


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
