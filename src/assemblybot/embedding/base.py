"""What the rest of the program asks of an embedding model, and what all models share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

#: float32, one L2-normalised row per text
Vectors = NDArray[np.float32]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Result = TypeVar("Result")


class Embedder(Protocol):
    """Text to unit vectors. Safe to call from several threads."""

    @property
    def id(self) -> str:
        """Names the model and its exact weights; changes when either does."""

    @property
    def dimension(self) -> int:
        """The width of every vector."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, dimension)` of questions."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, dimension)` of texts to be found."""


class Worker(Generic[Key, Value]):
    """One thread that runs a model, and a cache of its `cache_size` latest results.

    Tokenizers and models are not shared between threads, and two calls at a time would only compete for the
    same processor cores.
    """

    def __init__(self, name: str, cache_size: int) -> None:
        self._limit = cache_size
        self._cache: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def run(self, compute: Callable[[list[Key]], Result], keys: Sequence[Key]) -> Result:
        """Calls `compute` on the thread and waits for its result."""
        return self._thread.submit(compute, list(keys)).result()

    def run_cached(self, compute: Callable[[list[Key]], Iterable[Value]], keys: Sequence[Key]) -> list[Value]:
        """As `run`, but what is in the cache is not computed again."""
        with self._lock:
            known = {key: self._cache[key] for key in keys if key in self._cache}
            for key in known:
                self._cache.move_to_end(key)
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            known.update(zip(missing, self.run(compute, missing), strict=True))
        with self._lock:
            self._cache.update((key, known[key]) for key in missing)
            while len(self._cache) > self._limit:
                self._cache.popitem(last=False)
        return [known[key] for key in keys]


class CachingEmbedder(ABC):
    """An `Embedder` that encodes batches on one thread and caches the vectors of questions."""

    #: texts that are encoded at once; a question that comes meanwhile waits for one batch at most
    batch: int

    def __init__(self, name: str, dimension: int, cache_size: int) -> None:
        self.id = name
        self.dimension = dimension
        self._worker: Worker[str, Vectors] = Worker("embedder", cache_size)

    @abstractmethod
    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors `(n, dimension)` of questions; called on the worker's thread only."""

    @abstractmethod
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors `(n, dimension)` of one batch of passages; called on the worker's thread only."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        rows = self._worker.run_cached(self.encode_queries, texts)
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Texts of similar length need little padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), self.batch):
            group = order[start : start + self.batch]
            vectors[group] = self._worker.run(self.encode_passages, [texts[index] for index in group])
        return vectors
