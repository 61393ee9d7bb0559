"""An answer in the language of whoever reads it: translations, titles, sections, suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Translation
from assemblybot.answering.suggest import suggest
from assemblybot.corpus.document import Document
from assemblybot.index.index import Index
from assemblybot.messages import say
from assemblybot.text.alignment import counterpart
from assemblybot.text.language import InterfaceLanguage, Language, interface_language, reads

_MOST_TITLES: Final = 5


def shown_language(asked: Language, chosen: InterfaceLanguage | None) -> Language:
    """The language to answer in: the one that was chosen, else that of the question.

    Someone who chose Arabic and asks in Darija keeps what is written in Darija.
    """
    return chosen if chosen and interface_language(asked) != chosen else asked


def localised(answer: Answer, index: Index, chosen: InterfaceLanguage | None = None) -> Answer:
    """`answer` for someone who chose that language, or else reads that of the question.

    A turn that names a language is answered in that one.
    """
    language = answer.language if answer.names_language else shown_language(answer.language, chosen)
    suggestions = answer.suggestions
    if suggestions and language != answer.language:
        near = (index.position[str(row["passage"])] for row in answer.trace)
        suggestions = suggest(index, language, near)
    documents = index.documents
    return replace(
        answer,
        language=language,
        suggestions=suggestions,
        citations=tuple(localised_citation(c, documents[c.document], language) for c in answer.citations),
        key_sentences=tuple(
            _key_sentence(localised_citation(c, documents[c.document], language))
            for c in answer.key_sentences
        ),
    )


def localised_citation(citation: Citation, document: Document, language: Language) -> Citation:
    """`citation` with its translation, title and section for whoever reads `language`."""
    section, lead_in = citation.section, citation.lead_in
    if section and (heading := document.heading_of(document.passages[citation.paragraph - 1])):
        translated = _translated(document, heading.number, language)
        section = translated.text if translated else section
    if lead_in:
        number = int(lead_in.passage.rpartition("#")[2])
        lead_in = replace(lead_in, translation=_translated(document, number, language))
    return replace(
        citation,
        title=title(document, language),
        section=section,
        lead_in=lead_in,
        translation=_translated(document, citation.paragraph, language),
    )


def _key_sentence(citation: Citation) -> Citation:
    """A key sentence with the part of the translation that says it."""
    if citation.translation is None:
        return citation
    code, text = citation.translation.language, citation.translation.text
    said, _ = counterpart(citation.text, citation.highlights[:1], text)
    return replace(citation, translation=Translation(code, said.slice(text)))


def title(document: Document, language: Language) -> str:
    """The title in `language` where it is translated, as it is elsewhere."""
    passage = document.title_passage
    translated = _translated(document, passage.number, language) if passage else None
    return translated.text if translated else document.metadata.title


def titles(documents: Mapping[str, Document], language: Language) -> str:
    """The first titles, each in quotation marks, for a sentence that names the sources."""
    first, interface = islice(documents.values(), _MOST_TITLES), interface_language(language)
    named = [say(interface, "source-title", title=title(document, language)) for document in first]
    return " · ".join(named if len(documents) <= _MOST_TITLES else [*named, "…"])


def source_line(document: Document, language: InterfaceLanguage) -> str:
    """Title, author where it is known, and size of a document."""
    about: dict[str, str | int] = {
        "title": title(document, language),
        "passages": len(document.passages),
    }
    if author := document.metadata.author:
        return say(language, "sources-line", **about, author=author)
    return say(language, "sources-line-without-author", **about)


def _translated(document: Document, number: int, language: Language) -> Translation | None:
    """The translation of a passage, where it is needed and there is one.

    Whoever reads the language of the document needs none; whoever writes Darija reads Arabic too.
    """
    if reads(language, document.metadata.language):
        return None
    interface = interface_language(language)
    for code in ("ary", "ar") if language != interface else (interface,):
        if text := document.translations.get(code, {}).get(number):
            return Translation(code, text)
    return None
