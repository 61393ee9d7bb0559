"""What people type in Slack, as plain words: markup resolved, entities decoded, emoji by their letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TOKEN = re.compile(r"<([^<>]*)>")
# Slack sends an emoji by its name, with the skin tone as a name of its own.
_EMOJI = re.compile(r"(?<!\w):((?:[+-]1|(?=[^:\s]*[a-z])[a-z0-9_+'-]+)):(?!\w)")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def words_of(message: Mapping[str, Any]) -> str:
    """What a message says, or asks the bot to look at.

    Its own text or, where it has none, the words of its blocks or of what it forwards. Slack keeps a
    forwarded message as an attachment; a message of an app may have its words in blocks alone.
    """
    blocks = message.get("blocks")
    own = plain_words(str(message.get("text") or ""), _emoji(blocks))
    if own:
        return own
    carried = message.get("attachments")
    parts = [_in_blocks(blocks), *map(_in_attachment, carried if isinstance(carried, list) else ())]
    return " ".join(filter(None, parts))


def plain_words(text: str, emoji: Mapping[str, str] | None = None) -> str:
    """`text` without Slack's markup: mentions gone, channels and links by their names.

    `emoji` gives the characters of emoji by name; others, which a workspace made itself, are left out.
    """
    known = emoji or {}
    words = _TOKEN.sub(lambda token: _spoken(token.group(1)) or " ", text)
    words = _EMOJI.sub(lambda name: f" {known.get(name.group(1), '')} ", words)
    for entity, char in _ENTITIES:
        words = words.replace(entity, char)
    return " ".join(words.split())


def _spoken(token: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith("!date^"):
        return label
    if target.startswith(("@", "!")):
        return ""
    if target.startswith("#"):
        return label
    return label or target.removeprefix("mailto:")


def _in_attachment(attachment: object) -> str:
    """The words of what is attached: a forwarded message, or what an app shows beside its text."""
    if not isinstance(attachment, Mapping):
        return ""
    text = plain_words(_text(attachment.get("text")), _emoji(attachment.get("message_blocks")))
    shown = (_in_blocks(attachment.get(key)) for key in ("message_blocks", "blocks"))
    named = (plain_words(_text(attachment.get(key))) for key in ("title", "fallback"))
    return text or next(filter(None, (*shown, *named)), "")


def _in_blocks(blocks: object) -> str:
    # Parts of one paragraph are joined as they stand: a word may be in bold up to its middle.
    lines = ("".join(_texts(block)) for block in _walk(blocks) if _is_paragraph(block))
    return " ".join(" ".join(filter(None, map(plain_words, lines))).split())


def _is_paragraph(block: Mapping[str, Any]) -> bool:
    """Whether a block, or an element of one, holds text and no paragraphs below it."""
    if isinstance(block.get("text"), str):
        return block.get("type") in ("plain_text", "mrkdwn", "markdown")
    elements = block.get("elements")
    inline = ("text", "emoji", "link", "date")
    return isinstance(elements, list) and any(
        isinstance(element, Mapping) and element.get("type") in inline for element in elements
    )


def _texts(paragraph: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(paragraph.get("text"), str):
        yield paragraph["text"]
        return
    for element in paragraph["elements"]:
        if not isinstance(element, Mapping):
            continue
        if element.get("type") == "emoji":
            yield _characters(element)
        else:
            yield next(filter(None, (_text(element.get(key)) for key in ("text", "fallback", "url"))), "")


def _emoji(blocks: object) -> dict[str, str]:
    """The characters of the emoji in blocks, by name."""
    found = (block for block in _walk(blocks) if block.get("type") == "emoji")
    return {_text(block.get("name")): _characters(block) for block in found}


def _characters(emoji: Mapping[str, Any]) -> str:
    """An emoji from the code points that Slack gives of it; empty for one a workspace made itself."""
    try:
        return "".join(chr(int(point, 16)) for point in _text(emoji.get("unicode")).split("-"))
    except (ValueError, OverflowError):
        return ""


def _walk(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object in blocks, from the first to the last."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield item
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
