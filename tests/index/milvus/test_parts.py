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
from assemblybot.index import store
from assemblybot.index.lexical import LexicalPostings
from assemblybot.index.manifest import Manifest
from assemblybot.index.milvus.builds import MilvusBuilds
from assemblybot.index.milvus.parts import load_stores, write_stores
from assemblybot.index.vectors import FaissVectors
from tests.conftest import Answering

#: pymilvus and milvus-lite leave connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
DEV = Path(__file__).parents[2] / "data" / "dev.jsonl"
QUESTION = "When did the harbour open?"


def build(folder: Path, corpus: Path, embedder: Embedder, milvus: MilvusBuilds | None = None) -> Manifest:
    built = store.rebuild(folder, library.load(corpus), embedder, lambda *_: None, milvus)
    return Manifest.read(built)


def test_answers_are_those_of_the_index_folder(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: MilvusBuilds, answering: Answering
) -> None:
    there = build(tmp_path / "there", small_corpus, embedder, builds)
    build(tmp_path / "here", small_corpus, embedder)
    assert there.vector_index == "milvus"
    assert builds.current() == there.collection
    assert not list((tmp_path / "there").rglob("*.faiss"))
    far = answering(store.load(tmp_path / "there", embedder.id, builds)).answer(QUESTION)
    near = answering(store.load(tmp_path / "here", embedder.id)).answer(QUESTION)
    assert [(c.passage, c.quote, c.highlights) for c in far.citations] == [
        (c.passage, c.quote, c.highlights) for c in near.citations
    ]
    assert far.citations[0].quote.startswith("The harbour opened on 3 May 2021")
    assert far.confidence == pytest.approx(near.confidence, abs=1e-4)


def test_a_process_with_the_folder_before_goes_on_with_the_build_before(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: MilvusBuilds, answering: Answering
) -> None:
    first = build(tmp_path / "index", small_corpus, embedder, builds)
    running = answering(store.load(tmp_path / "index", embedder.id, builds))
    (small_corpus / "harbour" / "harbour.txt").write_text("A new text.\n\nThe mayor left in June.\n")
    assert store.is_stale(tmp_path / "index", small_corpus, embedder.id, builds)
    second = build(tmp_path / "index", small_corpus, embedder, builds)
    assert builds.names() == sorted([str(first.collection), str(second.collection)])
    assert running.answer(QUESTION).citations
    index = store.load(tmp_path / "index", embedder.id, builds)
    assert [passage.text for passage in index.passages] == ["A new text.", "The mayor left in June."]


def test_a_failed_build_leaves_index_and_alias(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: MilvusBuilds
) -> None:
    first = build(tmp_path / "index", small_corpus, embedder, builds)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.rebuild(tmp_path / "index", library.load(small_corpus), embedder, fail, builds)
    assert builds.current() == first.collection
    assert store.load(tmp_path / "index", embedder.id, builds).passages


def test_an_index_and_a_milvus_that_do_not_belong_together(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: MilvusBuilds
) -> None:
    folder = tmp_path / "index"
    build(folder, small_corpus, embedder)
    assert not store.is_stale(folder, small_corpus, embedder.id)
    assert store.is_stale(folder, small_corpus, embedder.id, builds)
    manifest = build(folder, small_corpus, embedder, builds)
    assert not store.is_stale(folder, small_corpus, embedder.id, builds)
    with pytest.raises(IndexForeignError, match="MILVUS_URI is not set"):
        store.load(folder, embedder.id)
    builds.drop(str(manifest.collection))
    with pytest.raises(IndexForeignError, match="newest build"):
        store.load(folder, embedder.id, builds)


def test_a_vocabulary_that_is_gone(
    tmp_path: Path, small_corpus: Path, embedder: Embedder, builds: MilvusBuilds
) -> None:
    folder = tmp_path / "index"
    manifest = build(folder, small_corpus, embedder, builds)
    path = store.current(folder) / "words" / "terms.npy"
    path.unlink()
    with pytest.raises(IndexDamagedError, match="vocabulary"):
        load_stores(path.parents[1], manifest, builds)


def test_a_milvus_that_stops_is_an_error_without_the_question(
    tmp_path: Path,
    small_corpus: Path,
    embedder: Embedder,
    builds: MilvusBuilds,
    caplog: pytest.LogCaptureFixture,
    answering: Answering,
) -> None:
    manifest = build(tmp_path / "index", small_corpus, embedder, builds)
    assistant = answering(store.load(tmp_path / "index", embedder.id, builds))
    builds.drop(str(manifest.collection))
    with caplog.at_level(logging.DEBUG), pytest.raises(IndexUnreachableError) as raised:
        assistant.answer(QUESTION)
    assert "harbour" not in str(raised.value)
    assert "harbour open" not in caplog.text


@pytest.mark.slow
def test_the_shipped_article_is_cited_as_without_milvus(
    tmp_path: Path, assistant: Assistant, embedder: Embedder, builds: MilvusBuilds, answering: Answering
) -> None:
    """Every fifth development question: the same verdict and the same citations."""
    index = assistant.index
    manifest = index.manifest
    assert manifest is not None
    vectors, words = index.vectors, index.words
    assert isinstance(vectors, FaissVectors)
    assert isinstance(words, LexicalPostings)
    collection = write_stores(vectors, words, tmp_path, builds)
    manifest = replace(manifest, collection=collection)
    far_vectors, far_words = load_stores(tmp_path, manifest, builds)
    far = answering(replace(index, vectors=far_vectors, words=far_words))
    for line in DEV.read_text(encoding="utf-8").splitlines()[::5]:
        question = json.loads(line)["question"]
        ours, theirs = assistant.answer(question), far.answer(question)
        assert theirs.verdict == ours.verdict, question
        assert [c.passage for c in theirs.citations] == [c.passage for c in ours.citations], question
