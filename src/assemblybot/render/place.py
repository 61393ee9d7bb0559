"""Where a quote stands, in words: paragraph, section, document and its date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from assemblybot.answering.answer import Citation
from assemblybot.messages import say
from assemblybot.text.bidi import RLM, strip_bidi
from assemblybot.text.language import InterfaceLanguage


def place(citation: Citation, language: InterfaceLanguage) -> str:
    """Where one quote stands."""
    return places([citation], language)


def places(citations: Sequence[Citation], language: InterfaceLanguage) -> str:
    """Where quotes of one section stand: `6–9` for paragraphs in a row."""
    first = citations[0]
    title = first.title
    if first.page:
        title = say(language, "paged-title", title=title, page=first.page)
    if first.day:
        title = say(language, "dated-title", title=title, day=day(first.day.isoformat(), language))
    if title != first.title and language == "ar":
        title = RLM + title  # isolates in an isolate do not tell its direction
    numbers = [citation.paragraph for citation in citations]
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        paragraphs = f"{numbers[0]}–{numbers[-1]}"
    else:
        paragraphs = ("، " if language == "ar" else ", ").join(map(str, numbers))
    values: dict[str, str | int] = {"count": len(numbers), "paragraphs": paragraphs, "title": title}
    if first.section in (None, first.title):
        return say(language, "citation-without-section", **values)
    return say(language, "citation", **values, section=first.section or "")


def day(value: str, language: str) -> str:
    """A date as `language` writes it; anything that is no ISO 8601 date as it is."""
    try:
        return format_date(date.fromisoformat(value), "long", locale=language)
    except ValueError:
        return strip_bidi(value)
