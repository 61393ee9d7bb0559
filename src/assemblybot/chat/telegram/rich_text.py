"""Rich messages (Bot API 10.1): `rich_message` in place of `text`. Their blocks are the words.

The words are put where the words of other messages are, with the entities that say which of
them are commands and mentions; so nothing after this needs to know of blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assemblybot.render.telegram_text import units

Json = dict[str, Any]

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
    if isinstance(rich, Mapping) and "text" not in message:
        words = _Words()
        words.blocks(rich.get("blocks"))
        if text := words.text.rstrip():
            text.encode()
            message["text"] = text
            message["entities"] = words.entities


class _Words:
    """Collects words: a line for a block, for an item and for a row."""

    def __init__(self) -> None:
        self.text = ""
        self.entities: list[Json] = []
        self._gap = ""

    def blocks(self, found: object) -> None:
        """The words of each block; a row of a table is a list of cells."""
        for block in found if isinstance(found, list) else ():
            self._gap = "\n"
            if isinstance(block, list):
                self._row(block)
            elif isinstance(block, Mapping) and block.get("type") != _THINKING:
                self._block(block)

    def _block(self, block: Mapping[str, Any]) -> None:
        for name in _HELD:
            held = block.get(name)
            self._gap = "\n"
            if name in _BLOCKS:
                self.blocks(held)
            elif name == "caption" and isinstance(held, Mapping) and "type" not in held:
                self._block(held)
            else:
                self._rich(held)

    def _row(self, cells: list[Any]) -> None:
        for cell in cells:
            self._gap = self._gap or " "
            if isinstance(cell, Mapping):
                self._rich(cell.get("text"))

    def _rich(self, rich: object) -> None:
        """A rich text: a string, several rich texts, or a marked one."""
        if isinstance(rich, str):
            self._add(rich)
        elif isinstance(rich, list):
            for part in rich:
                self._rich(part)
        elif isinstance(rich, Mapping):
            before = len(self.text)
            for name in _MARKED:
                self._rich(rich.get(name))
            self._mark(rich, self.text[before:].lstrip())

    def _mark(self, rich: Mapping[str, Any], words: str) -> None:
        """Keep that the last `words` are a command or a mention, if they are."""
        if words and rich.get("type") in _ENTITIES:
            length = units(words)
            entity: Json = {"type": rich["type"], "offset": units(self.text) - length, "length": length}
            self.entities.append(entity | ({"user": rich["user"]} if "user" in rich else {}))

    def _add(self, words: str) -> None:
        if not self.text:
            self._gap, words = "", words.lstrip()
        if words:
            self.text += self._gap + words
            self._gap = ""
