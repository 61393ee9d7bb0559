"""Floors of quality on three documents for which no question was written: 60 questions in five languages.

A floor is the figure measured when it was set, less what chance may take away.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from assemblybot import Answer, Assistant
from assemblybot.answering.calibrate import calibrate
from assemblybot.corpus import adding, library
from assemblybot.embedding import Embedder
from assemblybot.index.build import build

HERE = Path(__file__).parent
FLOORS: Mapping[str, Mapping[str, float]] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer; `gold` are words of the passage that answers."""

    group: str
    language: str
    gold: tuple[str, ...]
    answer: Answer

    @property
    def is_right(self) -> bool:
        """Whether the first citation holds the words."""
        cited = self.answer.citations[0].text if self.answer.citations else ""
        return any(all(word in cited for word in words.split()) for words in self.gold)


@pytest.fixture(scope="module")
def asked(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    folder = tmp_path_factory.mktemp("quality") / "corpus"
    for added in adding.add(sorted((HERE / "documents").iterdir()), folder):
        assert added
    assistant = Assistant(build(library.load(folder), embedder, calibrate, lambda *_: None), embedder)
    rows = map(json.loads, (HERE / "parallel.jsonl").read_text("utf-8").splitlines())
    return [
        Asked(row["group"], row["lang"], tuple(row["gold"]), assistant.answer(row["question"]))
        for row in rows
    ]


@pytest.mark.parametrize("language", sorted(FLOORS["first right"]))
def test_the_first_citation_is_right(asked: list[Asked], language: str) -> None:
    right = [one.is_right for one in asked if language in (one.language, "all")]
    assert sum(right) / len(right) >= FLOORS["first right"][language]


def test_a_question_has_the_same_answer_in_every_language(asked: list[Asked]) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in asked:
        groups[one.group].append(one.answer.best.passage if one.answer.best else "")
    same = [passage == first for first, *others in groups.values() for passage in others]
    assert sum(same) / len(same) >= FLOORS["same passage"]["all"]
