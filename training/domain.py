"""Reads the project's own text under ``training/domain`` and the names in Unicode's CLDR."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from data import Pair

FOLDER = Path(__file__).parent / "domain"
LANGUAGES = ("ar", "ary", "ary_latn", "fr", "es")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a passage, with its English translation."""

    lang: str
    text: str
    english: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """An Arabic passage, its English translation and its questions; one topic is one article."""

    id: str
    topic: str
    text: str
    english: str
    questions: tuple[Question, ...]


def sentences(pattern: str, weight: float) -> list[Pair]:
    """The aligned rows of ``training/domain/<pattern>``, one pair per language."""
    pairs = []
    for path in sorted(FOLDER.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                english = (row.get("en") or "").strip()
                for lang in LANGUAGES:
                    text = (row.get(lang) or "").strip()
                    if text and english:
                        pairs.append(Pair(lang, text, english, weight))
    return pairs


def passages() -> list[Passage]:
    """Every passage of ``training/domain``, in the order of the files."""
    found = []
    for path in sorted(FOLDER.glob("passages*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue  # a line still being written
            questions = tuple(
                Question(q["lang"].replace("ary-Latn", "ary_latn"), q["question"],
                         q.get("en") or q["question"], bool(q["answered"]))
                for q in row["questions"]
            )  # fmt: skip
            found.append(Passage(row["id"], row["topic"], row["passage"], row["en"], questions))
    return found


def passage_pairs(weight: float) -> list[Pair]:
    """Passages and questions as translation pairs."""
    pairs = []
    for passage in passages():
        pairs.append(Pair("ar", passage.text, passage.english, weight))
        for question in passage.questions:
            if question.lang != "en":
                pairs.append(Pair(question.lang, question.text, question.english, weight))
    return pairs


def names(weight: float) -> list[Pair]:
    """Countries, languages, currencies, months and days from CLDR."""
    english = Locale("en")
    pairs = []
    for lang in ("ar", "fr", "es"):
        locale = Locale(lang)
        tables = [
            (locale.territories, english.territories),
            (locale.languages, english.languages),
            (locale.currencies, english.currencies),
            (locale.months["format"]["wide"], english.months["format"]["wide"]),
            (locale.days["format"]["wide"], english.days["format"]["wide"]),
        ]
        for ours, theirs in tables:
            pairs += [Pair(lang, ours[k], theirs[k], weight) for k in ours if k in theirs]
    return pairs
