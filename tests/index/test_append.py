"""Adding documents to a large index; “large” begins at a few entries here."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot.answering import retrieve
from assemblybot.answering.query import query
from assemblybot.answering.retrieve import candidates, score_entries
from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.index import base, entries
from assemblybot.index.base import row_numbers
from assemblybot.index.entries import KIND, PASSAGE
from assemblybot.index.index import Index
from assemblybot.index.store import IndexStore
from assemblybot.startup import silent

TOPICS = ("ferry", "school", "lamp", "bridge", "market", "library", "garden", "museum", "station", "theatre")


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MANY_ENTRIES", 40)
    monkeypatch.setattr(entries, "MANY_PASSAGES", 40)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for topic in TOPICS:
        write(tmp_path / "corpus", topic)
    return tmp_path / "corpus"


def write(corpus: Path, topic: str) -> None:
    folder = corpus / topic
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "document.toml").write_text(f'title = "{topic}"\nlanguage = "en"\nfile = "t.txt"\n')
    lines = [f"Plan number {i} for the {topic} costs {i * 7 + len(topic)} crowns." for i in range(6)]
    (folder / "t.txt").write_text("\n\n".join(lines) + "\n")


def build(tmp_path: Path, corpus: Path, embedder: Embedder) -> Index:
    IndexStore(tmp_path / "index").rebuild(library.load(corpus), embedder, silent)
    return IndexStore(tmp_path / "index").load(embedder.id, whole=True)


def best(index: Index, embedder: Embedder, question: str) -> str:
    scores = score_entries(index, query(question, "en", embedder))
    features = candidates(index, scores)
    return index.passages[int(features.passages[features.features[:, :8].sum(axis=1).argmax()])].text


def test_new_documents_come_after_the_old_and_are_found(
    tmp_path: Path, corpus: Path, embedder: Embedder
) -> None:
    before = build(tmp_path, corpus, embedder)
    assert before.vectors.kind == "ivf-sq8"
    write(corpus, "aquarium")
    after = build(tmp_path, corpus, embedder)
    assert list(after.documents) == [*before.documents, "aquarium"]
    assert len(after.table) == len(after.vectors) == len(after.words)
    assert "aquarium" in best(after, embedder, "What does plan number 3 for the aquarium cost?")
    assert "museum" in best(after, embedder, "What does plan number 3 for the museum cost?")
    assert after.position["aquarium#1"] == after.first_passages[-2]
    assert not IndexStore(tmp_path / "index").is_stale(corpus, embedder.id)


def test_a_changed_document_means_a_new_build(tmp_path: Path, corpus: Path, embedder: Embedder) -> None:
    build(tmp_path, corpus, embedder)
    write(corpus, "aquarium")
    text = corpus / "lamp" / "t.txt"
    text.write_text(text.read_text() + "\nA late line about lamps.\n")
    assert list(build(tmp_path, corpus, embedder).documents) == sorted([*TOPICS, "aquarium"])


def test_passages_added_to_few_with_many_entries_have_every_kind_of_entry(
    tmp_path: Path, corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MANY_PASSAGES", 70)
    before = build(tmp_path, corpus, embedder)
    write(corpus, "aquarium")
    after = build(tmp_path, corpus, embedder)
    assert list(after.documents) == [*before.documents, "aquarium"] == [*sorted(TOPICS), "aquarium"]
    found = [
        sorted(index.table[index.table[:, PASSAGE] == at, KIND]) for index, at in ((before, 0), (after, 65))
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 1


def test_passages_that_make_a_corpus_large_mean_a_new_build(
    tmp_path: Path, corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MANY_PASSAGES", 65)
    monkeypatch.setattr(base, "MANY_ENTRIES", 20)
    build(tmp_path, corpus, embedder)
    write(corpus, "aquarium")
    after = build(tmp_path, corpus, embedder)
    assert list(after.documents) == sorted([*TOPICS, "aquarium"])
    assert len(after.table) == len(after.passages) == after.built


def test_growth_is_counted_in_passages_from_the_last_whole_build(
    tmp_path: Path, corpus: Path, embedder: Embedder
) -> None:
    """A fifth of 60 passages is two documents of six, whether they come at once or one by one."""
    build(tmp_path, corpus, embedder)
    for topic, appended in (("aquarium", True), ("zoo", True), ("abbey", False)):
        write(corpus, topic)
        index = build(tmp_path, corpus, embedder)
        assert (index.built < len(index.passages)) is appended


def test_a_search_among_many_scores_the_same_as_among_all(
    tmp_path: Path, corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = build(tmp_path, corpus, embedder)
    asked = query("Which plan for the bridge costs 13 crowns?", "en", embedder)
    few = score_entries(index, asked)
    monkeypatch.setattr(base, "MANY_ENTRIES", 1000)
    every = score_entries(index, asked)
    rows = row_numbers(few.rows, len(index.table))
    for retriever in retrieve.RETRIEVERS:
        assert few.of(retriever, rows) == pytest.approx(every.of(retriever, rows), abs=1e-5)
