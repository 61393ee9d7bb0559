"""A run on disk: what became of each question, without its text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from assemblybot.errors import AssemblybotError
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.run import Run

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Record:
    """An earlier run: outcomes in file order, and what they were measured with."""

    outcomes: tuple[Outcome, ...]
    digest: str
    model: str | None
    date: str


def save(run: Run, path: Path) -> None:
    """Write a run to a JSON file, one line a question."""
    rows = ",\n  ".join(json.dumps(asdict(outcome)) for outcome in run.outcomes)
    head = {"format": _FORMAT, "digest": run.digest, "model": run.model, "date": run.date}
    path.write_text(f'{json.dumps(head)[:-1]}, "outcomes": [\n  {rows}\n]}}\n', encoding="utf-8")


def load(path: Path) -> Record:
    """Read what `save` wrote. Raises AssemblybotError for any other file."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != _FORMAT:
            raise ValueError(f"format {stored['format']}")
        outcomes = tuple(Outcome(**row) for row in stored["outcomes"])
        return Record(outcomes, stored["digest"], stored["model"], stored["date"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssemblybotError(
            f"{path} is no saved run ({error!r}). Make one with: assemblybot eval … --save {path}"
        ) from error
