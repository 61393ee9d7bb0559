"""The documents of `documents/` as a corpus holds them, and their questions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import documents
from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.text.language import Language
from assemblybot.text.values import whole_numbers


@dataclass(frozen=True, slots=True)
class Question:
    """`gold` are passage ids; none where the document does not answer."""

    document: str
    text: str
    language: Language
    gold: frozenset[str]


def whole_documents() -> tuple[list[Document], list[Question]]:
    """The documents as the corpus would hold them, and their questions."""
    found, asked = [], []
    for row in documents.rows():
        document, ids = _document(row)
        found.append(document)
        for q in row["questions"]:
            gold = frozenset(ids[number] for number in q["gold"])
            asked.append(Question(document.id, q["q"], q["lang"], gold))
        asked += [Question(document.id, q["q"], q["lang"], frozenset()) for q in row["unanswerable"]]
    return found, asked + with_other_numbers(found, asked)


def with_other_numbers(found: Sequence[Document], asked: Sequence[Question]) -> list[Question]:
    """Answered questions that name a number of their document, with one that it lacks instead."""
    held = {document.id: whole_numbers(document.text) for document in found}
    others = []
    for question in asked:
        named = sorted(whole_numbers(question.text) & held[question.document])
        if question.gold and named:
            other = next(n for n in count(named[-1] + 1) if n not in held[question.document])
            text = question.text.replace(str(named[-1]), str(other))
            if text != question.text:
                others.append(replace(question, text=text, gold=frozenset()))
    return others


def _document(row: dict[str, Any]) -> tuple[Document, list[str]]:
    """A document from its sections, and the ids of the passages that questions number."""
    passages: list[Passage] = []
    text, ids = "", []

    def add(kind: PassageKind, words: str, section: str | None, lead_in: int | None) -> Passage:
        nonlocal text
        start = len(text)
        text += words + "\n\n"
        made = Passage(row["id"], len(passages) + 1, kind, words, start, start + len(words), section, lead_in)
        passages.append(made)
        return made

    add(PassageKind.TITLE, row["title"], None, None)
    for section in row["sections"]:
        heading = section["heading"] or None
        if heading:
            add(PassageKind.HEADING, heading, heading, None)
        lead_in: int | None = None
        for one in section["passages"]:
            kind = PassageKind.ITEM if one["kind"] == "row" else PassageKind(one["kind"])
            made = add(kind, one["text"], heading, lead_in if kind is PassageKind.ITEM else None)
            lead_in = made.number if kind is PassageKind.LEAD_IN else lead_in
            ids.append(made.id)
    return Document(row["id"], text, Metadata(row["title"], row["lang"]), tuple(passages)), ids


def stored(found: Sequence[Document], asked: Sequence[Question]) -> list[Document]:
    """The documents with their reworded questions stored beside them."""
    by_document: dict[str, dict[int, dict[str, tuple[str, ...]]]] = {}
    own = {d.id: [q for q in asked if q.document == d.id] for d in found}
    for line in (documents.FOLDER / "reworded.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = own[row["document"]][row["of"]].gold
        if gold and not row.get("differs"):
            number = min(int(one.rpartition("#")[2]) for one in gold)
            by_language = by_document.setdefault(row["document"], {}).setdefault(number, {})
            by_language[row["lang"]] = (*by_language.get(row["lang"], ()), row["q"])
    return [replace(d, questions=by_document.get(d.id, {})) for d in found]
