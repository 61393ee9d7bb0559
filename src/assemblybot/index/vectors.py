"""Dense vectors in FAISS: exact below 20,000 entries, clustered and quantised above.

Above, vectors lie in lists by nearest centroid (k-means), a byte a dimension; a search reads
the lists nearest to the question. The lists are mapped from disk, so opening a large index
reads almost nothing, and one copy of the vectors serves both search and scores by row.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError
from assemblybot.index import base
from assemblybot.index.base import ALL, Rows, Scores, row_numbers
from assemblybot.index.manifest import REBUILD

# Lists, as a power of two near this many times the root of the number of vectors.
_LISTS: Final = 2.0
_TRAINED_ON: Final = 64
_ROUNDS: Final = 10
# Share of the lists that a search reads, at least as many as hold `_LEAST_READ` vectors. Questions
# lie apart from what answers them, so that it is spread over many lists.
_READ: Final = 0.12
_LEAST_READ: Final = 30_000


class FaissVectors:
    """A FAISS index over vectors of shape `(n, d)`; see `VectorIndex`."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.kind: str = "flat" if isinstance(index, faiss.IndexFlat) else "ivf-sq8"
        # The vectors of an exact index, in FAISS's own memory: ranking all of them through its
        # heap takes five times as long as the products alone.
        self.rows: NDArray[np.float32] | None = None
        if self.kind == "flat":
            stored = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
            self.rows = stored.reshape(index.ntotal, index.d)

    @classmethod
    def build(cls, vectors: NDArray[np.float32], *, exact: bool = False) -> FaissVectors:
        """Index unit vectors `(n, d)`, float32; the kind is chosen by n unless it must be `exact`."""
        count, dimension = vectors.shape
        flat = faiss.IndexFlatIP(dimension)
        if exact or count < base.MANY_ENTRIES:
            flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
            return cls(flat)
        lists = 2 ** round(math.log2(_LISTS * math.sqrt(count)))
        index = faiss.IndexIVFScalarQuantizer(
            flat, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        index.cp.niter = _ROUNDS
        index.cp.max_points_per_centroid = _TRAINED_ON
        index.nprobe = min(lists, math.ceil(max(_READ, _LEAST_READ / count) * lists))
        index.train(vectors)
        index.make_direct_map()
        index.add(vectors)
        return cls(index)

    @classmethod
    def load(cls, path: Path, *, count: int, dimension: int, writable: bool = False) -> FaissVectors:
        """Open a saved index and check that it holds `count` vectors of `dimension`.

        A `writable` one is read into memory, for `add`; otherwise lists are mapped from disk.
        """
        try:
            index = faiss.read_index(
                str(path), 0 if writable else faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
            )
        except RuntimeError as error:
            raise IndexDamagedError(f"The vectors of the index cannot be read. {REBUILD}") from error
        if index.ntotal != count or index.d != dimension:
            raise IndexDamagedError(f"The vectors of the index do not fit its manifest. {REBUILD}")
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append unit vectors; their lists are the nearest of those there are."""
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, query: NDArray[np.float32], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """See `VectorIndex`."""
        (scores,), (rows,) = self._index.search(query[np.newaxis], min(k, len(self)))
        found = rows >= 0  # FAISS fills up with -1 where the lists that were read hold fewer
        return scores[found], rows[found]

    def scores(self, query: NDArray[np.float32], rows: Rows = ALL) -> Scores:
        """Scores `(r,)` of the vectors in `rows` for one query `(d,)`."""
        if self.rows is not None:
            return self.rows[rows] @ query
        scores: Scores = self._index.reconstruct_batch(row_numbers(rows, len(self))) @ query
        return scores

    def to_bytes(self) -> memoryview:
        """The saved form; the same vectors always give the same bytes."""
        saved: memoryview = faiss.serialize_index(self._index).data
        return saved
