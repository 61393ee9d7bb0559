"""An answer as a page shows it: what the bot says, passages in groups, questions to ask instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from assemblybot.answering.answer import Answer, Citation, Quote, Verdict
from assemblybot.corpus.document import Document
from assemblybot.render.links import anchor, page_of
from assemblybot.render.offers import instead, offer, opening
from assemblybot.render.place import place
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.words import Words, words
from assemblybot.text.language import InterfaceLanguage, interface_language


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """One citation: the passage with its highlights, its translation, and where it stands."""

    original: Words
    translation: Words | None
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class CitedGroup:
    """Passages under the line that introduces them, where there is one."""

    lead_in: Words | None
    passages: tuple[CitedPassage, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """Everything of an answer that a page shows, in the language of the question."""

    question: str
    language: InterfaceLanguage
    said: str
    offer: str
    groups: tuple[CitedGroup, ...]
    suggestions: tuple[str, ...]


def shown(answer: Answer, documents: Mapping[str, Document], display: Display) -> ShownAnswer:
    """`answer` over `documents`, with links that keep `display`."""
    language = interface_language(answer.language)
    groups = groupby(answer.citations, key=lambda citation: (citation.document, citation.lead_in))
    return ShownAnswer(
        question=answer.question,
        language=language,
        said=_said(answer, documents, language),
        offer=offer(answer, language) if answer.suggestions else "",
        groups=tuple(
            CitedGroup(
                _lead_in(lead_in, documents[document]),
                tuple(_cited(c, documents[document], language, display) for c in citations),
            )
            for (document, lead_in), citations in groups
        ),
        suggestions=answer.suggestions,
    )


def _said(answer: Answer, documents: Mapping[str, Document], language: InterfaceLanguage) -> str:
    if answer.verdict is not Verdict.ANSWERED:
        titles = " · ".join(document.metadata.title for document in documents.values())
        return instead(answer, language, titles)
    return opening(answer, language)


def _lead_in(quote: Quote | None, document: Document) -> Words | None:
    return words(quote.text, document.metadata.language) if quote else None


def _cited(
    citation: Citation, document: Document, language: InterfaceLanguage, display: Display
) -> CitedPassage:
    # As in the chats, whoever reads Arabic gets the original alone.
    translation = citation.translation if language != "ar" else None
    return CitedPassage(
        original=words(citation.text, document.metadata.language, citation.highlights),
        translation=words(translation.text, translation.language) if translation else None,
        place=place(citation, language),
        address=f"{page_of(document.id)}{display.query}#{anchor(citation.paragraph)}",
    )
