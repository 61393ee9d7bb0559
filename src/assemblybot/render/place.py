"""Where a quote stands, in words: paragraph, section, document."""

from __future__ import annotations

from collections.abc import Sequence

from assemblybot.answering.answer import Citation
from assemblybot.messages import say
from assemblybot.render.dates import day
from assemblybot.text.language import InterfaceLanguage


def place(citation: Citation, language: InterfaceLanguage) -> str:
    """Where one quote stands."""
    return places([citation], language)


def places(citations: Sequence[Citation], language: InterfaceLanguage) -> str:
    """Where quotes of one section stand: `6–9` for paragraphs in a row."""
    first, count = citations[0], len(citations)
    values: dict[str, str | int] = {
        "count": count,
        "paragraphs": _numbers([citation.paragraph for citation in citations], language),
        "title": _title(first, language),
    }
    if first.section is None:
        return say(language, "citation-without-section", **values)
    return say(language, "citation", **values, section=first.section)


def _title(citation: Citation, language: InterfaceLanguage) -> str:
    """The title with the page and with the date of the document, where they are known."""
    title = citation.title if citation.anchor is None else f"{citation.title}, {citation.anchor}"
    if citation.day is None:
        return title
    return say(language, "dated-title", title=title, day=day(citation.day.isoformat(), language))


def _numbers(numbers: Sequence[int], language: InterfaceLanguage) -> str:
    if len(numbers) > 1 and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}–{numbers[-1]}"
    return ("، " if language == "ar" else ", ").join(map(str, numbers))
