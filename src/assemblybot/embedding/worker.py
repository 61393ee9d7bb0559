"""One thread that owns a model, and the cache of recent questions in front of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np

from assemblybot.embedding.base import Vectors

#: turns texts into unit rows; only ever called on the worker's thread
Encode = Callable[[Sequence[str]], Vectors]


class Worker:
    """Runs every call on one thread: tokenizers and models are not shared between threads."""

    def __init__(self, dimension: int, cache_size: int) -> None:
        self._dimension = dimension
        self._limit = cache_size
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")

    def run(self, encode: Encode, texts: Sequence[str]) -> Vectors:
        """Calls ``encode`` on the thread and waits for it."""
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        return self._thread.submit(encode, list(texts)).result()

    def run_cached(self, encode: Encode, texts: Sequence[str]) -> Vectors:
        """As :meth:`run`, but texts seen lately are not encoded again."""
        with self._lock:
            known = {text: self._cache[text] for text in texts if text in self._cache}
            for text in known:
                self._cache.move_to_end(text)
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        known.update(zip(missing, self.run(encode, missing), strict=True))
        with self._lock:
            for text in missing:
                self._cache[text] = known[text]
            while len(self._cache) > self._limit:
                self._cache.popitem(last=False)
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self._dimension), np.float32)


def by_length(texts: Sequence[str], at_once: int) -> list[list[int]]:
    """Indices in groups of ``at_once`` texts of similar length, shortest first."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    return [order[start : start + at_once] for start in range(0, len(order), at_once)]
