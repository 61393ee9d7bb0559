"""The scripted conversations, held with the shipped model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.conversations import Script

from assemblybot.answering.answer import Answer, Context, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.render.links import reader_links

#: Where the reader stands, for the buttons that open a passage in it.
LINK: Final = reader_links("https://bot.example.org")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something said, what the conversation leaned on then, and the answer."""

    said: str
    answer: Answer


def hold(assistant: Assistant, script: Script) -> Iterator[Exchange]:
    """Each step of a script and its answer. Raises AssertionError where the script expects another."""
    context: Context | None = None
    for step in script.steps:
        answer = assistant.answer(step.says, context)
        cited = tuple(citation.passage for citation in answer.citations)
        step.check(answer.verdict, cited, answer.remark)
        if answer.verdict is Verdict.ANSWERED:
            context = Context(answer.question, cited)
        yield Exchange(step.says, answer)


def lead_in_translation(assistant: Assistant, answer: Answer) -> str | None:
    """The line that introduces a cited list or item, in the language of the question."""
    lead_in = answer.citations[0].lead_in if answer.citations else None
    whole = assistant.passage(lead_in.passage, answer.language) if lead_in else None
    return whole.translation.text if whole and whole.translation else None


def sources(assistant: Assistant) -> str:
    """The titles of the documents."""
    return " · ".join(document.metadata.title for document in assistant.index.documents.values())
