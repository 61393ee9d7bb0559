"""A question as the retrievers and the cross-encoder take it.

Darija in Latin letters is searched and read in both scripts: as it was written, and respelled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assemblybot.embedding import Embedder
from assemblybot.embedding.base import Vectors
from assemblybot.text.language import Language
from assemblybot.text.respelling import spellings


@dataclass(frozen=True, slots=True)
class Query:
    """`vector` `(d,)` is of unit length; `read_as` is what the cross-encoder reads."""

    text: str
    language: Language
    vector: Vectors
    read_as: str


def query(text: str, language: Language, embedder: Embedder) -> Query:
    """The query for a text in a language."""
    written = spellings(text, language)
    total = embedder.embed_queries(written).sum(axis=0)
    return Query(text, language, total / np.linalg.norm(total), " ".join(written))
