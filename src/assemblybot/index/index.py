"""An index in memory: passages with their documents, views, vectors, postings, calibration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.errors import IndexDamagedError
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.manifest import REBUILD, Manifest
from assemblybot.index.vectors import FaissVectors, VectorStore
from assemblybot.index.views import KINDS, View

DOCUMENTS = "documents.json"
VIEWS = "views.npy"
VECTORS = "vectors.faiss"
CALIBRATION = "calibration.json"
POSTINGS = ("words", "grams")

ViewTable = NDArray[np.int32]
PASSAGE, KIND, START, END, VARIANT = range(5)


@dataclass(frozen=True)
class Index:
    """Everything retrieval reads. Never changed after loading; a new one replaces it whole.

    `table` has one row a view: passage position, kind (position in `KINDS`), span start and
    end (-1 where there is none), asked-as variant (-1 where it is none).
    """

    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    table: ViewTable
    vectors: VectorStore
    words: LexicalPostings
    grams: LexicalPostings
    calibration: Mapping[str, Any]
    manifest: Manifest | None = None

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Position of each passage id in `passages`."""
        return {passage.id: i for i, passage in enumerate(self.passages)}

    @cached_property
    def list_items(self) -> Mapping[int, tuple[int, ...]]:
        """Positions of the items under the position of their lead-in."""
        lists: dict[int, list[int]] = {}
        for i, passage in enumerate(self.passages):
            if passage.lead_in is not None:
                lists.setdefault(self.position[f"{passage.document}#{passage.lead_in}"], []).append(i)
        return {lead_in: tuple(items) for lead_in, items in lists.items()}

    @cached_property
    def first_rows(self) -> NDArray[np.int64]:
        """Row of the first view of each passage, then of each document's open questions, then
        the number of rows; the views of a passage lie together."""
        return np.searchsorted(
            self.table[:, PASSAGE], np.arange(len(self.passages) + len(self.documents) + 1)
        )

    def open_rows(self, document: str) -> slice:
        """Rows of the questions that `document` is known not to answer."""
        number = len(self.passages) + list(self.documents).index(document)
        return slice(int(self.first_rows[number]), int(self.first_rows[number + 1]))


def view_table(views: list[View]) -> ViewTable:
    """The rows that `Index.table` keeps of `views`."""
    rows = [
        (
            view.passage,
            KINDS.index(view.kind),
            view.span.start if view.span else -1,
            view.span.end if view.span else -1,
            view.variant,
        )
        for view in views
    ]
    return np.array(rows, dtype=np.int32)


def documents_to_json(documents: tuple[Document, ...]) -> str:
    """Documents with their text and passages as stable JSON."""
    return json.dumps(
        [
            {
                "id": document.id,
                "text": document.text,
                "metadata": _metadata_fields(document.metadata),
                "passages": [
                    [p.kind, p.start, p.end, p.section, p.lead_in, p.anchor] for p in document.passages
                ],
                "translations": document.translations,
                "asked_as": document.asked_as,
            }
            for document in documents
        ],
        ensure_ascii=False,
    )


def _metadata_fields(metadata: Metadata) -> dict[str, Any]:
    return {name: getattr(metadata, name) for name in Metadata.__slots__}


def documents_from_json(text: str) -> tuple[Document, ...]:
    """Inverse of `documents_to_json`."""
    documents: list[Document] = []
    for fields in json.loads(text):
        source: str = fields["text"]
        passages = tuple(
            Passage(
                fields["id"], n, PassageKind(kind), source[start:end], start, end, section, lead_in, anchor
            )
            for n, (kind, start, end, section, lead_in, anchor) in enumerate(fields["passages"], start=1)
        )
        documents.append(
            Document(
                id=fields["id"],
                text=source,
                metadata=Metadata(**fields["metadata"]),
                passages=passages,
                translations={
                    c: {int(n): t for n, t in ts.items()} for c, ts in fields["translations"].items()
                },
                asked_as={
                    int(n): {c: tuple(qs) for c, qs in by.items()} for n, by in fields["asked_as"].items()
                },
            )
        )
    return tuple(documents)


def load_parts(folder: Path, manifest: Manifest) -> Index:
    """Load the verified parts in `folder`. Raises IndexDamagedError when they do not fit."""
    try:
        documents = documents_from_json((folder / DOCUMENTS).read_text(encoding="utf-8"))
        table = np.load(folder / VIEWS, mmap_mode="r", allow_pickle=False)
        calibration = json.loads((folder / CALIBRATION).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"The index cannot be read. {REBUILD}") from error
    return Index(
        documents={document.id: document for document in documents},
        passages=tuple(passage for document in documents for passage in document.passages),
        table=table,
        vectors=FaissVectors.load(folder / VECTORS, count=manifest.views, dimension=manifest.dimension),
        words=LexicalPostings.load(folder / POSTINGS[0], manifest.views),
        grams=LexicalPostings.load(folder / POSTINGS[1], manifest.views),
        calibration=calibration,
        manifest=manifest,
    )
