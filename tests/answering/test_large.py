"""Answers from a large index, of which only what a search finds is scored; it begins small here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assemblybot import Verdict
from assemblybot.answering import retrieve
from assemblybot.answering.query import query
from assemblybot.answering.retrieve import candidates, score_entries
from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.index import base, entries
from assemblybot.index.build import build
from assemblybot.index.entries import PASSAGE
from assemblybot.index.index import Index
from assemblybot.startup import silent
from tests.conftest import Answering

TRADES = ("bakers", "tailors", "smiths", "potters", "weavers", "dyers", "tanners", "masons")
STREETS = ("Oak", "Elm", "Mill", "Church", "River", "Bridge", "Castle", "Garden", "Station", "Market")
ITEMS = (
    "A crane for stones that weigh ten tons;",
    "Blue paint;",
    "Forty chairs;",
    "Maps of the coast;",
    "Rope;",
    "Salt;",
    "Sugar;",
    "Copper wire;",
    "Hats;",
    "Two goats;",
    "Umbrellas;",
    "Candles.",
)


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MANY_ENTRIES", 40)
    monkeypatch.setattr(entries, "MANY_PASSAGES", 40)
    monkeypatch.setattr(retrieve, "_DEPTHS", (4, 8))
    monkeypatch.setattr(retrieve, "_ENOUGH_PASSAGES", 4)


def document(corpus: Path, name: str, text: str, questions: str = "") -> None:
    folder = corpus / name
    folder.mkdir(parents=True)
    (folder / "document.toml").write_text(f'title = "{name}"\nlanguage = "en"\nfile = "t.txt"\n')
    (folder / "t.txt").write_text(text)
    if questions:
        (folder / "questions.toml").write_text(questions)


def built(corpus: Path, embedder: Embedder) -> Index:
    return build(library.load(corpus), embedder, silent)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for trade in TRADES:
        lines = [f"The {trade} of {street} Street met on a Monday in the hall." for street in STREETS]
        document(tmp_path, f"a-{trade}", "\n\n".join(lines) + "\n")
    return tmp_path


def test_a_list_is_cited_whole_though_most_items_were_not_found(
    corpus: Path, embedder: Embedder, answering: Answering
) -> None:
    bought = "\n".join(ITEMS)
    document(corpus, "z-tower", f"The tower\n\nThe builders of the tower bought these things:\n{bought}\n")
    index = built(corpus, embedder)
    question = "List everything that the builders of the tower bought, such as paint and rope."
    scores = score_entries(index, query(question, "en", embedder))
    items = index.list_items(len(index.passages) - len(ITEMS) - 1)
    assert len(items) == len(ITEMS)
    held = [scores.holds(np.flatnonzero(index.table[:, PASSAGE] == item)) for item in items]
    assert True in held
    assert False in held
    answer = answering(index).answer(question)
    assert answer.verdict is Verdict.ANSWERED
    assert [citation.quote for citation in answer.citations][-len(ITEMS) :] == list(ITEMS)


def test_views_of_one_passage_do_not_crowd_the_others_out(
    corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieve, "_ENOUGH_PASSAGES", 12)
    asked = [f"What did the glaziers do in year {year}?" for year in range(40)]
    questions = f"[passages.1]\nen = {json.dumps(asked)}\n"
    document(corpus, "glaziers", "The glaziers made windows each year.\n", questions)
    index = built(corpus, embedder)
    first = query(asked[0], "en", embedder)
    counts = []
    for depths in ((8,), (8, 32, 128)):
        monkeypatch.setattr(retrieve, "_DEPTHS", depths)
        counts.append(len(candidates(index, score_entries(index, first)).passages))
    assert counts[0] < 12 <= counts[1]
