"""Lexical postings: BM25 (bm25s, Lucene's variant) over the terms of every view.

Scores are given as a share of what a view could reach at most for the question, so that they
compare over questions: with weights `idf(t)`, a view scores at most the sum of the idf of all
question terms, known or not. Formula of idf: ln(1 + (N - df + 0.5) / (df + 0.5)).

bm25s scores and writes the postings; questions read its arrays directly, because importing it
(with SciPy) would take a fifth of the second in which the first answer is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError

_SCORES: Final = "data.csc.index.npy"
_VIEWS: Final = "indices.csc.index.npy"
_STARTS: Final = "indptr.csc.index.npy"
_TERMS: Final = "vocab.index.json"


class LexicalPostings:
    """BM25 over `count` views, each a list of terms.

    The score of term t in each view that holds it is `scores[starts[t] : starts[t + 1]]`, the
    views are `views[starts[t] : starts[t + 1]]`.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        scores: NDArray[np.float32],
        views: NDArray[np.int32],
        starts: NDArray[np.int32],
        count: int,
    ) -> None:
        self._vocabulary = vocabulary
        self._scores = scores
        self._views = views
        self._starts = starts
        frequencies = np.asarray(starts[1:]) - np.asarray(starts[:-1])
        self._idf = np.log1p((count - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
        self._unknown_idf = float(np.log1p((count + 0.5) / 0.5))
        self.count = count

    @classmethod
    def build(cls, terms: Sequence[Sequence[str]]) -> LexicalPostings:
        """Index one list of terms a view; term numbers follow the alphabet, for stable bytes."""
        import bm25s

        vocabulary = {term: i for i, term in enumerate(sorted({t for view in terms for t in view}))}
        bm25 = bm25s.BM25(method="lucene")
        ids = [[vocabulary[term] for term in view] for view in terms]
        bm25.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        found = bm25.scores
        return cls(vocabulary, found["data"], found["indices"], found["indptr"], len(terms))

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalPostings:
        """Read saved postings, arrays mapped from disk."""
        try:
            vocabulary = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
            arrays = [
                np.load(folder / name, mmap_mode="r", allow_pickle=False)
                for name in (_SCORES, _VIEWS, _STARTS)
            ]
        except (OSError, ValueError) as error:
            raise IndexDamagedError(
                "The word postings of the index cannot be read. Rebuild it with: assemblybot index build"
            ) from error
        return cls(vocabulary, arrays[0], arrays[1], arrays[2], count)

    def save(self, folder: Path) -> None:
        """Write the postings into an existing folder, in the layout of bm25s."""
        for name, array in ((_SCORES, self._scores), (_VIEWS, self._views), (_STARTS, self._starts)):
            np.save(folder / name, array, allow_pickle=False)
        (folder / _TERMS).write_text(json.dumps(self._vocabulary, ensure_ascii=False), encoding="utf-8")

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Share of the highest reachable score, in [0, 1], of each view: shape `(count,)`."""
        distinct = sorted(set(terms))
        known = [self._vocabulary[term] for term in distinct if term in self._vocabulary]
        if not known:
            return np.zeros(self.count, dtype=np.float32)
        held = [slice(self._starts[term], self._starts[term + 1]) for term in known]
        total = np.bincount(
            np.concatenate([self._views[part] for part in held]),
            weights=np.concatenate([self._scores[part] for part in held]),
            minlength=self.count,
        )
        reachable = float(self._idf[known].sum()) + self._unknown_idf * (len(distinct) - len(known))
        return (total / reachable).astype(np.float32)

    def idf(self, term: str) -> float:
        """Weight of one term; that of an unseen term when the index does not know it."""
        position = self._vocabulary.get(term)
        return self._unknown_idf if position is None else float(self._idf[position])

    def knows(self, term: str) -> bool:
        """True when some view holds `term`."""
        return term in self._vocabulary
