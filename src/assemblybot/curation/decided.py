"""The local evaluation file: a row for each decided question, as `assemblybot eval` reads them."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.corpus.document import Document, Passage
from assemblybot.errors import CurationError
from assemblybot.folders import write_whole
from assemblybot.text.language import Language

_Text = Annotated[str, StringConstraints(min_length=1)]
_Quotes = tuple[_Text, ...]


class Decision(StrEnum):
    """What a curator says of a question."""

    ANSWERS = "answers"
    NOT_IN_DOCUMENTS = "not-in-documents"
    WRONG = "wrong"


class Decided(BaseModel):
    """One row. `gold` are the passages that answer, `wrong` those that were cited and do not.

    `passages` name the same passages; `stored` tells that the question was put into the `questions.toml`
    of the document for this decision.
    """

    model_config = ConfigDict(frozen=True)

    id: _Text
    lang: Language
    type: Decision
    question: _Text
    gold: _Quotes = ()
    answerable: bool
    wrong: _Quotes = ()
    passages: tuple[_Text, ...] = ()
    stored: bool = False

    def places(self, documents: Mapping[str, Document]) -> list[Passage]:
        """Where its passages stand now: under their name or, where a document changed, wherever their
        text stands. Nothing for one that is gone."""
        found: list[Passage] = []
        for name, text in zip(self.passages, self.gold or self.wrong, strict=False):
            document = documents.get(name.rpartition("#")[0])
            number = name.rpartition("#")[2]
            if document and number.isdecimal() and 0 < int(number) <= len(document.passages):
                passage = document.passages[int(number) - 1]
                if passage.text == text:
                    found.append(passage)
                    continue
            found += [p for other in documents.values() for p in other.passages if p.text == text]
        return found

    def is_met_by(self, answer: Answer, documents: Mapping[str, Document]) -> bool:
        """Whether an answer is as the curator says: the first citation overlaps a passage that answers,
        the question is refused, or no passage that is known to be wrong is cited first."""
        if self.type is Decision.NOT_IN_DOCUMENTS:
            return answer.verdict is not Verdict.ANSWERED
        cited = answer.citations[0] if answer.verdict is Verdict.ANSWERED else None
        hit = cited is not None and any(
            cited.document == passage.document and cited.start < passage.end and passage.start < cited.end
            for passage in self.places(documents)
        )
        return hit if self.type is Decision.ANSWERS else not hit


def decided_file(log: Path) -> Path:
    """The evaluation file that belongs to a question log."""
    return log.with_name(f"{log.stem}-decided.jsonl")


class DecidedFile:
    """Reads and writes the rows at `path`; readable by its owner alone, replaced by one rename."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[Decided]:
        """Every row, oldest first. Raises CurationError for a file that holds something else."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
            return [Decided.model_validate_json(line) for line in lines if line.strip()]
        except FileNotFoundError:
            return []
        except ValidationError as error:
            raise CurationError(
                f"{self.path} holds a row that is no decision. Mend or delete that row."
            ) from error
        except (OSError, ValueError) as error:
            raise CurationError(f"The decisions in {self.path} cannot be read: {error}.") from error

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One decision at a time, whoever else decides on this machine. Raises CurationError."""
        with contextlib.ExitStack() as held:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                held.enter_context(locked(self.path.with_name(f"{self.path.name}.lock")))
            except OSError as error:
                raise CurationError(f"{self.path} cannot be written: {error.strerror}.") from error
            yield

    def write(self, rows: list[Decided]) -> None:
        """Put these rows in the place of those there. Raises CurationError."""
        write_private(self.path, "".join(f"{_line(row)}\n" for row in rows))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made where it is missing. Raises OSError."""
    lock = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def write_private(path: Path, text: str) -> None:
    """Write a file of its owner alone, by one rename. Raises CurationError."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise CurationError(f"{path} cannot be written: {error.strerror or error}.") from error


def _line(row: Decided) -> str:
    needed = {"id", "lang", "type", "question", "gold", "answerable"}
    values = row.model_dump(mode="json")
    return json.dumps({k: v for k, v in values.items() if v or k in needed}, ensure_ascii=False)
