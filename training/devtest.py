"""Translation retrieval on the devtest texts: the figure checkpoints are chosen by."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encode import encode, load_tokenizer
from encoder import english_teacher, minilm_folder

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


def retrieval(data: Path, encode: Encode, limit: int | None = None) -> dict[str, float]:
    """Top-1 for every task, on the first ``limit`` lines or all."""
    names = sorted({name for task in TASKS for name in task[1:]})
    vectors = {name: encode(sentences(data, name, limit)) for name in names}
    return {task: top_one(vectors[query], vectors[target]) for task, query, target in TASKS}


class English:
    """How much of MiniLM's English a model keeps: the first ``count`` English NTREX sentences."""

    def __init__(self, data: Path, count: int) -> None:
        self._texts = sentences(data, "ntrex.en", count)
        teacher = english_teacher()
        teacher.fast = False
        self._wanted = encode(teacher, load_tokenizer(minilm_folder() / "tokenizer.json"), self._texts)

    def kept(self, encoder: Encode) -> float:
        """Mean cosine to MiniLM's own vectors."""
        return float((encoder(self._texts) * self._wanted).sum(axis=1).mean())
