"""What a check found, and how it becomes one line of the doctor's report."""

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


class Warn(Exception):
    """It works, and something should be done; the message says what."""


class Skip(Exception):
    """Not checked; the message says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `exit_code` is 0 unless the check failed."""

    name: str
    level: Level
    text: str
    exit_code: int = 0

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.name}: {self.text}"


#: A name, and a check: what it returns is fine. It raises Warn, Skip, or AssemblybotError for a failure.
Check = tuple[str, Callable[[], str]]


def examine(check: Check) -> Finding:
    """The finding of one check."""
    name, look = check
    try:
        return Finding(name, Level.OK, look())
    except Warn as warning:
        return Finding(name, Level.WARN, str(warning))
    except Skip as reason:
        return Finding(name, Level.SKIP, str(reason))
    except AssemblybotError as error:
        return Finding(name, Level.FAIL, str(error), error.exit_code)
