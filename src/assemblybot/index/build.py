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

from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexBuildError
from assemblybot.index import index as parts
from assemblybot.index.index import Index
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.manifest import NAME, Manifest, file_hash
from assemblybot.index.vectors import FaissVectors
from assemblybot.index.views import View, views
from assemblybot.text.terms import gram_terms, word_terms

Calibrate = Callable[[Index, Embedder], dict[str, Any]]
Progress = Callable[[str, int, int], None]
_BATCH: Final = 256


def build(corpus: Corpus, embedder: Embedder, calibrate: Calibrate, progress: Progress) -> Index:
    """An index of `corpus` in memory, calibrated; `progress(stage, done, total)` is told often."""
    found = views(corpus)
    vectors = _embed([view.text for view in found], embedder, progress)
    progress("words", 0, 1)
    index = Index(
        documents={document.id: document for document in corpus.documents},
        passages=corpus.passages,
        table=parts.view_table(found),
        vectors=FaissVectors.build(vectors),
        words=LexicalPostings.build([_terms(view) for view in found]),
        grams=LexicalPostings.build([gram_terms(view.text) for view in found]),
        calibration={},
    )
    progress("words", 1, 1)
    progress("calibration", 0, 1)
    calibrated = replace(index, calibration=calibrate(index, embedder))
    progress("calibration", 1, 1)
    return calibrated


def _terms(view: View) -> list[str]:
    return word_terms(view.text, view.language)


def _embed(texts: Sequence[str], embedder: Embedder, progress: Progress) -> np.ndarray[Any, Any]:
    """Vectors `(n, d)` of view texts, each distinct text embedded once."""
    distinct = sorted(set(texts))
    rows = np.empty((len(distinct), embedder.dimension), dtype=np.float32)
    progress("vectors", 0, len(distinct))
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        rows[start : start + len(batch)] = embedder.embed_passages(batch)
        progress("vectors", start + len(batch), len(distinct))
    where = {text: i for i, text in enumerate(distinct)}
    return rows[[where[text] for text in texts]]


def write(index: Index, corpus: Corpus, model: str, dimension: int, folder: Path) -> None:
    """Write every part and then the manifest into the empty `folder`, all synced to disk.

    Raises IndexBuildError when the disk is full or refuses to write.
    """
    vectors = index.vectors
    assert isinstance(vectors, FaissVectors)
    try:
        (folder / parts.VECTORS).write_bytes(vectors.to_bytes())
        (folder / parts.VIEWS).write_bytes(_npy(index.table))
        (folder / parts.DOCUMENTS).write_text(parts.documents_to_json(corpus.documents), encoding="utf-8")
        (folder / parts.CALIBRATION).write_text(_json(index.calibration), encoding="utf-8")
        for name, postings in zip(parts.POSTINGS, (index.words, index.grams), strict=True):
            (folder / name).mkdir()
            postings.save(folder / name)
        written = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in written:
            _sync(path)
        manifest = Manifest(
            corpus=corpus.fingerprint,
            model=model,
            dimension=dimension,
            vector_index=vectors.kind,
            documents=len(corpus.documents),
            passages=len(corpus.passages),
            views=len(index.table),
            parts={path.relative_to(folder).as_posix(): file_hash(path) for path in written},
            calibration=index.calibration.get("summary", {}),
        )
        (folder / NAME).write_text(manifest.to_json(), encoding="utf-8")
        _sync(folder / NAME)
    except OSError as error:
        raise IndexBuildError(
            f"The index could not be written to {folder.parent}: {error.strerror or error}. "
            "The index that was there before is unchanged."
        ) from error


def _npy(array: parts.ViewTable) -> bytes:
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
