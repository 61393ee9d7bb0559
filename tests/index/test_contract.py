"""One life cycle for whatever holds vectors and postings: FAISS and local arrays, or Milvus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assemblybot.index import milvus
from assemblybot.index.base import Scores, VectorIndex
from assemblybot.index.bm25 import BM25, VOCABULARY, LexicalIndex
from assemblybot.index.milvus import Milvus
from assemblybot.index.milvus_collection import Collection, MilvusPostings, MilvusVectors
from assemblybot.index.vectors import FaissVectors

COUNT, DIMENSION = 120, 16
BuildVectors = Callable[[Scores], VectorIndex]
BuildPostings = Callable[[list[list[str]]], LexicalIndex]


def unit(count: int) -> Scores:
    rows = np.random.default_rng(7).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def term_lists(count: int) -> list[list[str]]:
    generator = np.random.default_rng(7)
    return [[f"t{n}" for n in generator.zipf(1.4, size=9) if n < 60] for _ in range(count - 1)] + [[]]


def written(builds: Milvus, vectors: Scores, postings: BM25) -> Collection:
    return builds.open(builds.write(vectors, postings.weights_by_entry()), len(vectors))


@pytest.fixture(params=["faiss", "milvus"])
def build_vectors(request: pytest.FixtureRequest, tmp_path: Path) -> BuildVectors:
    if request.param == "milvus":
        builds: Milvus = request.getfixturevalue("builds")
        return lambda vectors: MilvusVectors(written(builds, vectors, BM25.build([["t"]] * len(vectors))))

    def saved(vectors: Scores) -> VectorIndex:
        path = tmp_path / "vectors.faiss"
        path.write_bytes(FaissVectors.build(vectors).to_bytes())
        return FaissVectors.load(path, count=len(vectors), dimension=DIMENSION)

    return saved


@pytest.fixture(params=["local", "milvus"])
def build_postings(request: pytest.FixtureRequest, tmp_path: Path) -> BuildPostings:
    if request.param == "milvus":
        builds: Milvus = request.getfixturevalue("builds")

        def in_milvus(terms: list[list[str]]) -> LexicalIndex:
            postings = BM25.build(terms)
            vocabulary = {name: getattr(postings, name) for name in VOCABULARY}
            collection = written(builds, unit(len(terms)), postings)
            return MilvusPostings(collection, **vocabulary)

        return in_milvus

    def saved(terms: list[list[str]]) -> LexicalIndex:
        BM25.build(terms).save(tmp_path)
        return BM25.load(tmp_path, len(terms))

    return saved


def test_vectors(build_vectors: BuildVectors) -> None:
    vectors = unit(COUNT)
    store = build_vectors(vectors)
    assert len(store) == COUNT
    exact = vectors @ vectors[7]
    scores, rows = store.search(vectors[7], 5)
    assert rows.tolist() == np.argsort(-exact)[:5].tolist()
    np.testing.assert_allclose(scores, np.sort(exact)[::-1][:5], atol=1e-5)
    np.testing.assert_allclose(store.scores(vectors[7]), exact, atol=1e-5)
    some = np.array([0, 9, 10, 119])
    np.testing.assert_allclose(store.scores(vectors[7], some), exact[some], atol=1e-5)


def test_a_graph_over_one_byte_vectors(builds: Milvus, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a large build uses, at a size at which its answers can be compared with exact ones."""
    monkeypatch.setattr(milvus, "EXACT_BELOW", COUNT)
    vectors = unit(COUNT)
    postings = BM25.build(term_lists(COUNT))
    store = MilvusVectors(written(builds, vectors, postings))
    exact = vectors @ vectors[7]
    scores, rows = store.search(vectors[7], 10)
    assert len(set(rows.tolist()) & set(np.argsort(-exact)[:10].tolist())) >= 9
    np.testing.assert_allclose(scores, exact[rows], atol=0.05)
    np.testing.assert_allclose(store.scores(vectors[7]), exact, atol=0.05)


def test_more_vectors_asked_for_than_there_are(build_vectors: BuildVectors) -> None:
    scores, rows = build_vectors(unit(3)).search(unit(1)[0], 10)
    assert scores.shape == rows.shape == (3,)
    assert sorted(rows.tolist()) == [0, 1, 2]


def test_postings(build_postings: BuildPostings) -> None:
    terms = term_lists(COUNT)
    reference = BM25.build(terms)
    store = build_postings(terms)
    question = ["t2", "t5", "t9", "unseen"]
    assert len(store) == COUNT
    expected = reference.scores(question)
    np.testing.assert_allclose(store.scores(question), expected, atol=1e-6)
    some = np.array([0, 4, 50, 119])
    np.testing.assert_allclose(store.scores(question, some), expected[some], atol=1e-6)
    scores, rows = store.search(question, 10)
    assert np.all(np.diff(scores) <= 1e-6)
    np.testing.assert_allclose(scores, np.sort(expected)[::-1][:10], atol=1e-6)
    np.testing.assert_allclose(expected[rows], scores, atol=1e-6)
    assert store.weigh(["t2"])[1] == pytest.approx(reference.weigh(["t2"])[1])
    assert store.knows("t2")
    assert not store.knows("unseen")


def test_postings_without_a_known_term(build_postings: BuildPostings) -> None:
    store = build_postings(term_lists(30))
    assert store.search(["unseen"], 5)[1].tolist() == []
    assert store.scores(["unseen"]).tolist() == [0.0] * 30


def test_postings_find_only_entries_that_hold_a_term(build_postings: BuildPostings) -> None:
    store = build_postings([["a"], ["b"], ["a", "b"], []])
    assert sorted(store.search(["a"], 10)[1].tolist()) == [0, 2]
