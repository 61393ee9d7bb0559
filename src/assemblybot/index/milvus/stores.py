"""A collection as the stores that retrieval reads: dense vectors and word postings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assemblybot.index.milvus.collection import MOST_RESULTS, Collection, Field
from assemblybot.index.rows import ALL, Rows, Scores
from assemblybot.index.vocabulary import Vocabulary


class MilvusVectors:
    """The dense vectors of a collection; see `VectorStore`."""

    kind = "milvus"

    def __init__(self, collection: Collection, count: int) -> None:
        self.collection = collection
        self._count = count

    def __len__(self) -> int:
        return self._count

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """Scores `(q, k)`, best first, and rows `(q, k)`; -1 where fewer than k are found."""
        scores = np.full((len(queries), min(k, self._count)), -np.inf, dtype=np.float32)
        rows = np.full(scores.shape, -1, dtype=np.int64)
        for number, query in enumerate(queries):
            found, at = self.collection.search("dense", query, scores.shape[1])
            scores[number, : len(at)], rows[number, : len(at)] = found, at
        return scores, rows

    def scores(self, query: NDArray[np.float32], rows: Rows = ALL) -> Scores:
        """Scores `(r,)` of the vectors in `rows` for one query `(d,)`.

        A row that a graph does not reach gets the lowest score that was found.
        """
        return _scores(self.collection, "dense", query, _numbers(rows, self._count), lowest=None)


class MilvusPostings:
    """The word weights of a collection; see `LexicalStore`.

    `vocabulary` numbers the terms as the collection does; the question's side of each product
    is the idf of the term.
    """

    def __init__(self, collection: Collection, vocabulary: Vocabulary) -> None:
        self._collection = collection
        self.vocabulary = vocabulary

    def __len__(self) -> int:
        return self.vocabulary.count

    def search(self, terms: Sequence[str], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """Scores, best first, and rows of up to `k` entries that hold some of `terms`."""
        query, reachable = self._query(terms)
        if not query:
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        found, rows = self._collection.search("words", query, min(k, len(self)))
        return found / np.float32(reachable), rows

    def scores(self, terms: Sequence[str], rows: Rows = ALL) -> Scores:
        """Share of the highest reachable score, in [0, 1], of each entry in `rows` (ascending)."""
        query, reachable = self._query(terms)
        numbers = _numbers(rows, len(self))
        if not query:
            return np.zeros(len(numbers), dtype=np.float32)
        return _scores(self._collection, "words", query, numbers, lowest=0.0) / np.float32(reachable)

    def idf(self, term: str) -> float:
        """Weight of one term; that of an unseen term when no entry holds it."""
        return self.vocabulary.idf(term)

    def knows(self, term: str) -> bool:
        """True when some entry holds `term`."""
        return self.vocabulary.knows(term)

    def _query(self, terms: Sequence[str]) -> tuple[dict[int, float], float]:
        numbers, weights, reachable = self.vocabulary.weigh(terms)
        return dict(zip(numbers.tolist(), weights.tolist(), strict=True)), reachable


def _numbers(rows: Rows, count: int) -> NDArray[np.int64]:
    return np.arange(count)[rows] if isinstance(rows, slice) else rows


def _scores(
    collection: Collection, field: Field, query: object, rows: NDArray[np.int64], lowest: float | None
) -> Scores:
    """Scores of `rows` (ascending); those that Milvus does not return get `lowest`."""
    scores = np.full(len(rows), np.nan, dtype=np.float32)
    for start in range(0, len(rows), MOST_RESULTS):
        asked = rows[start : start + MOST_RESULTS]
        found, at = collection.search(field, query, len(asked), asked.tolist())
        scores[start + np.searchsorted(asked, at)] = found
    missing = np.isnan(scores)
    if missing.any():
        scores[missing] = np.nanmin(scores, initial=1.0) if lowest is None else lowest
    return scores
