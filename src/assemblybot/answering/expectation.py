"""What a document's known questions let expect of one more: does the document answer it?

Kernel ridge regression over the questions of which it is known whether the document answers
them (1) or not (-1), with the kernel `exp(_WIDTH (cosine - 1))`. Fitted when the index is built;
at question time it costs one product with the cosines that retrieval has computed anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.retrieve import ViewScores
from assemblybot.index.index import VARIANT, Index
from assemblybot.index.rows import Scores
from assemblybot.index.views import FIRST_KNOWN

_WIDTH: Final = 3.0
_PENALTY: Final = 0.1
# The weight of all open questions against that of all answered ones.
_OPEN_SHARE: Final = 0.5

EXPECTATIONS: Final = "expectations"


@dataclass(frozen=True, slots=True)
class Expectation:
    """`rows` `(n,)`: a view of each known question; `weights` `(n,)`: what likeness to it adds."""

    rows: NDArray[np.int64]
    weights: NDArray[np.float64]

    def of(self, cosines: Scores) -> float:
        """About 1 where the document answers and -1 where not, from cosines `(n,)` to `rows`."""
        return float(_kernel(cosines) @ self.weights)


def expectations(index: Index) -> dict[str, Expectation]:
    """By document, as `calibrate` stored them in the index."""
    found: dict[str, Expectation] = {}
    stored: Mapping[str, Sequence[float]] = index.calibration.get(EXPECTATIONS, {})
    for document, weights in stored.items():
        kept = np.flatnonzero(weights)
        found[document] = Expectation(known_rows(index, document, kept), np.array(weights)[kept])
    return found


def known_rows(index: Index, document: str, numbers: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """A row of each of the document's known questions with these numbers, counted from 0."""
    passages, still_open = index.passage_range(document), index.open_rows(document)
    rows = np.concatenate(
        [
            np.arange(index.first_rows[passages.start], index.first_rows[passages.stop]),
            np.arange(still_open.start, still_open.stop),
        ]
    )
    variants, first = np.unique(index.table[rows, VARIANT], return_index=True)
    found: NDArray[np.int64] = rows[first[np.searchsorted(variants, np.asarray(numbers) + FIRST_KNOWN)]]
    return found


def cosines(index: Index, scores: ViewScores, vector: Scores, rows: NDArray[np.int64]) -> Scores:
    """Cosines `(r,)` of a question with its vector `(d,)` to views, which it may not have found."""
    return scores.of("dense", rows) if scores.holds(rows) else index.vectors.scores(vector, rows)


def fit(likeness: Scores, answered: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights `(n,)` from the cosines `(n, n)` of known questions to each other, and what is
    expected of each by all the others, `(n,)`.

    The second is the leave-one-out residual in closed form, as in equation 5.12 of Rasmussen and
    Williams, Gaussian Processes for Machine Learning (2006).
    """
    from scipy.linalg import inv

    counts = np.where(answered, 1.0, _OPEN_SHARE * max(answered.sum(), 1) / max((~answered).sum(), 1))
    wanted = np.where(answered, 1.0, -1.0)
    wanted -= np.average(wanted, weights=counts)
    system = _kernel(likeness)
    system[np.diag_indices_from(system)] += _PENALTY / counts
    inverse = inv(system, overwrite_a=True, check_finite=False)
    weights: NDArray[np.float64] = inverse @ wanted
    return weights, wanted - weights / np.diag(inverse)


def _kernel(cosines: Scores) -> NDArray[np.float64]:
    kernel: NDArray[np.float64] = np.exp(_WIDTH * (cosines.astype(np.float64) - 1.0))
    return kernel
