"""A Telegram chat as HTML: text with entities becomes lines, each in its own direction.

Entities count in UTF-16 code units. A client takes the direction of each line from its first
strong character, as `unicode-bidi: plaintext` does; the style sheet says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from math import ceil
from typing import Final

from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV, INPUT, LABEL, SPAN
from tests.conversations import Exchange

from assemblybot.answering.answer import Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.telegram.references import References
from assemblybot.render.localise import localised_citation
from assemblybot.render.telegram import answer_message
from assemblybot.render.telegram_lines import no_answer_message
from assemblybot.render.telegram_state import State
from assemblybot.render.telegram_text import Entity, TelegramMessage
from assemblybot.text.language import interface_language
from gallery.conversations import link, sources

_QUOTES: Final = ("blockquote", "expandable_blockquote")
# A folded quote shows three lines; about so many characters fit one line of a phone.
_FOLDED_LINES: Final = 3
_LINE: Final = 42


def chat(assistant: Assistant, exchanges: list[Exchange]) -> HtmlElement:
    """A whole conversation."""
    bubbles: list[HtmlElement] = []
    for number, exchange in enumerate(exchanges):
        time = f"10:{24 + number}"
        bubbles.append(_asked(exchange.said, time))
        bubbles.append(_bubble(message(assistant, exchange), time))
    head = DIV(
        CLASS("tg-head"),
        DIV(CLASS("tg-avatar"), "A"),
        DIV(DIV(CLASS("tg-name"), "Assembly"), DIV(CLASS("tg-status"), "bot")),
    )
    return DIV(CLASS("tg"), head, DIV(CLASS("tg-chat"), *bubbles))


def message(assistant: Assistant, exchange: Exchange) -> TelegramMessage:
    """What the bot sends: text, entities, keyboard."""
    answer, references = exchange.answer, References(assistant.index)
    interface = interface_language(answer.language)
    if answer.verdict is not Verdict.ANSWERED:
        names = [references.question_name(text, answer.language) for text in answer.suggestions]
        return no_answer_message(answer, interface, sources(assistant), names)
    state = State(
        cited=references.cited(answer.citations, is_list=answer.is_list),
        answer="rating00",
        language=answer.language,
        interface=interface,
        is_list=answer.is_list,
        translated=interface != "ar",
    )
    address = link(assistant)
    documents = assistant.index.documents
    cited = tuple(localised_citation(c, documents[c.document], interface) for c in answer.citations)
    return answer_message(
        replace(answer, citations=cited),
        state,
        link=address(answer.citations[0]) if address else None,
    )


def _asked(text: str, time: str) -> HtmlElement:
    stamp = SPAN(CLASS("tg-time"), time, SPAN(CLASS("tg-ticks"), "✓✓"))
    return DIV(CLASS("tg-row tg-out"), DIV(CLASS("tg-bubble"), DIV(CLASS("tg-line"), text), stamp))


def _bubble(shown: TelegramMessage, time: str) -> HtmlElement:
    lines = list(_lines(shown))
    content = [
        _quote(quote, [line for _, line in group]) if quote else DIV(*(line for _, line in group))
        for quote, group in groupby(lines, key=lambda pair: pair[0])
    ]
    row = DIV(CLASS("tg-row"), DIV(CLASS("tg-bubble"), *content, SPAN(CLASS("tg-time"), time)))
    for buttons in shown.keyboard:
        row.append(DIV(CLASS("tg-keys"), *(SPAN(CLASS("tg-key"), button.text) for button in buttons)))
    return row


def _quote(entity: Entity, lines: list[HtmlElement]) -> HtmlElement:
    """A quotation, folded to three lines when it is longer; a tap unfolds it."""
    height = sum(ceil(len(line.text_content()) / _LINE) or 1 for line in lines)
    body = DIV(CLASS("tg-quoted"), *lines)
    if entity.type == "blockquote" or height <= _FOLDED_LINES:
        return DIV(CLASS("tg-quote"), body, dir="auto")
    unfold = INPUT(CLASS("tg-unfold"), {"type": "checkbox", "aria-label": "Show all of the quotation"})
    return LABEL(CLASS("tg-quote tg-folded"), unfold, body, dir="auto")


def _lines(shown: TelegramMessage) -> Iterator[tuple[Entity | None, HtmlElement]]:
    """Each line, and the quotation it is part of."""
    at = 0
    for text in shown.text.split("\n"):
        end = at + _units(text)
        quotes = (e for e in shown.entities if e.type in _QUOTES and e.offset <= at < e.offset + e.length)
        yield next(quotes, None), DIV(CLASS("tg-line"), *_spans(text, at, shown.entities))
        at = end + 1


def _spans(text: str, at: int, entities: tuple[Entity, ...]) -> Iterator[HtmlElement | str]:
    raw, end = text.encode("utf-16-le"), at + _units(text)
    marks = [
        (max(e.offset, at), min(e.offset + e.length, end), e.type) for e in entities if e.type not in _QUOTES
    ]
    place = at
    for start, stop, kind in sorted(mark for mark in marks if mark[0] < mark[1]):
        yield raw[2 * (place - at) : 2 * (start - at)].decode("utf-16-le")
        yield SPAN(CLASS(f"is-{kind}"), raw[2 * (start - at) : 2 * (stop - at)].decode("utf-16-le"))
        place = stop
    yield raw[2 * (place - at) :].decode("utf-16-le")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
