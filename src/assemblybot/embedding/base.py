"""What the rest of the program asks of an embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: float32, one L2-normalised row per text
Vectors = NDArray[np.float32]
#: called with how many texts are done so far
Progress = Callable[[int], None]


class Embedder(Protocol):
    """Text to unit vectors. Safe to call from several threads."""

    @property
    def id(self) -> str:
        """Names the model and its exact weights; changes when either does."""

    @property
    def dimension(self) -> int:
        """The width of every vector."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors ``(n, dimension)`` of questions."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors ``(n, dimension)`` of texts to be found."""
