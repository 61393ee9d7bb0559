"""Building an index of a corpus: whole, or by adding documents to a large one.

New documents come after all others: their vectors join the lists of the nearest centroids there are, their
postings come after the others', weighed by the mean length there was. What the corpus held before is
neither read by the model nor split into terms again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import Document
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.index.bm25 import BM25
from assemblybot.index.documents import codes_of, first_passages, kinds_of, languages_of, offers_of
from assemblybot.index.entries import Entry, entries, entry_table, is_large
from assemblybot.index.files import VECTORS
from assemblybot.index.index import Index
from assemblybot.index.kept_vectors import KeptVectors, Progress, digest, embed
from assemblybot.index.postings import COMMON_WORDS
from assemblybot.index.topics import key_sentences_of, topic_table
from assemblybot.index.vectors import FaissVectors
from assemblybot.text.terms import word_terms

# Passages added since the last build from nothing are at most this share of those it had; centroids
# and mean lengths of terms no longer fit a corpus that has grown more.
_MOST_ADDED: Final = 0.2


def build(
    corpus: Corpus,
    embedder: Embedder,
    progress: Progress,
    *,
    exact: bool = False,
    known: KeptVectors | None = None,
) -> Index:
    """An index of `corpus` in memory; `progress(stage, done, total)` is called often.

    `exact` keeps the vectors as they are, however many; `known` are vectors of texts that need not be
    embedded again.
    """
    found = entries(corpus)
    embedded = embed([entry.text for entry in found], embedder, progress, known)
    vectors = FaissVectors.build(embedded, exact=exact)
    progress("words", 0, 1)
    words = BM25.build((word_terms(entry.text, entry.language) for entry in found), COMMON_WORDS)
    documents = {document.id: document for document in corpus.documents}
    arrays = _arrays(corpus, found, embedded, 0)
    progress("words", 1, 1)
    return _index(documents, arrays, vectors, words, len(corpus.passages))


def known_vectors(index: Index) -> KeptVectors:
    """Vectors `(d,)` of the texts of a small index; none of a large one, which keeps them rounded."""
    if not isinstance(index.vectors, FaissVectors) or index.vectors.rows is None:
        return {}
    digests = [digest(entry.text) for entry in entries(Corpus(tuple(index.documents.values()), ""))]
    return dict(zip(digests, index.vectors.rows, strict=True)) if len(digests) == len(index.table) else {}


def appendable(index: Index, corpus: Corpus) -> Corpus | None:
    """The documents of `corpus` that `index` lacks, when they can be appended to it.

    `None` when the index is small (a rebuild is quick), when a document was changed or taken
    out, when all passages would have fewer kinds of entries, or when what was added since the last
    build from nothing is too much.
    """
    if index.vectors.kind == "flat":
        return None
    old = [document for document in corpus.documents if document.id in index.documents]
    new = tuple(document for document in corpus.documents if document.id not in index.documents)
    passages = sum(len(document.passages) for document in corpus.documents)
    if (
        len(old) < len(index.documents)
        or not new
        or passages - index.built > _MOST_ADDED * index.built
        or is_large(passages) != is_large(index.built)
        or any(document != index.documents[document.id] for document in old)
    ):
        return None
    return Corpus(new, corpus.fingerprint)


def append(index: Index, new: Corpus, folder: Path, embedder: Embedder, progress: Progress) -> Index:
    """`index`, whose files lie in `folder`, with the documents of `new` after its own."""
    assert isinstance(index.words, BM25)
    found = entries(new, large=is_large(index.built))
    vectors = FaissVectors.load(
        folder / VECTORS, count=len(index.table), dimension=embedder.dimension, writable=True
    )
    embedded = embed([entry.text for entry in found], embedder, progress)
    vectors.add(embedded)
    progress("words", 0, 1)
    words = index.words.extended(word_terms(entry.text, entry.language) for entry in found)
    documents = {**index.documents, **{document.id: document for document in new.documents}}
    arrays = {
        name: np.concatenate([getattr(index, name), array])
        for name, array in _arrays(new, found, embedded, len(index.passages)).items()
    }
    hashes, positions = arrays["topics"].T
    arrays["topics"] = arrays["topics"][np.lexsort((positions, hashes))]
    progress("words", 1, 1)
    return _index(documents, arrays, vectors, words, index.built)


def _arrays(
    corpus: Corpus, found: Sequence[Entry], embedded: NDArray[np.float32], first: int
) -> dict[str, NDArray[Any]]:
    """The arrays of an index by name, for a corpus whose passages are number `first` and after."""
    key_sentences = key_sentences_of(corpus.documents, found, embedded)
    arrays: dict[str, NDArray[Any]] = {
        "table": entry_table(found),
        "kinds": kinds_of(corpus.passages),
        "codes": codes_of(corpus.documents),
        "offers": offers_of(corpus.documents, key_sentences),
        "topics": topic_table(corpus.documents, key_sentences),
        "key_sentences": key_sentences,
    }
    for name, column in (("table", 0), ("topics", 1), ("key_sentences", 0)):
        arrays[name][:, column] += first
    return arrays


def _index(
    documents: Mapping[str, Document],
    arrays: Mapping[str, Any],
    vectors: FaissVectors,
    words: BM25,
    built: int,
) -> Index:
    return Index(
        documents=documents,
        passages=[passage for document in documents.values() for passage in document.passages],
        first_passages=first_passages(documents.values()),
        languages=languages_of(documents.values()),
        vectors=vectors,
        words=words,
        built=built,
        **arrays,
    )
