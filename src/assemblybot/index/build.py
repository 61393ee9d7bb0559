"""Building an index: corpus + embedder → parts in a new folder.

The folder is temporary until every part is written and synced to disk; `store` then makes it
the current one with a single rename. Whatever stops a build, the old index stays as it was.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexBuildError
from assemblybot.index import index as parts
from assemblybot.index import scale
from assemblybot.index.documents import KINDS_OF_PASSAGES, first_passages, kinds_of, write_documents
from assemblybot.index.index import Index
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.manifest import NAME, Manifest, check_of
from assemblybot.index.milvus.builds import MilvusBuilds
from assemblybot.index.milvus.parts import write_stores
from assemblybot.index.milvus.stores import MilvusVectors
from assemblybot.index.vectors import FaissVectors
from assemblybot.index.views import views
from assemblybot.text.terms import gram_terms, word_terms

Calibrate = Callable[[Index, Embedder], dict[str, Any]]
Progress = Callable[[str, int, int], None]
_BATCH: Final = 256


def build(
    corpus: Corpus, embedder: Embedder, calibrate: Calibrate, progress: Progress, *, exact: bool = False
) -> Index:
    """An index of `corpus` in memory, calibrated; `progress(stage, done, total)` is told often.

    `exact` keeps the vectors as they are, however many.
    """
    found = views(corpus)
    embedded = embed([view.text for view in found], embedder, progress)
    vectors = FaissVectors.build(embedded, exact=exact)
    progress("words", 0, 1)
    index = Index(
        documents={document.id: document for document in corpus.documents},
        passages=corpus.passages,
        first_passages=first_passages(corpus.documents),
        kinds=kinds_of(corpus.passages),
        table=parts.view_table(found),
        vectors=vectors,
        words=LexicalPostings.build(
            (word_terms(view.text, view.language) for view in found), scale.COMMON_WORDS
        ),
        grams=LexicalPostings.build((gram_terms(view.text) for view in found), scale.COMMON_GRAMS),
        calibration={},
        built=len(corpus.passages),
    )
    progress("words", 1, 1)
    progress("calibration", 0, 1)
    calibrated = replace(index, calibration=calibrate(index, embedder))
    progress("calibration", 1, 1)
    return calibrated


def embed(texts: Sequence[str], embedder: Embedder, progress: Progress) -> NDArray[np.float32]:
    """Vectors `(n, d)` of view texts, each distinct text embedded once."""
    distinct = sorted(set(texts))
    number = {text: i for i, text in enumerate(distinct)}
    numbers = np.fromiter(map(number.__getitem__, texts), dtype=np.int64, count=len(texts))
    by_number = np.argsort(numbers, kind="stable")
    vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    progress("vectors", 0, len(distinct))
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        first, after = np.searchsorted(numbers, [start, start + len(batch)], sorter=by_number)
        rows = by_number[first:after]
        vectors[rows] = embedder.embed_passages(batch)[numbers[rows] - start]
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
    vectors, words, grams = index.vectors, index.words, index.grams
    assert isinstance(vectors, FaissVectors)
    assert isinstance(words, LexicalPostings)
    assert isinstance(grams, LexicalPostings)
    try:
        (folder / parts.VIEWS).write_bytes(_npy(index.table))
        (folder / KINDS_OF_PASSAGES).write_bytes(_npy(index.kinds))
        write_documents(index.documents.values(), folder)
        (folder / parts.CALIBRATION).write_text(_json(index.calibration), encoding="utf-8")
        for name in parts.POSTINGS:
            (folder / name).mkdir()
        collection = None
        if milvus:
            collection = write_stores(vectors, words, grams, folder, milvus)
        else:
            (folder / parts.VECTORS).write_bytes(vectors.to_bytes())
            words.save(folder / parts.WORDS)
            grams.save(folder / parts.GRAMS)
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
            views=len(index.table),
            built=index.built,
            parts={path.relative_to(folder).as_posix(): check_of(path) for path in written},
            collection=collection,
            calibration=index.calibration.get("summary", {}),
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


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
