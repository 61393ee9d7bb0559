"""One build in Milvus, searched: its vectors and its postings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.index.base import ALL, Rows, Scores, row_numbers
from assemblybot.index.bm25 import LexicalIndex
from assemblybot.index.milvus_client import translated_failures

if TYPE_CHECKING:
    from pymilvus import MilvusClient

#: Entries of the graph that a search keeps in view, at least as many as it returns.
SEARCH_EFFORT: Final = 128
# Milvus's own bound on how many rows one search may return.
_MOST_RESULTS: Final = 16_384


class Collection:
    """One build of `count` rows, loaded into the memory of Milvus."""

    def __init__(self, client: MilvusClient, name: str, count: int) -> None:
        self._client = client
        self._name = name
        self.count = count

    @translated_failures()
    def search(
        self, field: str, query: object, k: int, rows: Sequence[int] | None = None
    ) -> tuple[Scores, NDArray[np.int64]]:
        """Scores and rows `(m,)`, m <= k, best first, of all entries or of `rows` alone.

        `query` is a vector `(d,)` for the field `dense`, a mapping of term numbers to weights for `words`.
        """
        k = min(k, _MOST_RESULTS)
        parameters = {"ef": max(SEARCH_EFFORT, k)} if field == "dense" else {}
        hits = self._client.search(
            self._name,
            [query],
            anns_field=field,
            limit=k,
            filter="" if rows is None else f"row in {list(rows)}",
            output_fields=["row"],
            search_params={"metric_type": "IP", "params": parameters},
        )[0]
        scores = np.array([hit["distance"] for hit in hits], dtype=np.float32)
        return scores, np.array([hit["row"] for hit in hits], dtype=np.int64)

    def scores(self, field: str, query: object, rows: NDArray[np.int64]) -> Scores:
        """Scores `(r,)` of `rows` (ascending); NaN for those that Milvus does not return."""
        scores = np.full(len(rows), np.nan, dtype=np.float32)
        for start in range(0, len(rows), _MOST_RESULTS):
            asked = rows[start : start + _MOST_RESULTS]
            found, at = self.search(field, query, len(asked), asked.tolist())
            scores[start + np.searchsorted(asked, at)] = found
        return scores


class MilvusVectors:
    """The dense vectors of a collection; see `VectorIndex`."""

    kind = "milvus"

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def __len__(self) -> int:
        return self._collection.count

    def search(self, query: NDArray[np.float32], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """See `VectorIndex`."""
        return self._collection.search("dense", query, min(k, len(self)))

    def scores(self, query: NDArray[np.float32], rows: Rows = ALL) -> Scores:
        """Scores `(r,)` of the vectors in `rows` for one query `(d,)`.

        A row that a graph does not reach gets the lowest score that was found.
        """
        scores = self._collection.scores("dense", query, row_numbers(rows, len(self)))
        scores[np.isnan(scores)] = np.nanmin(scores, initial=1.0)
        return scores


class MilvusPostings(LexicalIndex):
    """The words of a collection, which numbers its terms as the vocabulary does."""

    def __init__(self, collection: Collection, **vocabulary: Any) -> None:
        super().__init__(**vocabulary, count=collection.count)
        self._collection = collection

    def search(self, terms: Sequence[str], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """See `LexicalIndex`."""
        query, reachable = self._query(terms)
        if not query:
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        found, rows = self._collection.search("words", query, min(k, len(self)))
        return found / np.float32(reachable), rows

    def scores(self, terms: Sequence[str], rows: Rows = ALL) -> Scores:
        """See `LexicalIndex`; entries without any of the terms are not returned by Milvus."""
        query, reachable = self._query(terms)
        asked = row_numbers(rows, len(self))
        if not query:
            return np.zeros(len(asked), dtype=np.float32)
        scores = self._collection.scores("words", query, asked)
        return np.nan_to_num(scores, nan=0.0) / np.float32(reachable)

    def _query(self, terms: Sequence[str]) -> tuple[dict[int, float], float]:
        known, weights, reachable = self.weigh(terms)
        return dict(zip(known.tolist(), weights.tolist(), strict=True)), reachable
