"""Whether a quote that someone cited still stands in the corpus, has moved, or is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, Field, TypeAdapter

from assemblybot.collection import DEFAULT
from assemblybot.corpus import library
from assemblybot.corpus.document import Document
from assemblybot.errors import CitationError
from assemblybot.render.links import parse
from assemblybot.render.reference import LONGEST_QUOTE, Reference
from assemblybot.text.bidi import clean_question


class Standing(StrEnum):
    """What became of a quote; the worse, the later."""

    STANDS = "stands"
    MOVED = "moved"
    GONE = "gone"


_EXIT_CODES: Final = {Standing.STANDS: 0, Standing.MOVED: 1, Standing.GONE: 8}


class _Cited(BaseModel):
    """The fields of a citation that are checked; the others are left alone."""

    document: str = Field(min_length=1)
    quote: str = Field(min_length=1, max_length=LONGEST_QUOTE)
    quote_start: int = Field(ge=0)
    document_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    index: str
    collection: str = DEFAULT

    def reference(self) -> Reference:
        return Reference.of(
            self.document,
            self.quote_start,
            self.quote,
            document_digest=self.document_sha256,
            index=self.index,
            collection=self.collection,
        )


_CITED: Final[TypeAdapter[list[_Cited]]] = TypeAdapter(Annotated[list[_Cited], Field(min_length=1)])


@dataclass(frozen=True, slots=True)
class Finding:
    """One reference and what became of it; `passage`, `start` and `end` say where it stands now.

    `unchanged` says that the whole document is as it was when it was cited; `None` where the reference
    does not say how it was.
    """

    reference: Reference
    standing: Standing
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    unchanged: bool | None = None

    @property
    def exit_code(self) -> int:
        """What `assemblybot verify` ends with."""
        return _EXIT_CODES[self.standing]

    def to_json(self, *, ascii_only: bool = False) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=ascii_only)

    def __str__(self) -> str:
        """One line, without what a link could tell a terminal to do."""
        of = self.reference
        cited = clean_question(f"{of.document} {of.start}-{of.end} “{of.opening}”")
        if self.standing is Standing.GONE:
            return f"gone: {cited} is in no document of the corpus"
        if self.standing is Standing.MOVED:
            return f"moved: {cited} is now at {self.passage} {self.start}-{self.end}"
        changed = ", and the document has changed elsewhere" if self.unchanged is False else ""
        return f"stands: {cited} is at {self.passage}{changed}"


def verified(given: Iterable[str], corpus_of: Callable[[str], Path]) -> Iterator[Finding]:
    """What became of everything that permalinks and JSON refer to; `corpus_of` gives a collection's corpus.

    Raises CitationError, CorpusError, and what `corpus_of` raises.
    """
    for reference in [one for text in given for one in references(text)]:
        yield verify(corpus_of(reference.collection), reference)


def pasted(text: str) -> list[str]:
    """What stands in a text: one JSON value, or a permalink or JSON on each of its lines."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return [line for line in text.split("\n") if line.strip()]
    return [text]


def references(text: str) -> list[Reference]:
    """What a permalink, an answer, a citation or a list of citations refers to: nothing for an answer that
    cites nothing. Raises CitationError."""
    text = text.strip()
    if not text.startswith(("{", "[")):
        return [parse(text)]
    try:
        found = json.loads(text)
        cited = found.get("citations", [found]) if isinstance(found, dict) else found
        if not cited and "verdict" in found:
            return []
        return [one.reference() for one in _CITED.validate_python(cited)]
    except (ValueError, RecursionError) as error:  # no JSON, or other JSON
        raise CitationError(
            "This JSON is no answer and no citation: it needs document, quote, quote_start, document_sha256 "
            "and index, as `assemblybot ask --json` prints them."
        ) from error


def verify(corpus: Path, reference: Reference) -> Finding:
    """Look for a quote: at its place, elsewhere in its document, then in the others. Raises CorpusError."""
    folders = library.document_folders(corpus)
    for folder in sorted(folders, key=lambda folder: folder.name != reference.document):
        document = library.load_document(folder)
        if document.id == reference.document and reference.stands(document.text):
            return _at(document, reference, reference.start, Standing.STANDS)
        if places := list(reference.found(document.text)):
            nearest = min(places, key=lambda at: abs(at - reference.start))
            return _at(document, reference, nearest, Standing.MOVED)
    return Finding(reference, Standing.GONE)


def _at(document: Document, reference: Reference, start: int, standing: Standing) -> Finding:
    end = start + reference.end - reference.start
    passage = next((p.id for p in document.passages if p.start <= start and end <= p.end), document.id)
    known = document.id == reference.document and reference.document_digest is not None
    unchanged = reference.is_of(document.text) if known else None
    return Finding(reference, standing, passage, start, end, unchanged)
