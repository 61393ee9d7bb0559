"""Dense vectors in FAISS: exact below 50,000 views, a graph (HNSW) above."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError

EXACT_BELOW: Final = 50_000
_LINKS: Final = 32
_BUILD_EFFORT: Final = 80
_SEARCH_EFFORT: Final = 96


class VectorStore(Protocol):
    """Unit vectors under positions 0 … n-1, searched by inner product."""

    kind: str

    def __len__(self) -> int: ...

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores `(q, k)`, best first, and positions `(q, k)`; -1 where fewer than k are found."""
        ...

    def score_all(self, query: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Scores `(n,)` of every vector for one query `(d,)`; `None` where search is not exact."""
        ...


class FaissVectors:
    """A FAISS index over vectors of shape `(n, d)`."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.kind: str = "flat" if isinstance(index, faiss.IndexFlat) else "hnsw"
        # The vectors of an exact index, in FAISS's own memory: ranking all of them through its
        # heap takes five times as long as the products alone.
        self._rows: NDArray[np.float32] | None = None
        if self.kind == "flat":
            stored = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
            self._rows = stored.reshape(index.ntotal, index.d)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> FaissVectors:
        """Index unit vectors `(n, d)`, float32; the kind is chosen by n."""
        dimension = vectors.shape[1]
        if len(vectors) < EXACT_BELOW:
            index: Any = faiss.IndexFlatIP(dimension)
        else:
            index = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _BUILD_EFFORT
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path, *, count: int, dimension: int) -> FaissVectors:
        """Read a saved index and check that it holds `count` vectors of `dimension`."""
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexDamagedError(
                "The vectors of the index cannot be read. Rebuild it with: assemblybot index build"
            ) from error
        if index.ntotal != count or index.d != dimension:
            raise IndexDamagedError(
                "The vectors of the index do not fit its manifest. Rebuild it with: assemblybot index build"
            )
        if isinstance(index, faiss.IndexHNSW):
            index.hnsw.efSearch = _SEARCH_EFFORT
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and positions of the `k` nearest vectors of each query, best first."""
        scores, positions = self._index.search(np.ascontiguousarray(queries), min(k, len(self)))
        return scores, positions

    def score_all(self, query: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Scores `(n,)` of every vector for one query `(d,)`; `None` where search is not exact."""
        return None if self._rows is None else self._rows @ query

    def to_bytes(self) -> bytes:
        """The saved form; the same vectors always give the same bytes."""
        return bytes(faiss.serialize_index(self._index))
