"""The words over suggested questions."""

from __future__ import annotations

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.messages import say
from assemblybot.text.language import InterfaceLanguage


def offer(answer: Answer, language: InterfaceLanguage) -> str:
    """What introduces the suggestions of an answer: a “but” only where something was refused."""
    refused = answer.verdict is Verdict.NOT_IN_CORPUS
    return say(language, "try-one-of-these" if refused else "examples")
