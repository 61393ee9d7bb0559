"""Documents on disk: one JSON line each, read when it is asked for.

documents.jsonl  a document a line, with its text, passages, translations and ways to ask
documents.npy    int64 (d + 1, 2): where each line begins, position of each first passage
ids.json         the id of each document, in order
kinds.npy        int8 (p,): the kind of each passage, as its place in `PassageKind`

Lines are read, not mapped: the pages around each of them would add up to most of the file.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind

LINES: Final = "documents.jsonl"
PLACES: Final = "documents.npy"
IDS: Final = "ids.json"
KINDS_OF_PASSAGES: Final = "kinds.npy"
PASSAGE_KINDS: Final = tuple(PassageKind)
_KEPT: Final = 256


def first_passages(documents: Iterable[Document]) -> NDArray[np.int64]:
    """Position of the first passage of each document, and the number of passages: `(d + 1,)`."""
    return np.cumsum([0, *(len(document.passages) for document in documents)])


def kinds_of(passages: Iterable[Passage]) -> NDArray[np.int8]:
    """Kind of each passage, as its place in `PASSAGE_KINDS`."""
    return np.array([PASSAGE_KINDS.index(passage.kind) for passage in passages], dtype=np.int8)


def write_documents(documents: Iterable[Document], folder: Path) -> None:
    """Write the lines and their places; the same documents always give the same bytes."""
    begins, firsts, ids = [0], [0], []
    with (folder / LINES).open("wb") as file:
        for document in documents:
            begins.append(begins[-1] + file.write(_line(document)))
            firsts.append(firsts[-1] + len(document.passages))
            ids.append(document.id)
    np.save(folder / PLACES, np.array([begins, firsts], dtype=np.int64).T, allow_pickle=False)
    (folder / IDS).write_text(json.dumps(ids, ensure_ascii=False) + "\n", encoding="utf-8")


def _line(document: Document) -> bytes:
    fields = {
        "id": document.id,
        "text": document.text,
        "metadata": {name: getattr(document.metadata, name) for name in Metadata.__slots__},
        "passages": [[p.kind, p.start, p.end, p.section, p.lead_in, p.anchor] for p in document.passages],
        "translations": document.translations,
        "asked_as": document.asked_as,
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _document(line: bytes) -> Document:
    fields: dict[str, Any] = json.loads(line)
    name, text = fields["id"], fields["text"]
    passages = tuple(
        Passage(name, number, PassageKind(kind), text[start:end], start, end, section, lead_in, anchor)
        for number, (kind, start, end, section, lead_in, anchor) in enumerate(fields["passages"], start=1)
    )
    return Document(
        id=name,
        text=text,
        metadata=Metadata(**fields["metadata"]),
        passages=passages,
        translations={c: {int(n): t for n, t in ts.items()} for c, ts in fields["translations"].items()},
        asked_as={int(n): {c: tuple(qs) for c, qs in by.items()} for n, by in fields["asked_as"].items()},
    )


class StoredDocuments(Mapping[str, Document]):
    """The documents of a folder by id, in order; those read last are kept."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError when the files do not fit."""
        places = np.load(folder / PLACES, allow_pickle=False)
        self._begins, self.first_passages = places[:, 0].copy(), places[:, 1].copy()
        ids = json.loads((folder / IDS).read_text(encoding="utf-8"))
        self._numbers = {name: number for number, name in enumerate(ids)}
        # Held open: a rebuild may remove the folder while this index still answers.
        self._lines = os.open(folder / LINES, os.O_RDONLY)
        weakref.finalize(self, os.close, self._lines)
        if os.fstat(self._lines).st_size != self._begins[-1] or len(ids) != len(places) - 1:
            raise ValueError(f"{LINES}, {IDS} and {PLACES} do not fit")
        self.numbered = lru_cache(maxsize=_KEPT)(self._read)

    def _read(self, number: int) -> Document:
        begin, end = int(self._begins[number]), int(self._begins[number + 1])
        return _document(os.pread(self._lines, end - begin, begin))

    def __getitem__(self, document: str) -> Document:
        return self.numbered(self._numbers[document])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class StoredPassages(Sequence[Passage]):
    """The passages of stored documents, in order."""

    def __init__(self, documents: StoredDocuments) -> None:
        self._documents = documents

    def __len__(self) -> int:
        return int(self._documents.first_passages[-1])

    @overload
    def __getitem__(self, position: int) -> Passage: ...

    @overload
    def __getitem__(self, position: slice) -> tuple[Passage, ...]: ...

    def __getitem__(self, position: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(position, slice):
            return tuple(self[i] for i in range(*position.indices(len(self))))
        at = position + len(self) if position < 0 else position
        if not 0 <= at < len(self):
            raise IndexError(position)
        firsts = self._documents.first_passages
        number = int(np.searchsorted(firsts, at, side="right")) - 1
        return self._documents.numbered(number).passages[at - int(firsts[number])]
