"""The words over what is cited, what is said where nothing is, and the words over suggested questions."""

from __future__ import annotations

from assemblybot.answering.answer import Answer, Remark, Verdict
from assemblybot.messages import say
from assemblybot.text.language import InterfaceLanguage


def found(language: InterfaceLanguage, *, count: int, is_list: bool, is_unsure: bool) -> str:
    """What stands over `count` cited passages."""
    if is_unsure:
        return say(language, "answered-unsure")
    return say(language, "answered-list") if is_list else say(language, "answered", count=count)


def instead(answer: Answer, language: InterfaceLanguage, sources: str) -> str:
    """What an answer without passages says: that there is none, or a courtesy; a greeting names
    the `sources`."""
    if answer.verdict is Verdict.NOT_IN_CORPUS:
        return say(language, "not-in-corpus")
    remark = answer.remark or Remark.HELP
    return say(language, remark, sources=sources) if remark is Remark.GREETING else say(language, remark)


def offer(answer: Answer, language: InterfaceLanguage) -> str:
    """What introduces the suggestions of an answer: a “but” only where something was refused."""
    refused = answer.verdict is Verdict.NOT_IN_CORPUS
    return say(language, "try-one-of-these" if refused else "examples")
