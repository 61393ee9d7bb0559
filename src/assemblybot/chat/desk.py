"""Where questions of an event loop meet the assistant: one thread, a bounded queue."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from assemblybot.answering.answer import Answer, Context
from assemblybot.answering.assistant import Assistant
from assemblybot.errors import AssemblybotError
from assemblybot.text.language import Language

MOST_WAITING: Final = 2000


class BusyError(AssemblybotError):
    """Too many questions are waiting already."""


class AnswerDesk:
    """Answers off the event loop. `assistant` may be replaced at any time, for a new index."""

    def __init__(self, assistant: Assistant, most_waiting: int = MOST_WAITING) -> None:
        self.assistant = assistant
        self._most_waiting = most_waiting
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answers")

    @property
    def waiting(self) -> int:
        """Questions taken and not answered yet."""
        return self._waiting

    async def answer(
        self, question: str, context: Context | None = None, language: Language | None = None
    ) -> Answer:
        """As `Assistant.answer`. Raises BusyError when too many are waiting."""
        if self._waiting >= self._most_waiting:
            raise BusyError("Too many questions are waiting just now. Ask again in a moment.")
        assistant = self.assistant
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: assistant.answer(question, context, language=language)
            )
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Stop the thread once it has answered what is waiting."""
        self._thread.shutdown()
