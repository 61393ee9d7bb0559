"""What the platforms need beside the answers of the scripted conversations."""

from __future__ import annotations

from typing import Final

from assemblybot.answering.assistant import Assistant
from assemblybot.render.links import Link, Permalinks

_LINKS: Final = Permalinks("https://bot.example.org")


def link(assistant: Assistant) -> Link | None:
    """Where a citation can be read, for the buttons that open it."""
    return _LINKS.into(assistant.index)


def sources(assistant: Assistant) -> str:
    """The titles of the documents."""
    return " · ".join(document.metadata.title for document in assistant.index.documents.values())
