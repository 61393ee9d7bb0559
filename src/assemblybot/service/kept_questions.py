"""Questions kept to learn from them, where `QUESTION_LOG` asks for it."""

from __future__ import annotations

import asyncio
import logging

from assemblybot.answering.answer import Answer
from assemblybot.logs import describe
from assemblybot.service.metrics import Metrics
from assemblybot.session.question_log import QuestionLog

_LOG = logging.getLogger(__name__)


class KeepingMetrics(Metrics):
    """Metrics that also keep the question of each answer."""

    keeps_questions = True

    def __init__(self, log: QuestionLog) -> None:
        super().__init__()
        self._log = log
        self._writing: set[asyncio.Task[None]] = set()

    def answered(self, platform: str, answer: Answer) -> None:
        """See `Observer.answered`."""
        super().answered(platform, answer)
        task = asyncio.create_task(self._write(answer))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing)

    async def _write(self, answer: Answer) -> None:
        try:
            await self._log.add(answer)
        except OSError as error:
            _LOG.error("A question was not kept: %s", describe(error))
