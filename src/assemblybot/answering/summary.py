"""A summary by extraction: of each section the sentence nearest to what the whole section says.

Sentences are ranked by the cosine of their vector with the mean of their section's (centroid-based
summarisation); nothing is written that the document does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from assemblybot.corpus.document import Document, Passage, PassageKind
from assemblybot.embedding import Embedder
from assemblybot.text.sentences import Span, sentences

MOST_SECTIONS: Final = 10
# A document without sections is summarised in so many parts.
_PARTS: Final = 3
# Of a long section, so many sentences from its beginning are compared.
_COMPARED: Final = 24
_SHORTEST, _LONGEST = 25, 150
BODY: Final = (PassageKind.PARAGRAPH, PassageKind.LEAD_IN, PassageKind.ITEM)


class KeySentence(NamedTuple):
    """A sentence by the number of its passage and its span in that."""

    passage: int
    span: Span


def key_sentences(document: Document, embedder: Embedder) -> tuple[KeySentence, ...]:
    """The key sentence of each section, in the order of the document; of many sections, the longest."""
    sections = list(_sections(document))
    if len(sections) > MOST_SECTIONS:
        longest = sorted(sections, key=_length, reverse=True)[:MOST_SECTIONS]
        sections = [section for section in sections if section in longest]
    return tuple(_nearest(section, embedder) for section in sections)


def _sections(document: Document) -> Iterator[Sequence[Passage]]:
    body = [passage for passage in document.passages if passage.kind in BODY]
    found = [tuple(section) for _, section in groupby(body, key=lambda passage: passage.section)]
    if len(found) > 1 or not body:
        yield from found
        return
    size = -(-len(body) // _PARTS)
    yield from (tuple(body[first : first + size]) for first in range(0, len(body), size))


def _length(section: Sequence[Passage]) -> int:
    return sum(len(passage.text) for passage in section)


def _nearest(section: Sequence[Passage], embedder: Embedder) -> KeySentence:
    every = [(passage, span) for passage in section for span in sentences(passage.text)]
    whole = [(passage, span) for passage, span in every if _is_whole(span.slice(passage.text))]
    compared = (whole or every)[:_COMPARED]
    vectors = embedder.embed_passages([span.slice(passage.text) for passage, span in compared])
    passage, span = compared[int((vectors @ vectors.mean(axis=0)).argmax())]
    return KeySentence(passage.number, span)


def _is_whole(sentence: str) -> bool:
    """Whether a sentence says something by itself and is short enough to be quoted."""
    return _SHORTEST <= len(sentence) <= _LONGEST and not sentence.endswith(":")
