"""Requests that call a document by its title: “Summarise the leave policy”."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from assemblybot.answering.phrases import WORD, phrases
from assemblybot.corpus.document import Document, PassageKind
from assemblybot.text.language import Language
from assemblybot.text.terms import word_terms

# What stands for a title.
_DOCUMENT: Final[Mapping[Language, str]] = {
    "ar": "الوثيقة",
    "ary": "الوثيقة",
    "ary-Latn": "document",
    "fr": "document",
    "en": "document",
    "es": "documento",
}
# A text with more words besides the title asks for something in particular.
_MOST_OTHERS: Final = 8


class Titled(NamedTuple):
    """A document that a text calls by words of its title; `rest` is the text with “document” for them."""

    document: Document
    rest: str


def titled(documents: Iterable[Document], text: str, language: Language) -> Titled | None:
    """Which of some documents a text in `language` calls by most words of the title, the first of equals."""
    said = WORD.findall(text)
    found: tuple[list[int], Document] | None = None
    for document in documents:
        terms = _title_terms(document, language)
        places = [at for at, word in enumerate(said) if terms.intersection(word_terms(word, language))]
        if places and (found is None or len(places) > len(found[0])):
            found = places, document
    if found is None:
        return None
    places, document = found
    before, after = said[: places[0]], said[places[-1] + 1 :]
    if len(before) + len(after) > _MOST_OTHERS:
        return None
    return Titled(document, " ".join([*before, _DOCUMENT[language], *after]))


def _title_terms(document: Document, language: Language) -> set[str]:
    """The terms of the title, as it is written and as it is translated, that say something."""
    titles = [document.metadata.title, *document.translated(PassageKind.TITLE).values()]
    empty = " ".join(phrases("function_words", "asks_for_text"))
    return set(word_terms(" ".join(titles), language)) - set(word_terms(empty, language))
