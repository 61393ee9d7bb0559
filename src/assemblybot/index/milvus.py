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
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexBuildError, IndexDamagedError, IndexForeignError, IndexUnreachableError
from assemblybot.index.bm25 import BM25, VOCABULARY, load_arrays
from assemblybot.index.manifest import REBUILD
from assemblybot.index.milvus_client import connect, translated_failures
from assemblybot.index.milvus_collection import Collection, MilvusPostings, MilvusVectors
from assemblybot.index.vectors import FaissVectors

# With fewer entries, Milvus compares all vectors, which misses none. This is not `base.MANY_ENTRIES`, because
# nothing else depends on how Milvus stores vectors.
EXACT_BELOW: Final = 50_000
LINKS: Final = 16
BUILD_EFFORT: Final = 200
_BATCH: Final = 500
_WRITERS: Final = 4
# An entry without terms: Milvus takes no empty sparse vector, and no question asks for this term.
_NO_TERMS: Final = {2**32 - 2: 1.0}


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
        self._client = connect(uri, token)

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
        return MilvusVectors(collection), MilvusPostings(collection, **vocabulary)

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

    @translated_failures()
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

    @translated_failures()
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

    @translated_failures()
    def current(self) -> str | None:
        """Name of the collection that the alias points to."""
        aliases = ((name, self._client.list_aliases(name)["aliases"]) for name in self.names())
        return next((name for name, listed in aliases if self._alias in listed), None)

    @translated_failures()
    def names(self) -> list[str]:
        """Names of all builds, finished or not."""
        ours = re.compile(rf"{re.escape(self._alias)}_[0-9a-f]{{16}}")
        return sorted(name for name in self._client.list_collections() if ours.fullmatch(name))

    @translated_failures()
    def count(self, name: str) -> int | None:
        """How many rows the build `name` holds; `None` where there is no such build."""
        if not self._client.has_collection(name):
            return None
        return int(self._client.query(name, output_fields=["count(*)"])[0]["count(*)"])

    @translated_failures()
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
        return Collection(self._client, name, count)

    @translated_failures()
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
