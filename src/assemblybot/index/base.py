"""What retrieval asks of vectors and postings, and from how many entries on an index counts as large."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

# An index with this many entries is large: its vectors take one byte per dimension and are clustered, its
# common terms have no postings, and only the entries of passages that a search finds are scored.
MANY_ENTRIES = 20_000

#: Rows of entries of which scores are asked for.
Rows = NDArray[np.int64] | slice
ALL: Final = slice(None)
Scores = NDArray[np.float32]


def row_numbers(rows: Rows, count: int) -> NDArray[np.int64]:
    """Rows as numbers, where there are `count` in all."""
    return np.arange(count)[rows] if isinstance(rows, slice) else rows


class VectorIndex(Protocol):
    """Unit vectors in rows 0 … n-1, searched by inner product."""

    kind: str

    def __len__(self) -> int: ...

    def search(self, query: NDArray[np.float32], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """Scores `(m,)`, best first, and rows `(m,)` of up to `k` vectors near to a query `(d,)`."""
        ...

    def scores(self, query: NDArray[np.float32], rows: Rows = ALL) -> Scores:
        """Scores `(r,)` of the vectors in `rows` for one query `(d,)`."""
        ...
