"""Questions kept to improve the bot: off by default, and without anything that says who asked.

Nothing in a line leads to a user, so `forget` cannot find the lines of one: whoever turns the log
on must tell the users so, and delete the files when they have served.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assemblybot.answering.answer import Answer
from assemblybot.errors import SettingsError

_LARGEST: Final = 10_000_000
_FILES: Final = 5


class QuestionLog:
    """JSON lines `{"time", "language", "verdict", "question"}`, `time` being the hour in UTC.

    A file of `largest` bytes becomes `NAME.1`, that one `NAME.2` and so on; the fifth is deleted.
    Several processes may write to the same files.
    """

    def __init__(
        self,
        path: Path,
        *,
        largest: int = _LARGEST,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises SettingsError when the file cannot be written."""
        self._path = path
        self._largest = largest
        self._clock = clock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._append("")
        except OSError as error:
            raise SettingsError(
                f"The question log {path} cannot be written: {error.strerror}. Change QUESTION_LOG."
            ) from error

    async def add(self, answer: Answer) -> None:
        """Keep the question that `answer` answers; OSError when the disk does not take it."""
        line = {
            "time": self._clock().strftime("%Y-%m-%dT%HZ"),
            "language": answer.language,
            "verdict": answer.verdict,
            "question": answer.question,
        }
        await asyncio.to_thread(self._append, json.dumps(line, ensure_ascii=False) + "\n")

    def _append(self, line: str) -> None:
        lock = os.open(self._numbered("lock"), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._path.exists() and self._path.stat().st_size >= self._largest:
                self._rotate()
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                file.write(line.encode())
        finally:
            os.close(lock)

    def _rotate(self) -> None:
        names = [self._path, *(self._numbered(number) for number in range(1, _FILES))]
        for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
            if newer.exists():
                newer.replace(older)

    def _numbered(self, suffix: int | str) -> Path:
        return self._path.with_name(f"{self._path.name}.{suffix}")
