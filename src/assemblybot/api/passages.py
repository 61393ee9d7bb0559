"""The passages nearest to a query: the ranking under an answer, without the verdict."""

from __future__ import annotations

from assemblybot.answering.answer import Citation
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.question import cleaned, readable
from assemblybot.text.language import Language, identify


def nearest(
    assistant: Assistant, query: str, most: int, language: Language | None = None
) -> tuple[str, Language, tuple[Citation, ...]]:
    """The query as read, its language, and up to `most` passages, best first. Raises QuestionError."""
    text = readable(cleaned(query))
    spoken = language or identify(text)
    return text, spoken, assistant.search(text, most, language=spoken)
