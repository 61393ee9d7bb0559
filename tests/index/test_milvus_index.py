"""A whole index with its vectors and postings in Milvus."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexDamagedError, IndexForeignError, IndexUnreachableError
from assemblybot.index.bm25 import BM25
from assemblybot.index.manifest import Manifest
from assemblybot.index.milvus import Milvus
from assemblybot.index.store import IndexStore
from assemblybot.index.vectors import FaissVectors
from tests.conftest import Answering

#: pymilvus and milvus-lite leave connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
DEV = Path(__file__).parents[1] / "data" / "dev.jsonl"
QUESTION = "When did the harbour open?"


def build(folder: Path, corpus: Path, embedder: Embedder, milvus: Milvus | None = None) -> Manifest:
    built = IndexStore(folder, milvus).rebuild(library.load(corpus), embedder, lambda *_: None)
    return Manifest.read(built)


def test_answers_are_those_of_the_index_folder(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: Milvus, answering: Answering
) -> None:
    there = build(tmp_path / "there", small_corpus, embedder, builds)
    build(tmp_path / "here", small_corpus, embedder)
    assert there.vector_index == "milvus"
    assert builds.current() == there.collection
    assert not list((tmp_path / "there").rglob("*.faiss"))
    far = answering(IndexStore(tmp_path / "there", builds).load(embedder.id)).answer(QUESTION)
    near = answering(IndexStore(tmp_path / "here").load(embedder.id)).answer(QUESTION)
    assert [(c.passage, c.quote, c.highlights) for c in far.citations] == [
        (c.passage, c.quote, c.highlights) for c in near.citations
    ]
    assert far.citations[0].quote.startswith("The harbour opened on 3 May 2021")
    assert far.confidence == pytest.approx(near.confidence, abs=1e-4)


def test_a_process_with_the_folder_before_goes_on_with_the_build_before(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: Milvus, answering: Answering
) -> None:
    first = build(tmp_path / "index", small_corpus, embedder, builds)
    running = answering(IndexStore(tmp_path / "index", builds).load(embedder.id))
    (small_corpus / "harbour" / "harbour.txt").write_text("A new text.\n\nThe mayor left in June.\n")
    assert IndexStore(tmp_path / "index", builds).is_stale(small_corpus, embedder.id)
    second = build(tmp_path / "index", small_corpus, embedder, builds)
    assert builds.names() == sorted([str(first.collection), str(second.collection)])
    assert running.answer(QUESTION).citations
    index = IndexStore(tmp_path / "index", builds).load(embedder.id)
    assert [passage.text for passage in index.passages] == ["A new text.", "The mayor left in June."]


def test_a_failed_build_leaves_index_and_alias(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: Milvus
) -> None:
    first = build(tmp_path / "index", small_corpus, embedder, builds)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        IndexStore(tmp_path / "index", builds).rebuild(library.load(small_corpus), embedder, fail)
    assert builds.current() == first.collection
    assert IndexStore(tmp_path / "index", builds).load(embedder.id).passages


def test_an_index_and_a_milvus_that_do_not_belong_together(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: Milvus
) -> None:
    folder = tmp_path / "index"
    build(folder, small_corpus, embedder)
    assert not IndexStore(folder).is_stale(small_corpus, embedder.id)
    assert IndexStore(folder, builds).is_stale(small_corpus, embedder.id)
    manifest = build(folder, small_corpus, embedder, builds)
    assert not IndexStore(folder, builds).is_stale(small_corpus, embedder.id)
    with pytest.raises(IndexForeignError, match="MILVUS_URI is not set"):
        IndexStore(folder).load(embedder.id)
    builds.drop(str(manifest.collection))
    with pytest.raises(IndexForeignError, match="newest build"):
        IndexStore(folder, builds).load(embedder.id)


def test_a_vocabulary_that_is_gone(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: Milvus
) -> None:
    folder = tmp_path / "index"
    manifest = build(folder, small_corpus, embedder, builds)
    path = IndexStore(folder).current() / "words" / "terms.npy"
    path.unlink()
    with pytest.raises(IndexDamagedError, match="vocabulary"):
        builds.load(str(manifest.collection), manifest.entries, path.parent)


def test_a_milvus_that_stops_is_an_error_without_the_question(
    tmp_path: Path,
    small_corpus: Path,
    embedder: Embedder,
    builds: Milvus,
    caplog: pytest.LogCaptureFixture,
    answering: Answering,
) -> None:
    manifest = build(tmp_path / "index", small_corpus, embedder, builds)
    assistant = answering(IndexStore(tmp_path / "index", builds).load(embedder.id))
    builds.drop(str(manifest.collection))
    with caplog.at_level(logging.DEBUG), pytest.raises(IndexUnreachableError) as raised:
        assistant.answer(QUESTION)
    assert "harbour" not in str(raised.value)
    assert "harbour open" not in caplog.text


@pytest.mark.slow
def test_the_shipped_article_is_cited_as_without_milvus(
    tmp_path: Path, assistant: Assistant, embedder: Embedder, builds: Milvus, answering: Answering
) -> None:
    """Every fifth development question: the same verdict and the same citations."""
    index = assistant.index
    manifest = index.manifest
    assert manifest is not None
    vectors, words = index.vectors, index.words
    assert isinstance(vectors, FaissVectors)
    assert isinstance(words, BM25)
    collection = builds.save(vectors, words, tmp_path)
    far_vectors, far_words = builds.load(collection, manifest.entries, tmp_path)
    far = answering(replace(index, vectors=far_vectors, words=far_words))
    for line in DEV.read_text(encoding="utf-8").splitlines()[::5]:
        question = json.loads(line)["question"]
        ours, theirs = assistant.answer(question), far.answer(question)
        assert theirs.verdict == ours.verdict, question
        assert [c.passage for c in theirs.citations] == [c.passage for c in ours.citations], question
