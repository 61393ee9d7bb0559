"""Documents on disk: one JSON line each, read when it is asked for.

documents.jsonl  a document a line, with its text, passages, translations and questions
documents.npy    int64 (d + 1, 2): where each line begins, position of each first passage
ids.json         the id of each document, in order
codes.npy        int64 (d,): the code of each document, see `code_of`
kinds.npy        int8 (p,): the kind of each passage, as its place in `PassageKind`
offers.npy       uint16 (p,): what each passage offers as a suggestion, see `offers_of`

Lines are read, not mapped: the pages around each of them would add up to most of the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import BODY, Document, Metadata, Passage, PassageKind
from assemblybot.index.topics import ENOUGH, has_topic, key_spans
from assemblybot.text.language import LANGUAGES

LINES: Final = "documents.jsonl"
PLACES: Final = "documents.npy"
IDS: Final = "ids.json"
PASSAGE_KINDS: Final = tuple(PassageKind)
#: Bits of what a passage offers: its section's title, a stored question in a language, a key sentence of its
#: own, or the title of the document.
HEADING_OFFERED: Final = 1
QUESTION_OFFERED: Final = {language: 2 << place for place, language in enumerate(LANGUAGES)}
SENTENCE_OFFERED: Final = 128
TITLE_OFFERED: Final = 256
CODE_BITS: Final = 36
_KEPT: Final = 256


def first_passages(documents: Iterable[Document]) -> NDArray[np.int64]:
    """Position of the first passage of each document, and the number of passages: `(d + 1,)`."""
    return np.cumsum([0, *(len(document.passages) for document in documents)])


def kinds_of(passages: Iterable[Passage]) -> NDArray[np.int8]:
    """Kind of each passage, as its place in `PASSAGE_KINDS`."""
    return np.array([PASSAGE_KINDS.index(passage.kind) for passage in passages], dtype=np.int8)


def code_of(document: Document) -> int:
    """A short name of a document as it is: `CODE_BITS` of a digest of its id and text."""
    digest = hashlib.sha256(f"{document.id}\0{document.text}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - CODE_BITS)


def codes_of(documents: Iterable[Document]) -> NDArray[np.int64]:
    """The code of each document."""
    return np.fromiter(map(code_of, documents), dtype=np.int64)


def languages_of(documents: Iterable[Document]) -> frozenset[str]:
    """Languages that documents are written in or translated to."""
    return frozenset(code for d in documents for code in (d.metadata.language, *d.translations))


def offers_of(documents: Iterable[Document], key_sentences: NDArray[np.int64]) -> NDArray[np.uint16]:
    """What each passage offers as a suggestion: bits of `QUESTION_OFFERED`, or topics in a document without
    stored questions. Sentences and the title are offered where there are few section titles."""
    found: list[int] = []
    for document in documents:
        begin = len(found)
        known = key_spans(key_sentences, range(begin, begin + len(document.passages)))
        sections = {p.section for p in document.passages if p.kind in BODY and has_topic(p.section)}
        first = next((p.number for p in document.passages if p.kind in BODY), 0)
        few = len(sections) < ENOUGH
        for passage in document.passages:
            asked = document.questions.get(passage.number, {})
            offer = sum(bit for language, bit in QUESTION_OFFERED.items() if asked.get(language))
            if passage.kind is PassageKind.TITLE:
                offer = 0
            elif not document.questions and passage.kind in BODY:
                offer = HEADING_OFFERED * (passage.section in sections)
                offer |= SENTENCE_OFFERED * (few and begin + passage.number - 1 in known)
                offer |= TITLE_OFFERED * (few and passage.number == first)
            found.append(offer)
    return np.array(found, dtype=np.uint16)


def write_documents(documents: Iterable[Document], first_passages: NDArray[np.int64], folder: Path) -> None:
    """Write the lines and their places; the same documents always give the same bytes."""
    begins, ids = [0], []
    with (folder / LINES).open("wb") as file:
        for document in documents:
            begins.append(begins[-1] + file.write(_line(document)))
            ids.append(document.id)
    np.save(folder / PLACES, np.array([begins, first_passages], dtype=np.int64).T, allow_pickle=False)
    (folder / IDS).write_text(json.dumps(ids, ensure_ascii=False) + "\n", encoding="utf-8")


def _line(document: Document) -> bytes:
    fields = {
        "id": document.id,
        "text": document.text,
        "metadata": {name: getattr(document.metadata, name) for name in Metadata.__slots__},
        "passages": [[p.kind, p.start, p.end, p.section, p.lead_in, p.anchor] for p in document.passages],
        "translations": document.translations,
        "questions": document.questions,
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
        questions={int(n): {c: tuple(qs) for c, qs in by.items()} for n, by in fields["questions"].items()},
    )


class StoredDocuments(Mapping[str, Document]):
    """The documents of a folder by id, in order; those read last are kept."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError when the files do not fit."""
        places = np.load(folder / PLACES, allow_pickle=False)
        self._begins, self.first_passages = places[:, 0].copy(), places[:, 1].copy()
        ids = json.loads((folder / IDS).read_text(encoding="utf-8"))
        self.numbers = {name: number for number, name in enumerate(ids)}
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
        return self.numbered(self.numbers[document])

    def __contains__(self, document: object) -> bool:
        return document in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


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
