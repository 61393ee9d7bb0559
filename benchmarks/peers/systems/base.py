"""What is asked of every system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assemblybot.embedding import load_embedder


@dataclass(frozen=True, slots=True)
class Text:
    """A text to index; `cited` is what a reader is shown when it is found."""

    text: str
    cited: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A found text, what it cites, and the system's own score; higher is better."""

    text: str
    cited: str
    score: float


class Peer(Protocol):
    """One system with one index in one folder."""

    def build(self, texts: Sequence[Text], folder: Path) -> None:
        """Index the texts and keep the index in the folder."""

    def split(self, article: Path) -> list[Text]:
        """The article read and cut by the system's own reader and splitter, as documented."""

    def open(self, folder: Path, *, hybrid: bool) -> None:
        """Load the index; `hybrid` adds the system's own keyword search."""

    def search(self, question: str, count: int) -> list[Hit]:
        """The best `count` hits, best first."""


class Vectors:
    """The model that every system uses, as arrays and as the lists some interfaces want."""

    def __init__(self, model: str, threads: int) -> None:
        self._embedder = load_embedder(model, threads=threads, cache_size=1)
        self.dimension = self._embedder.dimension

    def of(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Unit vectors `(n, dimension)`."""
        return self._embedder.embed_passages(texts)

    def lists(self, texts: Sequence[str]) -> list[list[float]]:
        """The same as nested lists."""
        return [list(map(float, row)) for row in self.of(texts)]
