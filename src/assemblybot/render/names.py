"""The title and the section of a document in another language, where they are translated."""

from __future__ import annotations

from dataclasses import replace

from assemblybot.answering.answer import Citation
from assemblybot.corpus.document import Document, PassageKind
from assemblybot.text.language import Language


def title(document: Document, language: Language) -> str:
    """The title of a document."""
    translations = document.translations.get(language, {})
    if not translations:
        return document.metadata.title
    titles = (p.number for p in document.passages if p.kind is PassageKind.TITLE)
    return translations.get(next(titles, 0), document.metadata.title)


def named(citation: Citation, document: Document, language: Language) -> Citation:
    """`citation` with the title and section of its document in that language."""
    translations = document.translations.get(language, {})
    if not translations:
        return citation
    section = citation.section
    for passage in reversed(document.passages[: citation.paragraph]):
        if passage.kind is PassageKind.HEADING and passage.text == section:
            section = translations.get(passage.number, section)
            break
    return replace(citation, title=title(document, language), section=section)
