"""The files of one build: an index written to a folder, and read from it.

entries.npy        the table of the entries, see `entry_table`
kinds.npy … topics.npy, documents.jsonl …   see `documents` and `topics`
vectors.faiss      the vectors, see `vectors`
words/             postings and vocabulary, see `bm25`
manifest.json      what all this is of, and a check of every other file; written last

With Milvus, vectors and postings lie in a collection of it, and `words/` has the vocabulary alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np

from assemblybot.embedding import Embedder
from assemblybot.errors import IndexDamagedError, IndexForeignError
from assemblybot.index.base import VectorIndex
from assemblybot.index.bm25 import BM25, LexicalIndex, load_arrays
from assemblybot.index.documents import StoredDocuments, StoredPassages, write_documents
from assemblybot.index.index import Index
from assemblybot.index.manifest import NAME, REBUILD, Manifest, PartCheck
from assemblybot.index.milvus import Milvus
from assemblybot.index.milvus_collection import MilvusVectors
from assemblybot.index.vectors import FaissVectors

VECTORS: Final = "vectors.faiss"
WORDS: Final = "words"
# The file of each array of an index, without its suffix.
_ARRAYS: Final = {
    "table": "entries",
    "kinds": "kinds",
    "codes": "codes",
    "offers": "offers",
    "key_sentences": "key_sentences",
    "topics": "topics",
}


def write(
    index: Index, fingerprint: str, embedder: Embedder, folder: Path, milvus: Milvus | None = None
) -> None:
    """Write every part and then the manifest into the empty `folder`, all synced to disk.

    `fingerprint` is that of the corpus. With `milvus`, vectors and postings become a new collection there.
    Raises OSError when the disk is full or refuses to write.
    """
    collection = _write_parts(index, folder, milvus)
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in written:
        sync(path)
    manifest = Manifest(
        corpus=fingerprint,
        model=embedder.id,
        dimension=embedder.dimension,
        vector_index=MilvusVectors.kind if collection else index.vectors.kind,
        documents=len(index.documents),
        passages=len(index.passages),
        entries=len(index.table),
        languages=sorted(index.languages),
        built=index.built,
        parts={path.relative_to(folder).as_posix(): PartCheck.of(path) for path in written},
        collection=collection,
    )
    (folder / NAME).write_text(manifest.to_json(), encoding="utf-8")
    sync(folder / NAME)


def _write_parts(index: Index, folder: Path, milvus: Milvus | None) -> str | None:
    """Write everything but the manifest; gives the name of the new collection in Milvus, if there is one."""
    assert isinstance(index.vectors, FaissVectors)
    assert isinstance(index.words, BM25)
    for name, file in _ARRAYS.items():
        np.save(folder / f"{file}.npy", getattr(index, name), allow_pickle=False)
    write_documents(index.documents.values(), index.first_passages, folder)
    (folder / WORDS).mkdir()
    if milvus:
        return milvus.save(index.vectors, index.words, folder / WORDS)
    (folder / VECTORS).write_bytes(index.vectors.to_bytes())
    index.words.save(folder / WORDS)
    return None


def load(folder: Path, manifest: Manifest, milvus: Milvus | None = None) -> Index:
    """Load the verified parts in `folder`. Raises IndexDamagedError when they do not fit, and
    IndexForeignError when vectors and postings are not where the manifest says."""
    try:
        documents = StoredDocuments(folder)
        arrays = load_arrays(folder, _ARRAYS.values())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"The index cannot be read. {REBUILD}") from error
    vectors: VectorIndex
    words: LexicalIndex
    if manifest.collection is None:
        vectors = FaissVectors.load(folder / VECTORS, count=manifest.entries, dimension=manifest.dimension)
        words = BM25.load(folder / WORDS, manifest.entries)
    elif milvus:
        vectors, words = milvus.load(manifest.collection, manifest.entries, folder / WORDS)
    else:
        raise IndexForeignError(
            "The vectors of this index lie in Milvus, but MILVUS_URI is not set. Set it to that Milvus, "
            "or rebuild the index without it: assemblybot index build"
        )
    return Index(
        documents=documents,
        passages=StoredPassages(documents),
        first_passages=documents.first_passages,
        languages=frozenset(manifest.languages),
        vectors=vectors,
        words=words,
        built=manifest.built,
        manifest=manifest,
        **{name: arrays[file] for name, file in _ARRAYS.items()},
    )


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
