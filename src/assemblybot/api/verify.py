"""Whether a quote that someone cited still stands in the corpus, has moved, or is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assemblybot.collection import DEFAULT
from assemblybot.corpus import library
from assemblybot.corpus.document import Document
from assemblybot.errors import CitationError
from assemblybot.render.links import parse
from assemblybot.render.reference import LONGEST_QUOTE, Reference

_SHA256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Standing(StrEnum):
    """What became of a quote; the worse, the later."""

    STANDS = "stands"
    MOVED = "moved"
    GONE = "gone"


_EXIT_CODES: Final = {Standing.STANDS: 0, Standing.MOVED: 1, Standing.GONE: 8}


class _Cited(BaseModel):
    """The fields of a citation that are checked; the others are left alone."""

    model_config = ConfigDict(extra="ignore")

    document: str = Field(min_length=1)
    quote: str = Field(min_length=1, max_length=LONGEST_QUOTE)
    quote_start: int = Field(ge=0)
    document_sha256: _SHA256
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


class _Answered(BaseModel):
    model_config = ConfigDict(extra="ignore")

    citations: list[_Cited] = Field(min_length=1)


_SHAPES: Final[TypeAdapter[_Answered | _Cited | list[_Cited]]] = TypeAdapter(
    _Answered | _Cited | list[_Cited]
)


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

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def __str__(self) -> str:
        of = self.reference
        cited = f"{of.document} {of.start}-{of.end} “{of.opening}”"
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


def references(text: str) -> list[Reference]:
    """What a permalink, an answer, a citation or a list of citations refers to. Raises CitationError."""
    text = text.strip()
    if not text.startswith(("{", "[")):
        return [parse(text)]
    try:
        found = _SHAPES.validate_json(text)
    except ValidationError as error:
        raise CitationError(
            "This JSON is no answer and no citation: it needs document, quote, quote_start, document_sha256 "
            "and index, as `assemblybot ask --json` prints them."
        ) from error
    cited = found.citations if isinstance(found, _Answered) else found if isinstance(found, list) else [found]
    return [one.reference() for one in cited]


def verify(corpus: Path, reference: Reference) -> Finding:
    """Look for a quote: at its place, elsewhere in its document, then in the others. Raises CorpusError."""
    for document in _documents(corpus, reference.document):
        if document.id == reference.document and reference.stands(document.text):
            return _at(document, reference, reference.start, Standing.STANDS)
        places = list(reference.found(document.text))
        if places:
            nearest = min(places, key=lambda at: abs(at - reference.start))
            return _at(document, reference, nearest, Standing.MOVED)
    return Finding(reference, Standing.GONE)


def _documents(corpus: Path, first: str) -> Iterator[Document]:
    """The documents of the corpus, read one after another, beginning with `first` if it is there."""
    for folder in sorted(library.document_folders(corpus), key=lambda folder: folder.name != first):
        yield library.load_document(folder)


def _at(document: Document, reference: Reference, start: int, standing: Standing) -> Finding:
    end = start + reference.end - reference.start
    passage = next((p.id for p in document.passages if p.start <= start and end <= p.end), document.id)
    known = document.id == reference.document and reference.document_digest is not None
    return Finding(
        reference, standing, passage, start, end, reference.is_of(document.text) if known else None
    )
