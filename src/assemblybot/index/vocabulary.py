"""The terms of an index: their numbers and weights.

Formula of idf: ln(1 + (N - df + 0.5) / (df + 0.5)).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def term_hash(term: str) -> int:
    """64 bits by which a term is known."""
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest())


class Vocabulary:
    """Term t, known by its hash `terms[t]` (ascending), is held by `frequencies[t]` of `count` entries.

    Its postings are number `starts[t]` to `starts[t + 1]`: none for a term that is too common.
    """

    def __init__(
        self,
        terms: NDArray[np.uint64],
        frequencies: NDArray[np.int32],
        starts: NDArray[np.int64],
        count: int,
    ) -> None:
        self.terms = terms
        self.frequencies = frequencies
        self.starts = starts
        self.count = count
        self._unknown_idf = float(np.log1p((count + 0.5) / 0.5))

    def weigh(self, terms: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
        """Numbers and idf of the distinct terms that are scored, and the highest reachable score.

        An entry reaches at most the sum of the idf of all terms, known or not, but not common ones.
        """
        hashes = np.array(sorted(map(term_hash, set(terms))), dtype=np.uint64)
        at = np.searchsorted(self.terms, hashes)
        at = at[at < len(self.terms)]
        known = at[self.terms[at] == hashes[: len(at)]]
        scored = known[self.starts[known] < self.starts[known + 1]]
        weights = self._idf(scored)
        reachable = float(weights.sum()) + self._unknown_idf * (len(hashes) - len(known))
        return scored, weights, max(reachable, 1e-9)

    def idf(self, term: str) -> float:
        """Weight of one term; that of an unseen term when no entry holds it."""
        number = self._number(term)
        return self._unknown_idf if number is None else float(self._idf(np.array([number]))[0])

    def knows(self, term: str) -> bool:
        """True when some entry holds `term`."""
        return self._number(term) is not None

    def _idf(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        frequencies = self.frequencies[numbers]
        idf: NDArray[np.float32] = np.log1p((self.count - frequencies + 0.5) / (frequencies + 0.5))
        return idf.astype(np.float32)

    def _number(self, term: str) -> int | None:
        hashed = np.uint64(term_hash(term))
        number = int(np.searchsorted(self.terms, hashed))
        known = number < len(self.terms) and self.terms[number] == hashed
        return number if known else None
