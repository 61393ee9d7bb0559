"""Reads the passages with questions that were written for this project: `training/domain`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "domain"


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a passage; ``lang`` is one of ar, ary, ary-Latn, fr, en, es."""

    lang: str
    text: str
    english: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """An Arabic passage, its English translation and its questions; one topic is one article."""

    topic: str
    text: str
    english: str
    questions: tuple[Question, ...]


def passages() -> list[Passage]:
    """Every passage, in the order of the files."""
    rows = [
        json.loads(line)
        for path in sorted(FOLDER.glob("passages*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [
        Passage(
            row["topic"],
            row["passage"],
            row["en"],
            tuple(Question(q["lang"], q["question"], q["en"], bool(q["answered"])) for q in row["questions"]),
        )
        for row in rows
    ]
