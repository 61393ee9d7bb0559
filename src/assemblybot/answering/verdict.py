"""Does the corpus answer? A logistic model over the evidence for the best passage.

The model and its threshold are fitted when the index is built (`calibrate.py`) and stored in
it; nothing at question time can lower the bar.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.retrieve import FEATURES, GROUPS, LEGS, PassageFeatures
from assemblybot.index.index import Index
from assemblybot.text.language import LANGUAGES, Language
from assemblybot.text.terms import words

SIGNALS: Final = (
    "fused",
    "margin",
    "certainty",
    *(f"best {leg}" for leg in LEGS),
    *(f"dense:{group}" for group in GROUPS),
    "words:asked",
    "known words",
    "length",
    *(f"asked in {language}" for language in LANGUAGES),
)


@dataclass(frozen=True, slots=True)
class VerdictModel:
    """Weights over `SIGNALS`, a bias, and the confidence from which a question is answered."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> VerdictModel:
        """Read what `calibrate` stored in the index."""
        return cls(stored["weights"], stored["bias"], stored["threshold"])

    def confidence(self, signals: NDArray[np.float64]) -> float:
        """Probability that the corpus answers, from one row of `signals`."""
        weights = np.array([self.weights[name] for name in SIGNALS])
        return 1.0 / (1.0 + math.exp(-float(np.clip(signals @ weights + self.bias, -30, 30))))


def signals(
    index: Index,
    features: PassageFeatures,
    fused: NDArray[np.float64],
    question: str,
    language: Language,
) -> NDArray[np.float64]:
    """One row `(len(SIGNALS),)` of evidence that the best passage answers the question."""
    order = np.argsort(-fused, kind="stable")
    top = order[0]
    second = fused[order[1]] if len(order) > 1 else fused[top] - 5.0
    chances = np.exp(fused - fused[top])
    row = features.values[top].astype(np.float64)
    by_name = dict(zip(FEATURES, row, strict=True))
    best = [max(by_name[f"{leg}:{group}"] for group in GROUPS) for leg in LEGS]
    found = [
        fused[top],
        fused[top] - second,
        1.0 / chances.sum(),
        *best,
        *(by_name[f"dense:{group}"] for group in GROUPS),
        by_name["words:asked"],
        _known_share(index, question),
        math.log1p(len(words(question))),
        *(float(language == other) for other in LANGUAGES),
    ]
    return np.array(found, dtype=np.float64)


def _known_share(index: Index, question: str) -> float:
    """Share of the question's words, weighted by idf, that some view holds."""
    asked = words(question)
    total = sum(index.words.idf(word) for word in asked)
    known = sum(index.words.idf(word) for word in asked if index.words.knows(word))
    return known / total if total else 0.0
