"""An answer as a page shows it: what the bot says, what answers first, questions to ask instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import inf

from assemblybot.answering.answer import Answer, Citation, Translation, Verdict
from assemblybot.corpus.document import Document
from assemblybot.render.links import anchor, page_of
from assemblybot.render.localise import lead_in, titles
from assemblybot.render.offers import instead, offer, opening
from assemblybot.render.place import place, places
from assemblybot.render.quotation import quotation
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.words import Words, words
from assemblybot.text.language import Language, interface_language


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """The sentences of a passage that answer and their translation, where it stands, the rest of it."""

    original: Words
    translation: Words | None
    place: str
    address: str
    rest: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class CitedItem:
    """One item of a list; `number` is that of its passage."""

    text: Words
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class CitedItems:
    """Items in one language under the line that introduces them."""

    lead_in: Words | None
    items: tuple[CitedItem, ...]


@dataclass(frozen=True, slots=True)
class CitedList:
    """Items that stand together, their translation, and where they stand."""

    original: CitedItems
    translation: CitedItems | None
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """Everything of an answer that a page shows."""

    said: str
    offer: str
    passages: tuple[CitedPassage, ...]
    lists: tuple[CitedList, ...]
    suggestions: tuple[str, ...]


def shown(answer: Answer, documents: Mapping[str, Document], display: Display) -> ShownAnswer:
    """`answer`, which is localised, over `documents`, with links that keep `display`."""
    interface, language = interface_language(answer.language), answer.language
    if not display.chosen:  # beside the text of a document stands the language of the answer
        display = replace(display, translation=interface)
    if answer.verdict is Verdict.ANSWERED:
        said = opening(answer, interface)
    else:
        said = instead(answer, interface, titles(documents, language), most=inf)
    groups = groupby(answer.citations, key=lambda c: (c.document, c.section, c.lead_in))
    lists = [_list(list(group), documents[key[0]], language, display) for key, group in groups]
    passages = [_passage(c, documents[c.document], language, display) for c in answer.citations]
    return ShownAnswer(
        said=said,
        offer=offer(answer, interface) if answer.suggestions else "",
        passages=() if answer.is_list else tuple(passages),
        lists=tuple(lists) if answer.is_list else (),
        suggestions=tuple(suggestion.text for suggestion in answer.suggestions),
    )


def _passage(citation: Citation, document: Document, language: Language, display: Display) -> CitedPassage:
    quoted, own = quotation(citation), document.metadata.language
    original, translated = quoted.original, quoted.translation
    answering = translated.answer if translated else None
    code = citation.translation.language if citation.translation else own
    return CitedPassage(
        original=words(original.answer.text, own, original.answer.highlights),
        translation=words(answering.text, code, answering.highlights) if answering else None,
        place=place(citation, interface_language(language)),
        address=_address(citation, display),
        rest=(
            *_translated(lead_in(citation, document, language)),
            *([words(translated.rest, code)] if translated and translated.rest else ()),
            *([words(citation.lead_in.text, own)] if citation.lead_in else ()),
            *([words(original.rest, own)] if original.rest else ()),
        ),
    )


def _list(items: Sequence[Citation], document: Document, language: Language, display: Display) -> CitedList:
    own, first = document.metadata.language, items[0]
    original = tuple(CitedItem(words(c.text, own), c.paragraph, _address(c, display)) for c in items)
    translated = tuple(
        CitedItem(text, c.paragraph, _address(c, display))
        for c in items
        for text in _translated(c.translation)
    )
    introduced = next(_translated(lead_in(first, document, language)), None)
    return CitedList(
        original=CitedItems(words(first.lead_in.text, own) if first.lead_in else None, original),
        translation=CitedItems(introduced, translated) if translated else None,
        place=places(items, interface_language(language)),
        address=_address(first, display),
    )


def _translated(translation: Translation | None) -> Iterator[Words]:
    if translation:
        yield words(translation.text, translation.language)


def _address(citation: Citation, display: Display) -> str:
    return f"{page_of(citation.document)}{display.query}#{anchor(citation.paragraph)}"
