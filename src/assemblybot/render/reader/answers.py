"""The page of an answer: what the bot says, what it cites, questions to ask instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.corpus.document import Document
from assemblybot.render.localise import titles
from assemblybot.render.offers import instead, offer, opening
from assemblybot.render.place import place, places
from assemblybot.render.quotation import Excerpt, QuotedList, lists, quotation, quoted_list
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.pages import Words, address, render_page, words
from assemblybot.render.reader.thread import Thread
from assemblybot.text.language import InterfaceLanguage, interface_language


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage: what answers and its translation, where it stands, the rest of it in both languages."""

    id: str
    original: Words
    translation: Words | None
    place: str
    address: str
    rest: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class CitedItems:
    """Items in one language, each with its number and address, under the line that introduces them."""

    lead_in: Words | None
    items: Sequence[tuple[Words, int, str]]


@dataclass(frozen=True, slots=True)
class CitedList:
    """Items that stand together, their translation, and where they stand."""

    original: CitedItems
    translation: CitedItems | None
    place: str
    address: str


def answer_page(
    answer: Answer, documents: Mapping[str, Document], display: Display, thread: Thread | None = None
) -> str:
    """What was asked, and the answer, which is localised; the whole page is in its language."""
    language = interface_language(answer.language)
    display = replace(display.without_translation(), language=language)
    if answer.verdict is Verdict.ANSWERED:
        said = opening(answer, language)
    else:
        said = instead(answer, language, titles(documents, answer.language), most=inf)
    # Beside the text of a document stands the language of the answer.
    linked = display if display.chosen else replace(display, translation=language)
    passages = [_passage(c, documents[c.document], language, linked) for c in answer.citations]
    grouped = lists(answer.citations)
    cited = [_list(items, documents[items[0].document], language, linked) for items in grouped]
    return render_page(
        "answer.html",
        display,
        said=said,
        passages=[] if answer.is_list else passages,
        lists=cited if answer.is_list else [],
        offer=offer(answer, language),
        suggestions=[suggestion.text for suggestion in answer.suggestions],
        thread=thread or Thread(answer.question),
    )


def _passage(
    citation: Citation, document: Document, language: InterfaceLanguage, display: Display
) -> CitedPassage:
    quoted, own = quotation(citation), document.metadata.language

    def shown(excerpt: Excerpt, code: str) -> tuple[Words, list[Words]]:
        """What answers, and the rest."""
        rest = [words(part, code) for part in (excerpt.lead_in, excerpt.rest) if part]
        return words(excerpt.answer.text, code, excerpt.answer.highlights), rest

    original, rest = shown(quoted.original, own)
    translation = None
    if quoted.translation and citation.translation:
        translation, translated_rest = shown(quoted.translation, citation.translation.language)
        rest = translated_rest + rest
    where = place(citation, language)
    return CitedPassage(citation.passage, original, translation, where, address(citation, display), rest)


def _list(
    items: Sequence[Citation], document: Document, language: InterfaceLanguage, display: Display
) -> CitedList:
    def shown(quoted: QuotedList, code: str) -> CitedItems:
        lead_in = words(quoted.lead_in, code) if quoted.lead_in else None
        cited = zip(quoted.items, items, strict=True)
        return CitedItems(
            lead_in, [(words(text, code), item.paragraph, address(item, display)) for text, item in cited]
        )

    original, translation = quoted_list(items)
    own = document.metadata.language
    read = next((item.translation.language for item in items if item.translation), own)
    return CitedList(
        original=shown(original, own),
        translation=shown(translation, read) if translation else None,
        place=places(items, language),
        address=address(items[0], display),
    )
