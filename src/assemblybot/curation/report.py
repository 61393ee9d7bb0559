"""Before and after on all decided rows: what the last change of the index mended, and what it hurt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.corpus.document import Document
from assemblybot.curation.decided import Decided, Decision, write_private
from assemblybot.errors import CurationError

#: How a row was answered from this index and from the one before it.
_KEPT: Final = 2


class Measured(BaseModel):
    """How one row was answered from one index; `cited` is the passage cited first, empty for a refusal."""

    model_config = ConfigDict(frozen=True)

    index: str
    met: bool
    cited: str = ""


class _File(RootModel[dict[str, list[Measured]]]):
    """By the id of the row, oldest first."""


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
    def mended(self) -> bool:
        """Wrong before, right now."""
        return bool(self.before and self.now and not self.before.met and self.now.met)

    @property
    def hurt(self) -> bool:
        """Right before, wrong now."""
        return bool(self.before and self.now and self.before.met and not self.now.met)


@dataclass(frozen=True, slots=True)
class Report:
    """Every decided row, oldest first."""

    changes: tuple[Change, ...]

    @property
    def measured(self) -> tuple[Change, ...]:
        """The rows of which it is known how they are answered now."""
        return tuple(change for change in self.changes if change.now and not change.gone)

    @property
    def right_before(self) -> int:
        """How many of the measured rows were right; one that was not measured before counts as it is now."""
        return sum((change.before or change.now).met for change in self.measured if change.now)

    @property
    def right_now(self) -> int:
        """How many of the measured rows are right."""
        return sum(change.now.met for change in self.measured if change.now)

    @property
    def mended(self) -> tuple[Change, ...]:
        """What the change helped."""
        return tuple(change for change in self.measured if change.mended)

    @property
    def hurt(self) -> tuple[Change, ...]:
        """What the change hurt."""
        return tuple(change for change in self.measured if change.hurt)

    @property
    def wrong(self) -> tuple[Change, ...]:
        """What is wrong as it was before."""
        return tuple(c for c in self.measured if c.now and not c.now.met and not c.hurt)

    @property
    def gone(self) -> tuple[Change, ...]:
        """Rows whose passage no document holds any more."""
        return tuple(change for change in self.changes if change.gone)

    @property
    def waiting(self) -> tuple[Decided, ...]:
        """The rows that were not asked of this index yet."""
        return tuple(change.row for change in self.changes if change.now is None and not change.gone)


class Measurements:
    """How each row was answered, from this index and the one before; kept at `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, row: Decided, answer: Answer, documents: Mapping[str, Document], index: str) -> None:
        """Keep how `row` is answered from the index of that version. Raises CurationError."""
        kept = self._read()
        cited = answer.citations[0].passage if answer.verdict is Verdict.ANSWERED else ""
        measured = Measured(index=index, met=row.is_met_by(answer, documents), cited=cited)
        before = [one for one in kept.get(row.id, []) if one.index != index]
        kept[row.id] = [*before, measured][-_KEPT:]
        self._write(kept)

    def forget(self, row: Decided) -> None:
        """Keep nothing of a row that is no longer decided. Raises CurationError."""
        kept = self._read()
        if kept.pop(row.id, None):
            self._write(kept)

    def report(self, rows: Sequence[Decided], documents: Mapping[str, Document], index: str) -> Report:
        """What is known of `rows` on the index of that version. Raises CurationError."""
        kept = self._read()
        return Report(tuple(_change(row, kept.get(row.id, []), documents, index) for row in rows))

    def _read(self) -> dict[str, list[Measured]]:
        try:
            return _File.model_validate_json(self._path.read_bytes()).root
        except (FileNotFoundError, ValidationError):  # measured anew
            return {}
        except OSError as error:
            raise CurationError(f"{self._path} cannot be read: {error.strerror}.") from error

    def _write(self, kept: dict[str, list[Measured]]) -> None:
        write_private(self._path, _File(kept).model_dump_json(indent=1) + "\n")


def _change(row: Decided, kept: Sequence[Measured], documents: Mapping[str, Document], index: str) -> Change:
    now = next((one for one in kept if one.index == index), None)
    before = next((one for one in reversed(kept) if one.index != index), None)
    gone = row.type is Decision.ANSWERS and not row.places(documents)
    return Change(row, before, now, gone)
