"""Before and after on all decided rows: what the last change of the index mended, and what it hurt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assemblybot.curation.decided import Decided, read_private, write_private


class Measured(BaseModel):
    """How one row was answered from one index; `cited` is the passage cited first, empty for a refusal."""

    model_config = ConfigDict(frozen=True)

    index: str
    met: bool
    cited: str = ""


_FILE: Final = TypeAdapter(dict[str, list[Measured]])


class Outcome(StrEnum):
    """What the last change of the index did to a row, the most urgent first."""

    HURT = "hurt"
    MENDED = "mended"
    WRONG = "wrong"
    RIGHT = "right"
    GONE = "gone"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Change:
    """One row, and how it was answered before and is answered now; `None` where nothing is known of it.

    `gone` tells that no document holds the passage any more, so that nothing can be said of the row.
    """

    row: Decided
    before: Measured | None
    now: Measured | None
    gone: bool = False

    @property
    def outcome(self) -> Outcome:
        """What became of the row; one that was not measured before counts as it is now."""
        if self.gone:
            return Outcome.GONE
        if self.now is None:
            return Outcome.WAITING
        was_met = (self.before or self.now).met
        if self.now.met:
            return Outcome.RIGHT if was_met else Outcome.MENDED
        return Outcome.HURT if was_met else Outcome.WRONG


def waiting(changes: Sequence[Change]) -> list[Decided]:
    """The rows that were not asked of this index yet."""
    return [change.row for change in changes if change.outcome is Outcome.WAITING]


def read_measured(path: Path) -> dict[str, list[Measured]]:
    """How rows were answered from this index and from the one before: by id, of each the oldest first.

    Raises CurationError for a file that cannot be read; what is no measurement is measured anew.
    """
    try:
        return _FILE.validate_json(read_private(path))
    except ValidationError:
        return {}


def write_measured(path: Path, measured: dict[str, list[Measured]]) -> None:
    """Put that in the place of what was kept. Raises CurationError."""
    write_private(path, _FILE.dump_json(measured, indent=1).decode() + "\n")
