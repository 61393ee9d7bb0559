"""Translation retrieval on the devtest texts."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

#: name, query file, target file
TASKS = (
    ("NTREX ar→en", "ntrex.ar", "ntrex.en"),
    ("NTREX fr→ar", "ntrex.fr", "ntrex.ar"),
    ("NTREX en→ar", "ntrex.en", "ntrex.ar"),
    ("NTREX es→ar", "ntrex.es", "ntrex.ar"),
    ("FLORES ary→ar", "flores200.devtest.ary", "flores200.devtest.ar"),
    ("FLORES ary→en", "flores200.devtest.ary", "flores200.devtest.en"),
)


def sentences(data: Path, name: str, limit: int | None = None) -> list[str]:
    """The lines of one devtest file."""
    with gzip.open(data / "devtest" / f"{name}.txt.gz", "rt", encoding="utf-8") as lines:
        return [line.strip() for line in lines][:limit]


def top_one(queries: Vectors, targets: Vectors) -> float:
    """The share of queries whose own translation comes first."""
    best = (queries @ targets.T).argmax(axis=1)
    return float((best == np.arange(len(queries))).mean())


def retrieval(data: Path, query: Encode, passage: Encode, limit: int | None = None) -> dict[str, float]:
    """Top-1 for every task, on the first ``limit`` lines or all; each side encoded as the product does."""
    asked = {name: query(sentences(data, name, limit)) for name in sorted({task[1] for task in TASKS})}
    told = {name: passage(sentences(data, name, limit)) for name in sorted({task[2] for task in TASKS})}
    return {task: top_one(asked[source], told[target]) for task, source, target in TASKS}
