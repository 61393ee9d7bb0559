"""Before and after on all decided rows: what the last change of the index mended, and what it hurt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.curation.decided import Decided, Decision, write_private
from assemblybot.errors import CurationError
from assemblybot.index.index import Index


class Measured(BaseModel):
    """How one row was answered from one index; `cited` is the passage cited first, empty for a refusal."""

    model_config = ConfigDict(frozen=True)

    index: str
    met: bool
    cited: str = ""


#: By the id of the row, oldest first: how it was answered from this index and from the one before it.
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


class Measurements:
    """How each row was answered, from this index and the one before; kept at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, row: Decided, answer: Answer, index: Index) -> None:
        """Keep how `row` is answered from `index`. Raises CurationError."""
        kept = self._read()
        cited = answer.citations[0].passage if answer.verdict is Verdict.ANSWERED else ""
        met = row.is_met_by(answer, index.documents)
        others = [one for one in kept.get(row.id, []) if one.index != index.version]
        kept[row.id] = [*others[-1:], Measured(index=index.version, met=met, cited=cited)]
        self._write(kept)

    def forget(self, row: Decided) -> None:
        """Keep nothing of a row that is no longer decided. Raises CurationError."""
        kept = self._read()
        if kept.pop(row.id, None):
            self._write(kept)

    def report(self, rows: Sequence[Decided], index: Index) -> list[Change]:
        """What is known of `rows` on `index`. Raises CurationError."""
        kept, changes = self._read(), []
        for row in rows:
            measured = kept.get(row.id, [])
            now = next((one for one in measured if one.index == index.version), None)
            before = next((one for one in reversed(measured) if one is not now), None)
            gone = row.type is Decision.ANSWERS and not row.places(index.documents)
            changes.append(Change(row, before, now, gone))
        return changes

    def _read(self) -> dict[str, list[Measured]]:
        try:
            return _FILE.validate_json(self._path.read_bytes())
        except (FileNotFoundError, ValidationError):  # measured anew
            return {}
        except OSError as error:
            raise CurationError(f"{self._path} cannot be read: {error.strerror}.") from error

    def _write(self, kept: dict[str, list[Measured]]) -> None:
        write_private(self._path, _FILE.dump_json(kept, indent=1).decode() + "\n")
