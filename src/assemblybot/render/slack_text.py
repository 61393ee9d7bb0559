"""Text inside Slack blocks: direction, highlights, escaping, length."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import PlainTextObject

from assemblybot.messages import say
from assemblybot.render.quotation import cuts
from assemblybot.text.arabic import arabic_share
from assemblybot.text.bidi import MARKS, RLM, direction, direction_of, isolate_ltr_runs, led
from assemblybot.text.language import InterfaceLanguage

#: A block, or a whole view, as plain values for JSON.
BlockData = dict[str, Any]

_MOSTLY = 0.5


def escaped(text: str) -> str:
    """`text` for fields where Slack reads mrkdwn: its three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def line(text: str, language: InterfaceLanguage) -> str:
    """What the bot itself says, as shown: its first character runs as the language does.

    Values in it are isolated by Fluent already. Clients differ in whether they look inside an
    isolate for the first strong character, so a line must not begin with one.
    """
    towards = direction_of(language)
    is_strong = bool(text) and unicodedata.bidirectional(text[0]) in ("L", "AL", "R")
    return text if is_strong and direction(text[0]) == towards else MARKS[towards] + text


def spoken(language: InterfaceLanguage, key: str, /, **values: str | int) -> str:
    """A message of the bot, as shown."""
    return line(say(language, key, **values), language)


def paragraph(text: str) -> str:
    """A paragraph of someone else's, as shown: led right to left where it runs so, runs isolated."""
    return "".join(shown for shown, _ in pieces(text, ()))


def pieces(text: str, highlights: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """`text` cut at its highlights: what is shown of each piece, and whether it is highlighted.

    Without bidi controls the pieces are `text` again, to the character. An isolate never
    crosses a piece, because each piece is a text element of its own.
    """
    # A paragraph may read right to left and begin with a Latin word.
    rtl = direction(text) == "rtl" or arabic_share(text) > _MOSTLY
    for number, (start, end, marked) in enumerate(cuts(len(text), highlights)):
        piece = text[start:end]
        if rtl:
            # Led by a mark, a piece that begins with a Latin word has its runs isolated too.
            piece = isolate_ltr_runs(RLM + piece).removeprefix(RLM)
            piece = led(piece, "rtl") if number == 0 and direction(text) != "rtl" else piece
        yield piece, marked


def plain(shown: str) -> PlainTextObject:
    """A plain text object; `:)` stays what it is."""
    return PlainTextObject(text=shown, emoji=False)


def cut(text: str, room: int) -> str:
    """The beginning of `text` that fits `room` characters, ending with a whole word."""
    if len(text) <= room:
        return text
    head, space, _ = text[: room + 1].rpartition(" ")
    return head if space else text[:room]


def size(value: object) -> int:
    """Characters of every text in a block, a list of blocks or a part of one."""
    if isinstance(value, Mapping):
        return sum(len(v) if k == "text" and isinstance(v, str) else size(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return sum(map(size, value))
    return 0
