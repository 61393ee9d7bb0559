"""Questions kept to improve the bot: off by default, and without anything that says who asked.

A line names nobody, so `forget` cannot find the lines of a user: whoever turns the log on must tell the
users so, and delete the files when they have served. With this install's key, a line leads to the ratings of
its answer, which lie in the session store and go with `forget`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.errors import SettingsError
from assemblybot.folders import locked
from assemblybot.session.identity import Pseudonyms, logged_as, rating_key_of
from assemblybot.text.language import Language

_LARGEST: Final = 10_000_000
_FILES: Final = 5


_Name = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class LoggedQuestion(BaseModel):
    """One line of the log: what was asked in which hour (UTC), and what became of it.

    `unsure` tells an answer with a caveat, `cited` are the passages that were cited, and `answer` names
    the answer as `logged_as` does.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    time: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\dZ$")]
    language: Language
    verdict: Verdict
    question: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUESTION)]
    unsure: bool = False
    cited: tuple[_Name, ...] = ()
    answer: str = ""


class QuestionLog:
    """JSON lines, each a `LoggedQuestion`.

    A file of `largest` bytes becomes `NAME.1`, that one `NAME.2` and so on; the fifth is deleted.
    Several processes may write to the same files.
    """

    def __init__(
        self,
        path: Path,
        names: Pseudonyms,
        *,
        largest: int = _LARGEST,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises SettingsError when the file cannot be written."""
        self._path = path
        self._names = names
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
            "unsure": answer.is_unsure,
            "cited": [citation.passage for citation in answer.citations],
            "answer": logged_as(self._names, rating_key_of(self._names, answer)),
        }
        await asyncio.to_thread(self._append, json.dumps(line, ensure_ascii=False) + "\n")

    @staticmethod
    def read(path: Path) -> Iterator[LoggedQuestion]:
        """The lines of all files of the log at `path`, oldest first; what is no such line is left out.

        Raises SettingsError when a file that is there cannot be read.
        """
        for file in reversed(_files(path)):
            try:
                lines = file.read_bytes().splitlines()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise SettingsError(f"The question log {file} cannot be read: {error.strerror}.") from error
            for line in lines:
                with contextlib.suppress(ValidationError):
                    yield LoggedQuestion.model_validate_json(line)

    def _append(self, line: str) -> None:
        with locked(self._path.with_name(f"{self._path.name}.lock")):
            if self._path.exists() and self._path.stat().st_size >= self._largest:
                self._rotate()
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                file.write(line.encode())

    def _rotate(self) -> None:
        for newer, older in reversed(list(pairwise(_files(self._path)))):
            if newer.exists():
                newer.replace(older)


def _files(path: Path) -> list[Path]:
    """All files of the log at `path`, newest first."""
    return [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, _FILES))]
