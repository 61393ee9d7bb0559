"""The passages that rank first, read together with the question by the cross-encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from assemblybot.answering.query import Query
from assemblybot.corpus.document import Document, Passage
from assemblybot.embedding.cross_encoder import CrossEncoder, Reading
from assemblybot.index.index import Index
from assemblybot.text.language import Language, translation_language

_BETWEEN: Final = " · "


def read(reader: CrossEncoder, index: Index, query: Query, position: int) -> Reading:
    """What the cross-encoder says of the passage at a position.

    A passage is read in the question's language where it has a translation in it; the span is then one of
    the translation.
    """
    passage = index.passages[position]
    document = index.documents[passage.document]
    texts = _translations(document, query.language)
    if passage.number not in texts:
        return read_original(reader, index, query, position)
    row = _translated_context(document, passage, texts), texts[passage.number]
    return reader.read(query.read_as, [row])[0]


def read_original(reader: CrossEncoder, index: Index, query: Query, position: int) -> Reading:
    """What it says of a passage as it stands."""
    passage = index.passages[position]
    row = context(index.documents[passage.document], passage), passage.text
    return reader.read(query.read_as, [row])[0]


def more_doubtful(reading: Reading, other: Reading) -> Reading:
    """A reading with the lower scores of two readings of the same passage."""
    return replace(
        reading, answers=min(reading.answers, other.answers), found=min(reading.found, other.found)
    )


def translation_of(index: Index, position: int, language: Language) -> str | None:
    """The translation of a passage in a language, where it has one."""
    passage = index.passages[position]
    return _translations(index.documents[passage.document], language).get(passage.number)


def context(document: Document, passage: Passage) -> str:
    """Title, section and lead-in of a passage, as the cross-encoder is given them."""
    lead_in = document.passages[passage.lead_in - 1].text if passage.lead_in else None
    return _joined(document.metadata.title, passage.section, lead_in)


def _translations(document: Document, language: Language) -> Mapping[int, str]:
    return document.translations.get(translation_language(language), {})


def _translated_context(document: Document, passage: Passage, texts: Mapping[int, str]) -> str:
    above = (document.title_passage, document.heading_of(passage))
    numbers = (*(each.number for each in above if each), passage.lead_in)
    return _joined(*(texts.get(number) for number in numbers if number is not None))


def _joined(*parts: str | None) -> str:
    return _BETWEEN.join(part for part in parts if part)
