"""Does the corpus answer? A logistic model over the evidence for the best passage.

The model and its threshold are fitted when the index is built (`calibrate.py`) and stored in
it; nothing at question time can lower the bar. Where a document lists questions that it is
known not to answer, likeness to them is evidence too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.retrieve import FEATURES, GROUPS, LEGS, PassageFeatures, ViewScores
from assemblybot.index.index import KIND, Index
from assemblybot.index.rows import NONE
from assemblybot.index.views import KINDS, ViewKind
from assemblybot.text.terms import words

SIGNALS: Final = (
    "fused",
    "margin",
    "certainty",
    *(f"best {leg}" for leg in LEGS),
    *(f"dense:{group}" for group in GROUPS),
    "words:asked",
    "known words",
)
Signals = NDArray[np.float64]

_ASKED: Final = KINDS.index(ViewKind.ASKED)
_FEW: Final = 3
OPEN_SIGNALS: Final = (
    *(f"{leg}:open" for leg in LEGS),
    "dense:open, mean of 3",
    "dense:asked - open",
    "dense:asked - open, means",
)
# Where a document lists questions it leaves open; the last is what `Expectation` says.
ALL_SIGNALS: Final = (*SIGNALS, *OPEN_SIGNALS, "expected")


@dataclass(frozen=True, slots=True)
class VerdictModel:
    """Weights `(s,)` over signals, a bias, and the confidence from which a question is answered."""

    weights: NDArray[np.float64]
    bias: float
    threshold: float

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], names: Sequence[str]) -> VerdictModel:
        """Read what `calibrate` stored in the index, for signals in the order of `names`."""
        weights = np.array([stored["weights"][name] for name in names])
        return cls(weights, stored["bias"], stored["threshold"])

    def confidence(self, signals: NDArray[np.float64]) -> float:
        """Probability that the corpus answers, from one row of `signals`."""
        return 1.0 / (1.0 + math.exp(-float(np.clip(signals @ self.weights + self.bias, -30, 30))))


def signals(
    index: Index, features: PassageFeatures, fused: NDArray[np.float64], question: str
) -> NDArray[np.float64]:
    """One row `(len(SIGNALS),)` of evidence that the best passage answers the question."""
    order = np.argsort(-fused, kind="stable")
    top = order[0]
    second = fused[order[1]] if len(order) > 1 else fused[top] - 5.0
    chances = np.exp(fused - fused[top])
    by_name = dict(zip(FEATURES, features.values[top].astype(np.float64), strict=True))
    best = [max(by_name[f"{leg}:{group}"] for group in GROUPS) for leg in LEGS]
    found = [
        fused[top],
        fused[top] - second,
        1.0 / chances.sum(),
        *best,
        *(by_name[f"dense:{group}"] for group in GROUPS),
        by_name["words:asked"],
        _known_share(index, question),
    ]
    return np.array(found, dtype=np.float64)


def open_signals(
    index: Index, scores: ViewScores, document: str, left_out: NDArray[np.int64] = NONE
) -> NDArray[np.float64] | None:
    """One row `(len(OPEN_SIGNALS),)`: likeness to questions that `document` leaves open,
    against likeness to those that the corpus answers; `None` where it lists none."""
    rows = scores.numbers(len(index.table))
    rows = rows[~np.isin(rows, left_out)]
    first, last = np.searchsorted(rows, [index.open_rows(document).start, index.open_rows(document).stop])
    open_rows, asked_rows = rows[first:last], rows[index.table[rows, KIND] == _ASKED]
    if len(open_rows) < _FEW or len(asked_rows) < _FEW:
        return None
    still_open, asked = (_best_few(scores.of("dense", found)) for found in (open_rows, asked_rows))
    row = [
        *(float(scores.of(leg, open_rows).max()) for leg in LEGS),
        still_open.mean(),
        asked[0] - still_open[0],
        asked.mean() - still_open.mean(),
    ]
    return np.array(row, dtype=np.float64)


def _best_few(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.sort(scores)[: -_FEW - 1 : -1].astype(np.float64)


def _known_share(index: Index, question: str) -> float:
    """Share of the question's words, weighted by idf, that some view holds."""
    asked = words(question)
    total = sum(index.words.idf(word) for word in asked)
    known = sum(index.words.idf(word) for word in asked if index.words.knows(word))
    return known / total if total else 0.0
