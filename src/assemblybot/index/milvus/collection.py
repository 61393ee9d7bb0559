"""One build in Milvus: a collection with one row an entry.

row       primary key: the row of the entry in the index's table
dense     unit vector of the entry, inner product
words     BM25 weights of its word terms, inner product with ones

The sparse weights are this project's own (`lexical.py`), so scores equal those of local postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexBuildError
from assemblybot.index.milvus.connection import translated_failures

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Field = Literal["dense", "words"]

# Milvus's own bound on how many rows one search may return.
MOST_RESULTS: Final = 16_384
# Below so many entries Milvus compares all vectors, which misses none. Not the border of
# `index/scale.py`: how vectors lie here decides about nothing else.
EXACT_BELOW: Final = 50_000
LINKS: Final = 16
BUILD_EFFORT: Final = 200
SEARCH_EFFORT: Final = 128
_BATCH: Final = 500
# An entry without terms: Milvus takes no empty sparse vector, and no question asks for this term.
_NO_TERMS: Final = {2**32 - 2: 1.0}
_WRITERS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What one entry is in Milvus; sparse weights are by term number."""

    row: int
    dense: NDArray[np.float32]
    words: Mapping[int, float]


class Collection:
    """One named collection, of which Milvus keeps `replicas` copies in memory.

    Nothing is asked of Milvus before the first method call.
    """

    def __init__(self, client: MilvusClient, name: str, replicas: int = 1) -> None:
        self.name = name
        self._client = client
        self._replicas = replicas

    def create(self, dimension: int) -> None:
        """Make the collection, without rows or indexes. Raises IndexUnreachableError."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        with translated_failures():
            self._client.create_collection(self.name, schema=schema, consistency_level="Strong")

    def write(self, rows: Iterable[Row], total: int) -> None:
        """Insert `total` rows in parallel batches, index them and make them searchable.

        Raises IndexBuildError when other than `total` rows are there afterwards.
        """
        with translated_failures():
            _in_parallel(self._insert, _batches(rows))
            self._client.flush(self.name)
            self._client.create_index(self.name, _index_parameters(total))
            self._client.load_collection(self.name, replica_number=self._replicas)
        if (found := self.count()) != total:
            raise IndexBuildError(
                f"Milvus holds {found} of {total} entries after the build. The index in use is unchanged; "
                "build again with: assemblybot index build"
            )

    def _insert(self, batch: Sequence[Row]) -> None:
        fields = [{"row": row.row, "dense": row.dense, "words": row.words or _NO_TERMS} for row in batch]
        self._client.insert(self.name, fields)

    def count(self) -> int | None:
        """How many rows the collection holds; `None` where there is no such collection."""
        with translated_failures():
            if not self._client.has_collection(self.name):
                return None
            found = self._client.query(self.name, output_fields=["count(*)"])
        return int(found[0]["count(*)"])

    def load(self) -> None:
        """Have Milvus bring the collection into memory; returns when it can be searched."""
        with translated_failures():
            self._client.load_collection(self.name, replica_number=self._replicas)

    def search(
        self, field: Field, query: object, k: int, rows: Sequence[int] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and rows `(m,)`, m <= k, best first, of all entries or of `rows` alone.

        `query` is a vector `(d,)` or a mapping of term numbers to weights.
        """
        k = min(k, MOST_RESULTS)
        parameters = {"ef": max(SEARCH_EFFORT, k)} if field == "dense" else {}
        with translated_failures():
            hits = self._client.search(
                self.name,
                [query],
                anns_field=field,
                limit=k,
                filter="" if rows is None else f"row in {list(rows)}",
                output_fields=["row"],
                search_params={"metric_type": "IP", "params": parameters},
            )[0]
        scores = np.array([hit["distance"] for hit in hits], dtype=np.float32)
        return scores, np.array([hit["row"] for hit in hits], dtype=np.int64)


def _index_parameters(count: int) -> Any:
    """Exact below 50,000 entries; above, a graph over vectors of one byte a dimension."""
    from pymilvus import MilvusClient

    parameters = MilvusClient.prepare_index_params()
    if count < EXACT_BELOW:
        parameters.add_index("dense", index_type="FLAT", metric_type="IP")
    else:
        graph = {"M": LINKS, "efConstruction": BUILD_EFFORT, "sq_type": "SQ8"}
        parameters.add_index("dense", index_type="HNSW_SQ", metric_type="IP", params=graph)
    # Postings of a large build are mapped from disk: they take four times the memory of the graph.
    mapped = {"mmap.enabled": "false" if count < EXACT_BELOW else "true"}
    parameters.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP", params=mapped)
    return parameters


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _in_parallel(insert: Any, batches: Iterator[list[Row]]) -> None:
    """Insert from a few threads; at most twice as many batches as threads are held at a time."""
    with ThreadPoolExecutor(_WRITERS) as pool:
        running: set[Future[None]] = set()
        for batch in batches:
            running.add(pool.submit(insert, batch))
            if len(running) >= 2 * _WRITERS:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
        for future in running:
            future.result()
