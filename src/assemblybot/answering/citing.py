"""Passages as citations: what is quoted of each, its lead-in, its translation, and where it stands."""

from __future__ import annotations

from assemblybot.answering.answer import Citation, Quote, Translation
from assemblybot.answering.evidence import Evidence
from assemblybot.answering.highlight import answering_spans
from assemblybot.answering.reading import translation_of
from assemblybot.answering.select import Selection
from assemblybot.corpus.document import Document, Passage, PassageKind
from assemblybot.errors import IndexDamagedError
from assemblybot.index.index import Index
from assemblybot.text.language import Language, translation_language
from assemblybot.text.sentences import Span


def cite_selected(
    index: Index, chosen: Selection, evidence: Evidence, language: Language
) -> tuple[Citation, ...]:
    """The passages selected for a question, each with what is quoted of it and, except in a list, the part
    of that which is highlighted. Raises IndexDamagedError."""
    probabilities = evidence.probabilities
    citations: list[Citation] = []
    for position in chosen.passages:
        spans = answering_spans(index, position, evidence)
        highlight = None if chosen.is_list else spans.highlight
        score = probabilities.get(position, 0.0)
        citations.append(cite(index, position, language, spans.quoted, highlight, score))
    return tuple(citations)


def cite(
    index: Index,
    position: int,
    language: Language,
    quoted: Span | None = None,
    highlight: Span | None = None,
    score: float = 1.0,
) -> Citation:
    """One passage, of which a part is `quoted`, or the whole; spans are relative to it.

    Raises IndexDamagedError when its text does not stand in its document.
    """
    passage = index.passages[position]
    document = index.documents[passage.document]
    if document.text[passage.start : passage.end] != passage.text:
        raise IndexDamagedError(
            "A quote is not in its document. Rebuild the index with: assemblybot index build"
        )
    translation = translation_of(index, position, language)
    return Citation(
        passage=passage.id,
        document=passage.document,
        title=document.metadata.title,
        section=passage.section,
        paragraph=passage.number,
        kind=passage.kind,
        quote=quoted.slice(passage.text) if quoted else passage.text,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        highlights=((highlight.start, highlight.end),) if highlight else (),
        score=score,
        anchor=passage.anchor,
        day=document.metadata.day,
        lead_in=_lead_in(document, passage),
        translation=Translation(translation_language(language), translation) if translation else None,
    )


def _lead_in(document: Document, passage: Passage) -> Quote | None:
    if passage.lead_in is None:
        return None
    before = document.passages[passage.lead_in - 1]
    if before.kind is PassageKind.HEADING and not before.text.endswith(":"):
        return None  # the section says as much
    return Quote(before.id, before.text, before.start, before.end)
