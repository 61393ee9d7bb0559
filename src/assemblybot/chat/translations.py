"""Citations in the language of their reader: passage, title and section, where translations exist."""

from __future__ import annotations

from dataclasses import replace

from assemblybot.answering.answer import Citation
from assemblybot.answering.assistant import Assistant
from assemblybot.corpus.document import Document, PassageKind
from assemblybot.text.language import InterfaceLanguage


def in_language(assistant: Assistant, citation: Citation, language: InterfaceLanguage) -> Citation:
    """`citation` for a reader of `language`; what has no translation stays as it is."""
    whole = assistant.passage(citation.passage, language)
    document = assistant.index.documents[citation.document]
    return replace(
        citation,
        translation=whole.translation if whole else None,
        title=title(document, language),
        section=_section(document, citation.section, language),
    )


def title(document: Document, language: InterfaceLanguage) -> str:
    """The title of a document."""
    translated = document.translations.get(language)
    if not translated:
        return document.metadata.title
    numbers = (passage.number for passage in document.passages if passage.kind is PassageKind.TITLE)
    return translated.get(next(numbers, 0), document.metadata.title)


def lead_in(assistant: Assistant, citation: Citation, language: InterfaceLanguage) -> str | None:
    """The translation of the line that introduces the list a passage is an item of."""
    if citation.lead_in is None:
        return None
    whole = assistant.passage(citation.lead_in.passage, language)
    return whole.translation.text if whole and whole.translation else None


def _section(document: Document, section: str | None, language: InterfaceLanguage) -> str | None:
    translated = document.translations.get(language)
    if section is None or not translated:
        return section
    for passage in document.passages:
        if passage.kind is PassageKind.HEADING and passage.text == section:
            return translated.get(passage.number, section)
    return section
