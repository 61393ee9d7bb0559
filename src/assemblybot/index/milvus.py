"""Vectors and postings in Milvus instead of the index folder, for corpora past one machine.

A build is a collection `<alias>_<16 hexadecimal digits>` with one row an entry:

row       primary key: the row of the entry in the index's table
dense     unit vector of the entry, inner product
words     BM25 weights of its terms by term number, inner product with the idf of the question's terms

The weights are this project's own (`bm25.py`), so scores equal those of local postings. The vocabulary
stays in the index folder, since a question is weighed before Milvus is asked. The folder's manifest names
the collection that its rows belong to, so a process with an older folder goes on with the older collection.
The alias says which build is in use; it moves last, in one step, and only then are builds before the
previous one dropped.

pymilvus is imported only when `MILVUS_URI` is set (extra `milvus`).
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import (
    IndexBuildError,
    IndexDamagedError,
    IndexForeignError,
    IndexUnreachableError,
    SettingsError,
)
from assemblybot.index.base import ALL, Rows, Scores, numbers
from assemblybot.index.bm25 import BM25, VOCABULARY, LexicalIndex, load_arrays
from assemblybot.index.manifest import REBUILD
from assemblybot.index.vectors import FaissVectors

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_TIMEOUT_S: Final = 10.0
# pymilvus pings an idle server every ten seconds, for which Milvus Lite hangs up on it.
_TRANSPORT: Final = {"grpc.keepalive_permit_without_calls": False}
# Milvus's own bound on how many rows one search may return.
_MOST_RESULTS: Final = 16_384
# Below so many entries Milvus compares all vectors, which misses none. Not `base.MANY_ENTRIES`: how
# vectors lie here decides about nothing else.
EXACT_BELOW: Final = 50_000
LINKS: Final = 16
BUILD_EFFORT: Final = 200
SEARCH_EFFORT: Final = 128
_BATCH: Final = 500
_WRITERS: Final = 4
# An entry without terms: Milvus takes no empty sparse vector, and no question asks for this term.
_NO_TERMS: Final = {2**32 - 2: 1.0}


@lru_cache(maxsize=4)
def _connect(uri: str, token: str) -> MilvusClient:
    """One client for the whole process, since indexes are looked at and loaded again while it runs."""
    try:
        with _hidden("MILVUS_URI"):
            from pymilvus import MilvusClient
    except ImportError as error:
        raise SettingsError(
            "MILVUS_URI is set, but pymilvus is not installed. Install it with: "
            "pip install 'assemblybot[milvus]'"
        ) from error
    # What fails is raised; both would also print it, with a traceback.
    for library in ("pymilvus", "milvus_lite"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    with _translated_failures():
        return MilvusClient(uri, token=token, timeout=_TIMEOUT_S, grpc_options=_TRANSPORT)


@contextmanager
def _hidden(variable: str) -> Iterator[None]:
    """Hide an environment variable: pymilvus reads this one too, and refuses the name of a file."""
    value = os.environ.pop(variable, None)
    os.environ[variable] = ""
    try:
        yield
    finally:
        del os.environ[variable]
        if value is not None:
            os.environ[variable] = value


@contextmanager
def _translated_failures() -> Iterator[None]:
    """Raise IndexUnreachableError for whatever pymilvus or its transport raises inside."""
    from grpc import RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, RpcError) as error:
        reason = getattr(error, "message", "") or type(error).__name__
        raise IndexUnreachableError(
            f"Milvus did not do what was asked: {reason}. Check that it runs and that MILVUS_URI and "
            "MILVUS_TOKEN are right; a Milvus Lite file serves one process at a time."
        ) from error


class Milvus:
    """Every build of one corpus, under one alias of one Milvus. All methods raise IndexUnreachableError.

    Args:
        uri: `http://host:19530` of a Milvus, or a file ending in `.db` (Milvus Lite).
        token: `user:password` or an API key.
        alias: the name under which the builds of this corpus lie.
        replicas: how many copies of a collection Milvus keeps in memory.

    Raises:
        SettingsError: pymilvus is not installed.
        IndexUnreachableError: nothing answers at `uri`.
    """

    def __init__(self, uri: str, token: str = "", alias: str = "assemblybot", replicas: int = 1) -> None:
        self._alias = alias
        self._replicas = replicas
        self._client = _connect(uri, token)

    def save(self, vectors: FaissVectors, words: BM25, folder: Path) -> str:
        """Write a new collection and, into `folder`, its vocabulary; returns the collection's name."""
        for name in VOCABULARY:
            np.save(folder / f"{name}.npy", getattr(words, name), allow_pickle=False)
        assert vectors.rows is not None
        return self.write(vectors.rows, words.weights_by_entry())

    def load(self, name: str, count: int, folder: Path) -> tuple[MilvusVectors, MilvusPostings]:
        """Vectors and postings of the collection `name`, whose vocabulary lies in `folder`.

        Raises IndexForeignError when it does not hold `count` rows, IndexDamagedError when the vocabulary
        cannot be read.
        """
        collection = self.open(name, count)
        try:
            vocabulary = load_arrays(folder, VOCABULARY)
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"The vocabulary of the index cannot be read. {REBUILD}") from error
        words = MilvusPostings(collection, **vocabulary, count=count)
        return MilvusVectors(collection, count), words

    def write(self, vectors: NDArray[np.float32], weights: Iterable[Mapping[int, float]]) -> str:
        """Name of a new collection of `vectors` `(n, d)` and the `weights` of terms by number.

        No alias names it yet. Whatever stops it, the builds that were there stay as they were and the new
        one is dropped. Raises IndexBuildError when not all rows are there afterwards.
        """
        name = f"{self._alias}_{secrets.token_hex(8)}"
        try:
            self._insert(name, vectors, weights)
            if (found := self.count(name)) != len(vectors):
                raise IndexBuildError(
                    f"Milvus holds {found} of {len(vectors)} entries after the build. The index in use is "
                    "unchanged; build again with: assemblybot index build"
                )
        except BaseException:
            # Where Milvus is gone too, the next build drops it.
            with suppress(IndexUnreachableError):
                self.drop(name)
            raise
        return name

    @_translated_failures()
    def _insert(
        self, name: str, vectors: NDArray[np.float32], weights: Iterable[Mapping[int, float]]
    ) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        self._client.create_collection(name, schema=schema, consistency_level="Strong")
        rows = (
            {"row": row, "dense": dense, "words": words or _NO_TERMS}
            for row, (dense, words) in enumerate(zip(vectors, weights, strict=False))
        )
        with ThreadPoolExecutor(_WRITERS) as pool:
            # As many batches are held at a time as there are threads.
            while batches := [batch for _ in range(_WRITERS) if (batch := list(islice(rows, _BATCH)))]:
                list(pool.map(lambda batch: self._client.insert(name, batch), batches))
        self._client.flush(name)
        self._client.create_index(name, _index_parameters(len(vectors)))
        self._client.load_collection(name, replica_number=self._replicas)

    @_translated_failures()
    def publish(self, name: str) -> None:
        """Point the alias to the build `name`; drop all builds but it and the one before it."""
        previous = self.current()
        if previous is None:
            self._client.create_alias(name, self._alias)
        else:
            self._client.alter_alias(name, self._alias)
        for build in self.names():
            if build not in (name, previous):
                self.drop(build)

    @_translated_failures()
    def current(self) -> str | None:
        """Name of the collection that the alias points to."""
        aliases = ((name, self._client.list_aliases(name)["aliases"]) for name in self.names())
        return next((name for name, listed in aliases if self._alias in listed), None)

    @_translated_failures()
    def names(self) -> list[str]:
        """Names of all builds, finished or not."""
        ours = re.compile(rf"{re.escape(self._alias)}_[0-9a-f]{{16}}")
        return sorted(name for name in self._client.list_collections() if ours.fullmatch(name))

    @_translated_failures()
    def count(self, name: str) -> int | None:
        """How many rows the build `name` holds; `None` where there is no such build."""
        if not self._client.has_collection(name):
            return None
        return int(self._client.query(name, output_fields=["count(*)"])[0]["count(*)"])

    @_translated_failures()
    def open(self, name: str, count: int) -> Collection:
        """The build `name`, in memory. Raises IndexForeignError when it does not hold `count` rows."""
        found = self.count(name)
        if found != count:
            held = "is not there" if found is None else f"holds {found} entries instead of {count}"
            raise IndexForeignError(
                f"The index folder belongs to the collection {name} of Milvus, which {held}. Bring the "
                "index folder of the newest build here, or rebuild it with: assemblybot index build"
            )
        self._client.load_collection(name, replica_number=self._replicas)
        return Collection(self._client, name)

    @_translated_failures()
    def drop(self, name: str) -> None:
        """Drop one build; nothing happens where there is none."""
        self._client.drop_collection(name)


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


