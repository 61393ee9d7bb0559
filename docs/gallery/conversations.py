"""What the platforms need beside the answers of the scripted conversations."""

from __future__ import annotations

from typing import Final

from assemblybot.answering.answer import Answer
from assemblybot.answering.assistant import Assistant
from assemblybot.render.links import Link
from assemblybot.render.permalink import Permalinks

_LINKS: Final = Permalinks("https://bot.example.org")


def link(assistant: Assistant) -> Link | None:
    """Where a citation can be read, for the buttons that open it."""
    return _LINKS.into(assistant.index)


def lead_in_translation(assistant: Assistant, answer: Answer) -> str | None:
    """The line that introduces a cited list or item, in the language of the question."""
    lead_in = answer.citations[0].lead_in if answer.citations else None
    whole = assistant.passage(lead_in.passage, answer.language) if lead_in else None
    return whole.translation.text if whole and whole.translation else None


def sources(assistant: Assistant) -> str:
    """The titles of the documents."""
    return " · ".join(document.metadata.title for document in assistant.index.documents.values())
