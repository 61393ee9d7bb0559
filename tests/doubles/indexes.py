"""An index of documents without a model: everything but vectors and postings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np

from assemblybot.corpus.document import Document
from assemblybot.index.documents import codes_of, first_passages, kinds_of, languages_of, offers_of
from assemblybot.index.index import Index
from assemblybot.index.topics import topic_table


def index_of(*documents: Document) -> Index:
    """An index that can be read from, but not searched."""
    passages = [passage for document in documents for passage in document.passages]
    nothing = cast(Any, None)
    key_sentences = np.empty((0, 3), np.int64)
    return Index(
        documents={document.id: document for document in documents},
        passages=passages,
        first_passages=first_passages(documents),
        kinds=kinds_of(passages),
        codes=codes_of(documents),
        offers=offers_of(documents, key_sentences),
        key_sentences=key_sentences,
        topics=topic_table(documents, key_sentences),
        languages=languages_of(documents),
        table=np.empty((0, 4), np.int32),
        vectors=nothing,
        words=nothing,
        built=len(passages),
    )


def copies(document: Document, count: int) -> Iterator[Document]:
    """The same document under so many names."""
    for number in range(count):
        name = f"d{number}"
        passages = tuple(replace(passage, document=name) for passage in document.passages)
        yield replace(document, id=name, passages=passages)