class Collection:
    """One build, loaded into the memory of Milvus."""

    def __init__(self, client: MilvusClient, name: str) -> None:
        self._client = client
        self._name = name

    @_translated_failures()
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

    def __init__(self, collection: Collection, count: int) -> None:
        self._collection = collection
        self._count = count

    def __len__(self) -> int:
        return self._count

    def search(self, queries: NDArray[np.float32], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """Scores `(q, k)`, best first, and rows `(q, k)`; -1 where fewer than k are found."""
        scores = np.full((len(queries), min(k, self._count)), -np.inf, dtype=np.float32)
        rows = np.full(scores.shape, -1, dtype=np.int64)
        for number, query in enumerate(queries):
            found, at = self._collection.search("dense", query, scores.shape[1])
            scores[number, : len(at)], rows[number, : len(at)] = found, at
        return scores, rows

    def scores(self, query: NDArray[np.float32], rows: Rows = ALL) -> Scores:
        """Scores `(r,)` of the vectors in `rows` for one query `(d,)`.

        A row that a graph does not reach gets the lowest score that was found.
        """
        scores = self._collection.scores("dense", query, numbers(rows, self._count))
        scores[np.isnan(scores)] = np.nanmin(scores, initial=1.0)
        return scores


class MilvusPostings(LexicalIndex):
    """The words of a collection, which numbers its terms as the vocabulary does."""

    def __init__(self, collection: Collection, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
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
        asked = numbers(rows, len(self))
        if not query:
            return np.zeros(len(asked), dtype=np.float32)
        scores = self._collection.scores("words", query, asked)
        return np.nan_to_num(scores, nan=0.0) / np.float32(reachable)

    def _query(self, terms: Sequence[str]) -> tuple[dict[int, float], float]:
        known, weights, reachable = self.weigh(terms)
        return dict(zip(known.tolist(), weights.tolist(), strict=True)), reachable
