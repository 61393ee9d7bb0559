"""Lexical postings: BM25 (bm25s, Lucene's variant) over the terms of every view.

Scores are given as a share of what a view could reach at most for the question, so that they
compare over questions: with weights `idf(t)`, a view scores at most the sum of the idf of all
question terms, known or not. Formula of idf: ln(1 + (N - df + 0.5) / (df + 0.5)).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError


class LexicalPostings:
    """BM25 over `n` views, each a list of terms."""

    def __init__(self, bm25: Any, count: int) -> None:
        self._bm25 = bm25
        self._vocabulary: dict[str, int] = bm25.vocab_dict
        frequencies = np.diff(np.asarray(bm25.scores["indptr"]))
        self._idf = np.log1p((count - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
        self._unknown_idf = float(np.log1p((count + 0.5) / 0.5))
        self.count = count

    @classmethod
    def build(cls, terms: Sequence[Sequence[str]]) -> LexicalPostings:
        """Index one list of terms a view; term numbers follow the alphabet, for stable bytes."""
        vocabulary = {term: i for i, term in enumerate(sorted({t for view in terms for t in view}))}
        bm25 = bm25s.BM25(method="lucene")
        ids = [[vocabulary[term] for term in view] for view in terms]
        bm25.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        return cls(bm25, len(terms))

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalPostings:
        """Read saved postings, arrays mapped from disk."""
        try:
            bm25 = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamagedError(
                "The word postings of the index cannot be read. Rebuild it with: assemblybot index build"
            ) from error
        return cls(bm25, count)

    def save(self, folder: Path) -> None:
        """Write the postings into an existing folder."""
        self._bm25.save(str(folder), show_progress=False)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Share of the highest reachable score, in [0, 1], of each view: shape `(n,)`."""
        distinct = sorted(set(terms))
        ids = [self._vocabulary[term] for term in distinct if term in self._vocabulary]
        if not ids:
            return np.zeros(self.count, dtype=np.float32)
        reachable = float(self._idf[ids].sum()) + self._unknown_idf * (len(distinct) - len(ids))
        found: NDArray[np.float32] = self._bm25.get_scores_from_ids(ids)
        return found[: self.count] / np.float32(reachable)

    def idf(self, term: str) -> float:
        """Weight of one term; that of an unseen term when the index does not know it."""
        position = self._vocabulary.get(term)
        return self._unknown_idf if position is None else float(self._idf[position])

    def knows(self, term: str) -> bool:
        """True when some view holds `term`."""
        return term in self._vocabulary
