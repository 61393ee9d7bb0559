"""Answers from a large index, of which only what a search finds is scored; it begins small here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assemblybot import Assistant, Verdict
from assemblybot.answering import fusion, known, retrieve
from assemblybot.answering.calibrate import default_calibration
from assemblybot.answering.fusion import Example
from assemblybot.answering.retrieve import FEATURES, PassageFeatures, passage_features, score_views
from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.index import scale
from assemblybot.index.build import build
from assemblybot.index.index import PASSAGE, Index
from assemblybot.startup import silent

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
    monkeypatch.setattr(scale, "MANY_VIEWS", 40)
    monkeypatch.setattr(scale, "MANY_PASSAGES", 40)
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
    return build(library.load(corpus), embedder, lambda *_: default_calibration(), silent)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for trade in TRADES:
        lines = [f"The {trade} of {street} Street met on a Monday in the hall." for street in STREETS]
        document(tmp_path, f"a-{trade}", "\n\n".join(lines) + "\n")
    return tmp_path


def test_a_list_is_cited_whole_though_most_items_were_not_found(corpus: Path, embedder: Embedder) -> None:
    bought = "\n".join(ITEMS)
    document(corpus, "z-tower", f"The tower\n\nThe builders of the tower bought these things:\n{bought}\n")
    index = built(corpus, embedder)
    question = "List everything that the builders of the tower bought, such as paint and rope."
    scores = score_views(index, embedder.embed_queries([question])[0], question, "en")
    items = index.list_items(len(index.passages) - len(ITEMS) - 1)
    assert len(items) == len(ITEMS)
    held = [scores.holds(np.flatnonzero(index.table[:, PASSAGE] == item)) for item in items]
    assert True in held
    assert False in held
    answer = Assistant(index, embedder).answer(question)
    assert answer.verdict is Verdict.ANSWERED
    assert [citation.quote for citation in answer.citations][-len(ITEMS) :] == list(ITEMS)


def test_views_of_one_passage_do_not_crowd_the_others_out(
    corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieve, "_ENOUGH_PASSAGES", 12)
    asked = [f"What did the glaziers do in year {year}?" for year in range(40)]
    questions = [f'[[questions]]\nlanguage = "en"\ntext = "{text}"\npassages = [1]\n' for text in asked]
    document(corpus, "glaziers", "The glaziers made windows each year.\n", "\n".join(questions))
    index = built(corpus, embedder)
    vector = embedder.embed_queries([asked[0]])[0]
    counts = []
    for depths in ((8,), (8, 32, 128)):
        monkeypatch.setattr(retrieve, "_DEPTHS", depths)
        counts.append(len(passage_features(index, score_views(index, vector, asked[0], "en")).passages))
    assert counts[0] < 12 <= counts[1]


def test_only_open_questions_found_means_their_documents_passages(corpus: Path, embedder: Embedder) -> None:
    asked = [f"Who will rule the moon in the year {year}?" for year in range(40)]
    questions = [f'[[questions]]\nlanguage = "en"\ntext = "{text}"\npassages = []\n' for text in asked]
    document(corpus, "moon", "Cheese is sold at the harbour.\n", "\n".join(questions))
    index = built(corpus, embedder)
    scores = score_views(index, embedder.embed_queries([asked[3]])[0], asked[3], "en")
    passages = passage_features(index, scores).passages
    assert [index.passages[int(position)].document for position in passages] == ["moon"]
    assert Assistant(index, embedder).answer(asked[3]).question == asked[3]


def test_a_held_out_question_finds_nothing(corpus: Path, embedder: Embedder) -> None:
    text = "Xylophone quartets perform zarzuelas?"
    listed = f'[[questions]]\nlanguage = "en"\ntext = "{text}"\npassages = [1]\n'
    document(corpus, "band", "Cheese is sold at the harbour.\n", listed)
    index = built(corpus, embedder)
    (question,) = known.known_questions(index)
    own = known.own_rows(index, question)
    vector = embedder.embed_queries([text])[0]
    found, held_out = (
        passage_features(index, score_views(index, vector, text, "en", rows), rows).passages
        for rows in (np.empty(0, dtype=np.int64), own)
    )
    assert len(own) == 1
    assert question.right[0] in found
    assert question.right[0] not in held_out


def test_an_example_whose_passage_is_no_candidate_teaches_nothing() -> None:
    def example(seed: int, right: int) -> Example:
        values = np.random.default_rng(seed).random((5, len(FEATURES)), dtype=np.float32)
        return Example(PassageFeatures(np.arange(5), values), (right,))

    examples = [example(seed, seed % 5) for seed in range(8)]
    assert fusion.fit([*examples, example(9, 77)]) == fusion.fit(examples)


def test_of_very_many_questions_the_same_ones_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_MOST_QUESTIONS", 10)
    every = [known.Known(str(number), "en", "d", (number,), 0) for number in range(50)]
    drawn = known.drawn(every)
    assert drawn == known.drawn(every)
    assert len(drawn) == 10
    assert [every.index(question) for question in drawn] == sorted({q.right[0] for q in drawn})
    assert known.drawn(every[:10]) == every[:10]
