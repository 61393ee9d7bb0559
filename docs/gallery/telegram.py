"""A Telegram chat as HTML: what the bot sends becomes lines, each in its own direction.

Entities count in UTF-16 code units. A client takes the direction of each line from its first
strong character, as `unicode-bidi: plaintext` does; the style sheet says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import Any, Final

from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV, INPUT, LABEL, SPAN
from tests.chat.curated import LAMPS, curated
from tests.chat.telegram.harness import Chat, running
from tests.conversations.reports import Assistants
from tests.doubles.telegram_updates import BOT_NAME, Json, group, person, said, sent_file

from gallery.scenes import ADDRESS, ROOT, Scene, Turn

_QUOTES: Final = ("blockquote", "expandable_blockquote")
# A folded quote shows three lines; about so many characters fit one line of a phone.
_FOLDED_LINES: Final = 3
_LINE: Final = 42
_CURATOR: Final = 7
#: What is said, and what the bot sends back, each as a message of the Bot API; `None` for silence.
Exchange = tuple[Json, Json | None]


def hold(scene: Scene, assistants: Assistants) -> list[Exchange]:
    """What is said to a bot that talks to a double of Telegram, and what it sends."""

    async def held() -> list[Exchange]:
        first, others = scene.among(assistants)
        options: dict[str, Any] = {
            "others": scene.collections[1:],
            "besides": others,
            "public_url": ADDRESS,
        }
        documents = curated(ROOT / "corpus", str(_CURATOR))
        exchanges: list[Exchange] = []
        async with running(first, documents=documents, **options) as chat:
            chat.api.files["file"] = LAMPS
            for turn in scene.turns:
                update = _update(turn, scene, [sent for _, sent in exchanges if sent])
                exchanges.append((update["message"], await _reply(chat, update, turn)))
        return exchanges

    return asyncio.run(held())[scene.unseen :]


def _update(turn: Turn, scene: Scene, sent: list[Json]) -> Json:
    """A turn as Telegram sends it; in a group the first one names the bot, the others reply to it."""
    user = person(_CURATOR, language=None)
    if turn.file:
        return sent_file(turn.file, size=len(LAMPS), user=user)
    if not scene.thread:
        return said(turn.says, user=user)
    if not sent:
        return said(f"@{BOT_NAME} {turn.says}", user=user, chat=group())
    return said(turn.says, user=user, chat=group(), reply_to_message=sent[-1])


async def _reply(chat: Chat, update: Json, turn: Turn) -> Json | None:
    if turn.answered:
        return await chat.tell(update)
    before = len(chat.api.sent())
    chat.api.push(update)
    await chat.settle()
    assert len(chat.api.sent()) == before, turn.says
    return None


def chat(exchanges: Sequence[Exchange]) -> HtmlElement:
    """A whole conversation."""
    bubbles: list[HtmlElement] = []
    for number, (asked, sent) in enumerate(exchanges):
        time = f"10:{24 + number}"
        bubbles.append(_asked(asked, time))
        if sent:
            bubbles.append(_bubble(sent, time))
    title = exchanges[0][0]["chat"].get("title")
    name, status = (title, "12 members") if title else ("Assembly", "bot")
    head = DIV(
        CLASS("tg-head"),
        DIV(CLASS("tg-avatar"), name[0]),
        DIV(DIV(CLASS("tg-name"), name), DIV(CLASS("tg-status"), status)),
    )
    return DIV(CLASS("tg"), head, DIV(CLASS("tg-chat"), *bubbles))


def _asked(asked: Json, time: str) -> HtmlElement:
    stamp = SPAN(CLASS("tg-time"), time, SPAN(CLASS("tg-ticks"), "✓✓"))
    bubble = DIV(CLASS("tg-bubble"))
    if replied := asked.get("reply_to_message"):
        bubble.append(
            DIV(CLASS("tg-reply"), DIV(CLASS("tg-name"), "Assembly"), replied["text"].split("\n")[0])
        )
    if document := asked.get("document"):
        bubble.append(DIV(CLASS("tg-file"), SPAN(CLASS("tg-file-icon"), "↓"), SPAN(document["file_name"])))
    else:
        bubble.append(DIV(CLASS("tg-line"), asked["text"]))
    bubble.append(stamp)
    return DIV(CLASS("tg-row tg-out"), bubble)


def _bubble(sent: Json, time: str) -> HtmlElement:
    content = [
        _quote(quote, [line for _, line in group]) if quote else DIV(*(line for _, line in group))
        for quote, group in groupby(_lines(sent), key=lambda pair: pair[0])
    ]
    row = DIV(CLASS("tg-row"), DIV(CLASS("tg-bubble"), *content, SPAN(CLASS("tg-time"), time)))
    for buttons in sent.get("reply_markup", {}).get("inline_keyboard", []):
        row.append(DIV(CLASS("tg-keys"), *map(_key, buttons)))
    return row


def _key(button: Json) -> HtmlElement:
    return SPAN(CLASS("tg-key tg-opens" if "url" in button else "tg-key"), button["text"])


def _quote(entity: Json, lines: list[HtmlElement]) -> HtmlElement:
    """A quotation, folded to three lines when it is longer; a tap unfolds it."""
    height = sum(ceil(len(line.text_content()) / _LINE) or 1 for line in lines)
    body = DIV(CLASS("tg-quoted"), *lines)
    if entity["type"] == "blockquote" or height <= _FOLDED_LINES:
        return DIV(CLASS("tg-quote"), body, dir="auto")
    unfold = INPUT(CLASS("tg-unfold"), {"type": "checkbox", "aria-label": "Show all of the quotation"})
    return LABEL(CLASS("tg-quote tg-folded"), unfold, body, dir="auto")


def _lines(sent: Json) -> Iterator[tuple[Json | None, HtmlElement]]:
    """Each line, and the quotation it is part of."""
    entities = sent.get("entities", [])
    at = 0
    for text in sent["text"].split("\n"):
        end = at + _units(text)
        quotes = (e for e in entities if e["type"] in _QUOTES and e["offset"] <= at < _end(e))
        yield next(quotes, None), DIV(CLASS("tg-line"), *_spans(text, at, entities))
        at = end + 1


def _spans(text: str, at: int, entities: list[Json]) -> Iterator[HtmlElement | str]:
    raw, end = text.encode("utf-16-le"), at + _units(text)
    marks = [
        (max(e["offset"], at), min(_end(e), end), e["type"]) for e in entities if e["type"] not in _QUOTES
    ]
    place = at
    for start, stop, kind in sorted(mark for mark in marks if mark[0] < mark[1]):
        yield raw[2 * (place - at) : 2 * (start - at)].decode("utf-16-le")
        yield SPAN(CLASS(f"is-{kind}"), raw[2 * (start - at) : 2 * (stop - at)].decode("utf-16-le"))
        place = stop
    yield raw[2 * (place - at) :].decode("utf-16-le")


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
