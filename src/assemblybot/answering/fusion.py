"""Learned fusion: one weight a feature, fitted so that the right passage comes first.

The score of a passage is `features · weights`; weights minimise the softmax cross-entropy of
the right passages over questions with known passages, plus an L2 penalty. A weight of evidence
is never negative; that of a kind of passage may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.retrieve import FEATURES, PassageFeatures

_PENALTY: Final = 1e-3

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Features of one question's candidates and the positions of the passages that answer."""

    features: PassageFeatures
    right: tuple[int, ...]


def weights_from(stored: dict[str, float]) -> Weights:
    """Weights in the order of `FEATURES`."""
    return np.array([stored[name] for name in FEATURES], dtype=np.float64)


def fuse(features: PassageFeatures, weights: Weights) -> NDArray[np.float64]:
    """One score a candidate, shape `(c,)`; differences are log-odds of being the right one."""
    fused: NDArray[np.float64] = features.values.astype(np.float64) @ weights
    return fused


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Weights by feature name; deterministic (L-BFGS-B from zero).

    Examples of which no right passage is a candidate teach nothing about order and do not count;
    there must be others.
    """
    from scipy.optimize import minimize

    marked = [
        (example.features.values.astype(np.float64), np.isin(example.features.passages, example.right))
        for example in examples
    ]
    found = [(values, right) for values, right in marked if right.any()]
    scale = np.concatenate([values for values, _ in found]).std(axis=0) + 1e-9
    scaled = [(values / scale, right) for values, right in found]

    def loss(weights: Weights) -> tuple[float, Weights]:
        total, gradient = 0.0, np.zeros_like(weights)
        for rows, right in scaled:
            scores = rows @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            hit = float(chances[right].sum()) + 1e-12
            total -= np.log(hit)
            gradient += chances @ rows - (chances[right] / hit) @ rows[right]
        penalty = _PENALTY * float(weights @ weights)
        return total / len(scaled) + penalty, gradient / len(scaled) + 2 * _PENALTY * weights

    start = np.zeros(len(FEATURES))
    bounds = [(None if name.startswith("kind:") else 0.0, None) for name in FEATURES]
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(w), 6) for name, w in zip(FEATURES, fitted.x / scale, strict=True)}
