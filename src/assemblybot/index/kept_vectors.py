"""Vectors of texts: each text is embedded once, and its vector is kept so that it need not be again.

vectors.npz  model     name of the embedding model
             digests   uint8 (n, 16): the first half of the SHA-256 of each text, sorted
             vectors   float16 (n, d): half of their size in the repository

The project ships those of its corpus in `index/`. Which entries a passage has may change with the code; the
vector of a text does not.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.embedding import Embedder

#: vector `(d,)` by the digest of its text
KeptVectors = Mapping[bytes, NDArray[np.float32]]
NAME: Final = "vectors.npz"
_DIGEST: Final = 16
_BATCH: Final = 256
#: Told of the stage, of how much is done and of how much there is.
Progress = Callable[[str, int, int], None]


def digest(text: str) -> bytes:
    """What a vector is kept under."""
    return hashlib.sha256(text.encode()).digest()[:_DIGEST]


def read(folder: Path, model: str) -> KeptVectors:
    """The vectors kept in `folder`; none where there is no whole file, or another model made them."""
    try:
        with (folder / NAME).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if str(kept["model"]) != model:
                return {}
            digests, vectors = kept["digests"], kept["vectors"].astype(np.float32)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return {row.tobytes(): vector for row, vector in zip(digests, vectors, strict=True)}


def write(folder: Path, model: str, vectors: KeptVectors) -> None:
    """Keep `vectors` in `folder`; the same vectors give the same bytes."""
    digests = sorted(vectors)
    np.savez(
        folder / NAME,
        model=np.array(model),
        digests=np.frombuffer(b"".join(digests), np.uint8).reshape(-1, _DIGEST),
        vectors=np.array([vectors[each] for each in digests], np.float16),
    )


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    progress: Progress,
    known: KeptVectors | None = None,
) -> NDArray[np.float32]:
    """Vectors `(n, d)` of entry texts, each distinct text that is not `known` embedded once."""
    vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        first.setdefault(text, row)
    missing = []
    for text, row in first.items():
        vector = known.get(digest(text)) if known else None
        if vector is None:
            missing.append(text)
        else:
            vectors[row] = vector
    # A batch of texts of similar length has little padding.
    missing.sort(key=lambda text: (-len(text), text))
    progress("vectors", 0, len(missing))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors[[first[text] for text in batch]] = embedder.embed_passages(batch)
        progress("vectors", start + len(batch), len(missing))
    for row, text in enumerate(texts):
        if first[text] != row:
            vectors[row] = vectors[first[text]]
    return vectors
