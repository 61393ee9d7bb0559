"""An assistant without a model: the real documents, and a rule for what is answered."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any, cast

from assemblybot.answering.answer import Answer, Citation, Context, Remark, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.question import cleaned, require_readable
from assemblybot.text.language import Language, identify
from tests.doubles import answers
from tests.doubles.indexes import index_of


class ScriptedAssistant:
    """Answers “list …” with a list, “off …” with nothing, “hello” politely, all else with passages.

    `asked` holds every question with its context and thread, in the order they were taken up;
    `begun` is set once there is one, and none is answered while `open` is not.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.index = index_of(answers.document())
        self.asked: list[tuple[str, Context | None, str]] = []
        self.begun = threading.Event()
        self.open = threading.Event()
        self.open.set()
        self._seconds = seconds

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        text = cleaned(question)
        require_readable(text)
        self.asked.append((text, context, threading.current_thread().name))
        self.begun.set()
        self.open.wait(10)
        time.sleep(self._seconds)
        spoken = language or identify(text)
        if text.startswith("break"):
            raise RuntimeError(f"cannot answer {text}")
        if text.startswith("hello"):
            return replace(answers.greeting(spoken), question=text)
        if text == "help":
            return Answer(text, spoken, Verdict.NOT_A_QUESTION, 1.0, remark=Remark.HELP)
        make = (
            answers.listed if "list" in text else answers.not_in_corpus if "off" in text else answers.answered
        )
        return replace(make(spoken), question=text)

    def passage(self, passage: str, language: Language = "ar") -> Citation | None:
        if passage not in self.index.position:
            return None
        return answers.citation(self.index.position[passage] + 1, language)

    def search(self, query: str, most: int, *, language: Language | None = None) -> tuple[Citation, ...]:
        return tuple(answers.citation(number, language or "en") for number in range(3, 3 + most))

    @property
    def texts(self) -> list[str]:
        return [text for text, _, _ in self.asked]

    @property
    def leaned(self) -> list[str | None]:
        """The question that each one leaned on."""
        return [(context and context.question) or None for _, context, _ in self.asked]

    def as_assistant(self) -> Assistant:
        return cast(Assistant, cast(Any, self))
