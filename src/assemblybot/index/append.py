"""Adding documents to a large index without building it anew.

New documents come after all others: their vectors join the lists of the nearest centroids there
are, their postings come after the others', weighed by the mean length there was. What the
corpus held before is neither read by the model nor split into terms again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.index import index as parts
from assemblybot.index.build import Progress, embed
from assemblybot.index.documents import codes_of, first_passages, kinds_of, languages_of, offers_of
from assemblybot.index.entries import entries, is_large
from assemblybot.index.index import PASSAGE, Index
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.topics import key_sentences_of, topic_table
from assemblybot.index.vectors import FaissVectors
from assemblybot.text.terms import word_terms

# Passages added since the last build from nothing are at most this share of those it had; centroids
# and mean lengths of terms no longer fit a corpus that has grown more.
_MOST: Final = 0.2


def added(index: Index, corpus: Corpus) -> Corpus | None:
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
        or passages - index.built > _MOST * index.built
        or is_large(passages) != is_large(index.built)
        or any(document != index.documents[document.id] for document in old)
    ):
        return None
    return Corpus(new, corpus.fingerprint)


def append(index: Index, new: Corpus, folder: Path, embedder: Embedder, progress: Progress) -> Index:
    """`index`, whose parts lie in `folder`, with the documents of `new` after its own."""
    assert isinstance(index.words, LexicalPostings)
    found = entries(new, large=is_large(index.built))
    vectors = FaissVectors.load(
        folder / parts.VECTORS, count=len(index.table), dimension=embedder.dimension, writable=True
    )
    embedded = embed([entry.text for entry in found], embedder, progress)
    vectors.add(embedded)
    key_sentences = key_sentences_of(new.documents, found, embedded)
    topics = topic_table(new.documents, key_sentences)
    topics[:, 1] += len(index.passages)
    offers = offers_of(new.documents, key_sentences)
    key_sentences[:, 0] += len(index.passages)
    progress("words", 0, 1)
    table = parts.entry_table(found)
    table[:, PASSAGE] += len(index.passages)
    documents = {**index.documents, **{document.id: document for document in new.documents}}
    grown = Index(
        documents=documents,
        passages=[passage for document in documents.values() for passage in document.passages],
        first_passages=first_passages(documents.values()),
        kinds=np.concatenate([index.kinds, kinds_of(new.passages)]),
        codes=np.concatenate([index.codes, codes_of(new.documents)]),
        offers=np.concatenate([index.offers, offers]),
        key_sentences=np.concatenate([index.key_sentences, key_sentences]),
        topics=np.array(sorted([*index.topics.tolist(), *topics.tolist()]), np.int64).reshape(-1, 2),
        languages=index.languages | languages_of(new.documents),
        table=np.concatenate([index.table, table]),
        vectors=vectors,
        words=index.words.extended(word_terms(entry.text, entry.language) for entry in found),
        built=index.built,
    )
    progress("words", 1, 1)
    return grown
