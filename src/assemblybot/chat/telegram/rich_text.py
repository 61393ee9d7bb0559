"""Rich messages (Bot API 10.1): `rich_message` in place of `text`. Their blocks are the words.

The words are put where the words of other messages are, with the entities that say which of
them are commands and mentions; so nothing after this needs to know of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from assemblybot.render.telegram_text import units

Json = Mapping[str, Any]
#: Words, and the command or mention that they are.
Run = tuple[str, Json | None]

# Where a block holds its words, in the order in which they are read; buttons are not words.
_BLOCKS: Final = ("items", "blocks", "cells")
_HELD: Final = ("summary", "text", "expression", *_BLOCKS, "caption", "credit")
_MARKED: Final = ("text", "expression", "alternative_text")
_THINKING: Final = "thinking"
_ENTITIES: Final = ("bot_command", "mention", "text_mention")


def give_text(message: object) -> None:
    """Set `text` and `entities` of a rich message, and of the one it replies to, in place.

    Raises UnicodeEncodeError for half a surrogate pair, and RecursionError for nesting that no
    client makes.
    """
    if not isinstance(message, dict):
        return
    give_text(message.get("reply_to_message"))
    rich = message.get("rich_message")
    if not isinstance(rich, Mapping) or "text" in message:
        return
    text = ""
    entities = []
    for line in _lines(rich.get("blocks")):
        if text and any(words for words, _ in line):
            text += "\n"
        for words, mark in line:
            added = words if text else words.lstrip()
            if mark and added:
                entity = {"type": mark["type"], "offset": units(text), "length": units(added)}
                entities.append(entity | ({"user": mark["user"]} if "user" in mark else {}))
            text += added
    if text := text.rstrip():
        text.encode()
        message |= {"text": text, "entities": entities}


def _lines(blocks: object) -> Iterator[list[Run]]:
    """A line for a block, for an item and for a row of a table, which is a list of cells."""
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, list):
            cells = [[*_runs(cell.get("text"))] for cell in block if isinstance(cell, Mapping)]
            yield [run for cell in cells for run in (*cell, (" ", None))][:-1]
        elif isinstance(block, Mapping) and block.get("type") != _THINKING:
            for name in _HELD:
                held = block.get(name)
                if name in _BLOCKS:
                    yield from _lines(held)
                elif name == "caption" and isinstance(held, Mapping) and "type" not in held:
                    yield from _lines([held])
                else:
                    yield [*_runs(held)]


def _runs(rich: object) -> Iterator[Run]:
    """A rich text is a string, several rich texts, or a marked one."""
    if isinstance(rich, str):
        yield rich, None
    elif isinstance(rich, list):
        for part in rich:
            yield from _runs(part)
    elif isinstance(rich, Mapping):
        inner = [run for name in _MARKED for run in _runs(rich.get(name))]
        is_entity = rich.get("type") in _ENTITIES
        yield from [("".join(words for words, _ in inner), rich)] if is_entity else inner
