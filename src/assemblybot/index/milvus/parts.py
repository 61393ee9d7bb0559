"""Vectors and postings of one index: into Milvus at a build, out of it at a load.

The vocabulary stays in the index folder, since a question is weighed before Milvus is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError, IndexForeignError
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.manifest import REBUILD, Manifest
from assemblybot.index.milvus.builds import MilvusBuilds
from assemblybot.index.milvus.collection import Row
from assemblybot.index.milvus.stores import MilvusPostings, MilvusVectors
from assemblybot.index.vectors import FaissVectors
from assemblybot.index.vocabulary import Vocabulary

_ARRAYS: Final = ("terms", "frequencies", "starts")


def write_stores(
    vectors: FaissVectors,
    words: LexicalPostings,
    folder: Path,
    milvus: MilvusBuilds,
) -> str:
    """Write a new collection and, into `folder`, the vocabulary; returns the collection's name."""
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(words.vocabulary, name), allow_pickle=False)
    dense = vectors.rows
    assert dense is not None
    return milvus.write(_rows(dense, words), len(dense), dense.shape[1]).name


def _rows(dense: NDArray[np.float32], words: LexicalPostings) -> Iterator[Row]:
    for row, (vector, weights) in enumerate(zip(dense, words.weights_by_view(), strict=True)):
        yield Row(row, vector, weights)


def load_stores(
    folder: Path, manifest: Manifest, milvus: MilvusBuilds | None
) -> tuple[MilvusVectors, MilvusPostings]:
    """Vectors and word postings of the index whose vocabulary lies in `folder`.

    Raises IndexForeignError when they are not in `milvus`, IndexDamagedError when the
    vocabularies cannot be read.
    """
    if milvus is None or manifest.collection is None:
        raise IndexForeignError(
            "The vectors of this index lie in Milvus, but MILVUS_URI is not set. Set it to that Milvus, "
            "or rebuild the index without it: assemblybot index build"
        )
    collection = milvus.open(manifest.collection, manifest.entries)
    words = MilvusPostings(collection, _vocabulary(folder, manifest.entries))
    return MilvusVectors(collection, manifest.entries), words


def _vocabulary(folder: Path, count: int) -> Vocabulary:
    try:
        terms, frequencies, starts = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS
        )
    except (OSError, ValueError) as error:
        raise IndexDamagedError(f"The vocabulary of the index cannot be read. {REBUILD}") from error
    return Vocabulary(terms, frequencies, starts, count)
