"""What a check says, and how it becomes one line of the doctor's report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from assemblybot.errors import AssemblybotError


class Level(StrEnum):
    """How bad it is; `skip` is for what cannot be checked here."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Said:
    """What a check found, when it did not raise."""

    level: Level
    text: str


def ok(text: str) -> Said:
    """Fit."""
    return Said(Level.OK, text)


def warn(text: str) -> Said:
    """It works, and something should be done; `text` says what."""
    return Said(Level.WARN, text)


def skip(text: str) -> Said:
    """Not checked; `text` says why."""
    return Said(Level.SKIP, text)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `exit_code` is 0 unless the check failed."""

    name: str
    level: Level
    text: str
    exit_code: int = 0

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.name}: {self.text}"


#: A name, and a check that raises AssemblybotError when what it looks at is not fit.
Check = tuple[str, Callable[[], Said]]


def examine(check: Check) -> Finding:
    """The finding of one check."""
    name, look = check
    try:
        said = look()
    except AssemblybotError as error:
        return Finding(name, Level.FAIL, str(error), error.exit_code)
    return Finding(name, said.level, said.text)
