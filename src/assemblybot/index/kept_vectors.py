"""Vectors that are kept by their text, so that it need not be embedded again.

vectors.npz  model     name of the embedding model
             digests   uint8 (n, 16): the first half of the SHA-256 of each text, sorted
             vectors   float16 (n, d): half of their size in the repository

The project ships those of its corpus in `index/`. Which entries a passage has may change with the code; the
vector of a text does not.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: vector `(d,)` by the digest of its text
KeptVectors = Mapping[bytes, NDArray[np.float32]]
NAME: Final = "vectors.npz"
_DIGEST: Final = 16


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
