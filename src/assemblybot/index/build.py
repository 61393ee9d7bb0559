"""Building an index: corpus + embedder → parts in a new folder.

The folder is temporary until every part is written and synced to disk; `store` then makes it
the current one with a single rename. Whatever stops a build, the old index stays as it was.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexBuildError
from assemblybot.index import index as parts
from assemblybot.index import scale
from assemblybot.index.documents import (
    CODES,
    KINDS_OF_PASSAGES,
    OFFERS,
    codes_of,
    first_passages,
    kinds_of,
    languages_of,
    offers_of,
    write_documents,
)
from assemblybot.index.entries import entries
from assemblybot.index.index import Index
from assemblybot.index.kept_vectors import KeptVectors, digest
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.manifest import NAME, Manifest, check_of
from assemblybot.index.milvus.builds import MilvusBuilds
from assemblybot.index.milvus.parts import write_stores
from assemblybot.index.milvus.stores import MilvusVectors
from assemblybot.index.topics import KEY_SENTENCES, TOPICS, key_sentences_of, topic_table
from assemblybot.index.vectors import FaissVectors
from assemblybot.text.terms import word_terms

Progress = Callable[[str, int, int], None]
_BATCH: Final = 256


def build(
    corpus: Corpus,
    embedder: Embedder,
    progress: Progress,
    *,
    exact: bool = False,
    known: KeptVectors | None = None,
) -> Index:
    """An index of `corpus` in memory; `progress(stage, done, total)` is told often.

    `exact` keeps the vectors as they are, however many; `known` are vectors of texts that need not be
    embedded again.
    """
    found = entries(corpus)
    embedded = embed([entry.text for entry in found], embedder, progress, known)
    vectors = FaissVectors.build(embedded, exact=exact)
    key_sentences = key_sentences_of(corpus.documents, found, embedded)
    progress("words", 0, 1)
    index = Index(
        documents={document.id: document for document in corpus.documents},
        passages=corpus.passages,
        first_passages=first_passages(corpus.documents),
        kinds=kinds_of(corpus.passages),
        codes=codes_of(corpus.documents),
        offers=offers_of(corpus.documents, key_sentences),
        key_sentences=key_sentences,
        topics=topic_table(corpus.documents, key_sentences),
        languages=languages_of(corpus.documents),
        table=parts.entry_table(found),
        vectors=vectors,
        words=LexicalPostings.build(
            (word_terms(entry.text, entry.language) for entry in found), scale.COMMON_WORDS
        ),
        built=len(corpus.passages),
    )
    progress("words", 1, 1)
    return index


def known_vectors(index: Index) -> KeptVectors:
    """Vectors `(d,)` of the texts of a small index; none of a large one, which keeps them rounded."""
    if not isinstance(index.vectors, FaissVectors) or index.vectors.rows is None:
        return {}
    digests = [digest(entry.text) for entry in entries(Corpus(tuple(index.documents.values()), ""))]
    return dict(zip(digests, index.vectors.rows, strict=True)) if len(digests) == len(index.table) else {}


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    progress: Progress,
    known: KeptVectors | None = None,
) -> NDArray[np.float32]:
    """Vectors `(n, d)` of entry texts, each distinct text that is not `known` embedded once."""
    vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    missing = []
    for row, text in enumerate(texts):
        vector = known.get(digest(text)) if known else None
        if vector is None:
            missing.append(row)
        else:
            vectors[row] = vector
    unknown = np.array(missing, dtype=np.int64)
    # A batch of texts of similar length has little padding.
    distinct = sorted({texts[row] for row in unknown}, key=lambda text: (-len(text), text))
    number = {text: i for i, text in enumerate(distinct)}
    numbers = np.array([number[texts[row]] for row in unknown], dtype=np.int64)
    by_number = np.argsort(numbers, kind="stable")
    progress("vectors", 0, len(distinct))
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        first, after = np.searchsorted(numbers, [start, start + len(batch)], sorter=by_number)
        rows = by_number[first:after]
        vectors[unknown[rows]] = embedder.embed_passages(batch)[numbers[rows] - start]
        progress("vectors", start + len(batch), len(distinct))
    return vectors


def write(
    index: Index,
    corpus: str,
    model: str,
    dimension: int,
    folder: Path,
    milvus: MilvusBuilds | None = None,
) -> None:
    """Write every part and then the manifest into the empty `folder`, all synced to disk.

    `corpus` and `model` are what the manifest names them by. With `milvus`, vectors and postings
    become a new collection there. Raises IndexBuildError when the disk is full or refuses to write.
    """
    vectors, words = index.vectors, index.words
    assert isinstance(vectors, FaissVectors)
    assert isinstance(words, LexicalPostings)
    try:
        (folder / parts.ENTRIES).write_bytes(_npy(index.table))
        (folder / KINDS_OF_PASSAGES).write_bytes(_npy(index.kinds))
        (folder / CODES).write_bytes(_npy(index.codes))
        (folder / OFFERS).write_bytes(_npy(index.offers))
        (folder / KEY_SENTENCES).write_bytes(_npy(index.key_sentences))
        (folder / TOPICS).write_bytes(_npy(index.topics))
        write_documents(index.documents.values(), folder)
        (folder / parts.WORDS).mkdir()
        collection = None
        if milvus:
            collection = write_stores(vectors, words, folder / parts.WORDS, milvus)
        else:
            (folder / parts.VECTORS).write_bytes(vectors.to_bytes())
            words.save(folder / parts.WORDS)
        written = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in written:
            _sync(path)
        manifest = Manifest(
            corpus=corpus,
            model=model,
            dimension=dimension,
            vector_index=MilvusVectors.kind if collection else vectors.kind,
            documents=len(index.documents),
            passages=len(index.passages),
            entries=len(index.table),
            languages=sorted(index.languages),
            built=index.built,
            parts={path.relative_to(folder).as_posix(): check_of(path) for path in written},
            collection=collection,
        )
        (folder / NAME).write_text(manifest.to_json(), encoding="utf-8")
        _sync(folder / NAME)
    except OSError as error:
        raise IndexBuildError(
            f"The index could not be written to {folder.parent}: {error.strerror or error}. "
            "The index that was there before is unchanged."
        ) from error


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
