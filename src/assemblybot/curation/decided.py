"""The local evaluation file: a row for each decided question, as `assemblybot eval` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.corpus.document import Document, Passage, document_of
from assemblybot.errors import CurationError
from assemblybot.folders import locked, write_whole
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
    gold: _Quotes
    answerable: bool
    wrong: _Quotes = ()
    passages: tuple[_Text, ...] = ()
    stored: bool = False

    def places(self, documents: Mapping[str, Document]) -> list[Passage]:
        """Where its passages stand now: under their name or, where a document changed, wherever their
        text stands. Nothing for one that is gone."""
        found: list[Passage] = []
        for name, text in zip(self.passages, self.gold or self.wrong, strict=False):
            document = documents.get(document_of(name))
            same = [p for p in document.passages if p.id == name and p.text == text] if document else []
            found += same or [p for other in documents.values() for p in other.passages if p.text == text]
        return found

    def is_met_by(self, answer: Answer, documents: Mapping[str, Document]) -> bool:
        """Whether an answer is as the curator says: the first citation overlaps a passage that answers,
        the question is refused, or no passage that is known to be wrong is cited first."""
        if self.type is Decision.NOT_IN_DOCUMENTS:
            return answer.verdict is not Verdict.ANSWERED
        cited = answer.citations[0] if answer.verdict is Verdict.ANSWERED else None
        hit = cited is not None and any(
            cited.overlaps(passage.document, passage.start, passage.end) for passage in self.places(documents)
        )
        return hit if self.type is Decision.ANSWERS else not hit


class DecidedFile:
    """Reads and writes the rows at `path`; readable by its owner alone, replaced by one rename."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[Decided]:
        """Every row, oldest first. Raises CurationError for a file that holds something else."""
        try:
            lines = read_private(self.path).splitlines()
            return [Decided.model_validate_json(line) for line in lines if line.strip()]
        except ValidationError as error:
            raise CurationError(
                f"{self.path} holds a row that is no decision. Mend or delete that row."
            ) from error

    def locked(self) -> AbstractContextManager[object]:
        """Inside, nobody else on this machine decides. Raises CurationError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return locked(self.path.with_name(f"{self.path.name}.lock"))
        except OSError as error:
            raise CurationError(f"{self.path} cannot be written: {error.strerror}.") from error

    def write(self, rows: Iterable[Decided]) -> None:
        """Put these rows in the place of those there. Raises CurationError."""
        write_private(self.path, "".join(f"{row.model_dump_json(exclude_defaults=True)}\n" for row in rows))


def read_private(path: Path) -> bytes:
    """What a file holds; nothing where there is none. Raises CurationError."""
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise CurationError(f"{path} cannot be read: {error.strerror or error}.") from error


def write_private(path: Path, text: str) -> None:
    """Write a file of its owner alone, by one rename. Raises CurationError."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise CurationError(f"{path} cannot be written: {error.strerror or error}.") from error
