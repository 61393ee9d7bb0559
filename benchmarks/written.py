"""Whole documents with questions, one a line of a JSON file.

A line is a document: title, sections with passages, questions with the numbers of the passages that answer,
and questions that nothing in it answers. `training/documents` holds those that weights are fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind

FOLDER = Path(__file__).parents[1] / "training" / "documents"
KINDS = {"lead_in": PassageKind.LEAD_IN, "item": PassageKind.ITEM, "row": PassageKind.ITEM}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a document and the ids of the passages that answer it; none: it is not answered."""

    language: str
    text: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A document with its questions."""

    document: Document
    questions: tuple[Asked, ...]


class _Builder:
    """Puts texts one after the other and keeps their offsets."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.passages: list[Passage] = []

    def put(self, text: str, kind: PassageKind, section: str | None = None, lead: int | None = None) -> int:
        """Appends a passage and returns its number."""
        start, number = len(self.text), len(self.passages) + 1
        self.text += text + "\n\n"
        self.passages.append(Passage(self.name, number, kind, text, start, start + len(text), section, lead))
        return number


def read(folder: Path = FOLDER) -> list[Written]:
    """Every document of the files named by one letter, in their order."""
    return [
        _written(json.loads(line))
        for path in sorted(folder.glob("?.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _written(row: Mapping[str, Any]) -> Written:
    builder = _Builder(row["id"])
    builder.put(row["title"].strip(), PassageKind.TITLE)
    numbers: list[int] = []
    for section in row["sections"]:
        heading = section["heading"].strip() or None
        lead: int | None = None
        if heading:
            builder.put(heading, PassageKind.HEADING)
        for passage in section["passages"]:
            kind = KINDS.get(passage["kind"], PassageKind.PARAGRAPH)
            below = lead if passage["kind"] == "item" else None
            numbers.append(builder.put(passage["text"].strip(), kind, heading, below))
            if passage["kind"] != "item":
                lead = numbers[-1] if kind is PassageKind.LEAD_IN else None
    ids = [builder.passages[number - 1].id for number in numbers]
    asked = [Asked(q["lang"], q["q"], tuple(ids[g] for g in q["gold"])) for q in row["questions"]]
    asked += [Asked(q["lang"], q["q"], ()) for q in row["unanswerable"]]
    metadata = Metadata(row["title"], row["lang"])
    document = Document(row["id"], builder.text, metadata, tuple(builder.passages))
    return Written(document, tuple(asked))
