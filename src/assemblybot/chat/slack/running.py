"""Work that goes on after Slack was answered: kept alive, counted, waited for at the end."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Coroutine
from typing import Any, Final

from slack_sdk.errors import SlackApiError

_LOG = logging.getLogger(__name__)
DRAIN_SECONDS: Final = 25.0


class Running:
    """Tasks in flight. asyncio keeps only weak references to tasks; this keeps strong ones."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` in the background; what it raises is logged without its message."""
        task = asyncio.create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float = DRAIN_SECONDS) -> int:
        """Wait for all work, at most `seconds`; cancels the rest and returns how many it was."""
        # Bolt starts a listener in a task of its own: give the last ones a turn to call `start`.
        for _ in range(3):
            await asyncio.sleep(0)
        if not self._tasks:
            return 0
        _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            _LOG.error("Slack: %s", describe(error))


def describe(error: BaseException) -> str:
    """What went wrong, where; never the message of an unexpected error, which may quote a user."""
    if isinstance(error, SlackApiError):
        answer = error.response
        return f"the Web API answered {answer.get('error') or answer.status_code}"
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return type(error).__name__ + "".join(f" at {frame.filename}:{frame.lineno}" for frame in last)
