"""Vectors that are kept by their text, and those of the shipped corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.index import kept_vectors
from assemblybot.index.entries import entries
from assemblybot.index.kept_vectors import KeptVectors
from assemblybot.index.store import IndexStore
from assemblybot.startup import silent
from tests.conftest import ROOT

SHIPPED = ROOT / "index"


class Counting:
    """An embedder that remembers what it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self.id, self.dimension = embedder.id, embedder.dimension
        self._embedder = embedder
        self.given: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += texts
        return self._embedder.embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("A build asks no question.")


@pytest.fixture
def two() -> KeptVectors:
    rows = np.random.default_rng(0).normal(size=(2, 4)).astype(np.float32)
    return {kept_vectors.digest(text): row for text, row in zip(("one", "اثنان"), rows, strict=True)}


def test_what_is_written_is_read_within_rounding(tmp_path: Path, two: KeptVectors) -> None:
    kept_vectors.write(tmp_path, "model-1", two)
    found = kept_vectors.read(tmp_path, "model-1")
    assert found.keys() == two.keys()
    assert all(np.allclose(found[each], two[each], rtol=1e-3) for each in two)


def test_the_same_vectors_give_the_same_bytes(tmp_path: Path, two: KeptVectors) -> None:
    (tmp_path / "other").mkdir()
    kept_vectors.write(tmp_path, "model-1", two)
    kept_vectors.write(tmp_path / "other", "model-1", dict(reversed(list(two.items()))))
    first, second = (folder / kept_vectors.NAME for folder in (tmp_path, tmp_path / "other"))
    assert first.read_bytes() == second.read_bytes()


def test_vectors_of_another_model_are_not_taken(tmp_path: Path, two: KeptVectors) -> None:
    kept_vectors.write(tmp_path, "model-1", two)
    assert kept_vectors.read(tmp_path, "model-2") == {}


def test_objects_in_the_file_are_not_brought_to_life(tmp_path: Path, two: KeptVectors) -> None:
    """Reading a pickle runs what is in it."""
    kept_vectors.write(tmp_path, "model-1", two)
    with np.load(tmp_path / kept_vectors.NAME) as kept:
        arrays = dict(kept)
    arrays["vectors"] = arrays["vectors"].astype(object)
    np.savez(tmp_path / kept_vectors.NAME, **arrays)
    assert kept_vectors.read(tmp_path, "model-1") == {}


@pytest.mark.parametrize("place", [0, 40, 300, -300, -1])
def test_a_damaged_or_missing_file_gives_none(tmp_path: Path, two: KeptVectors, place: int) -> None:
    assert kept_vectors.read(tmp_path, "model-1") == {}
    kept_vectors.write(tmp_path, "model-1", two)
    path = tmp_path / kept_vectors.NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:place])
    assert kept_vectors.read(tmp_path, "model-1") == {}
    vectors = bytearray(whole)
    vectors[whole.index(b"PK", 4 + whole.index(b"vectors.npy")) - 1] ^= 1  # the last byte of the last vector
    path.write_bytes(vectors)
    assert kept_vectors.read(tmp_path, "model-1") == {}


def test_known_texts_are_not_embedded(tmp_path: Path, small_corpus: Path, embedder: Embedder) -> None:
    corpus = library.load(small_corpus)
    texts = sorted({entry.text for entry in entries(corpus)})
    vectors = embedder.embed_passages(texts[1:])
    known = {kept_vectors.digest(text): vector for text, vector in zip(texts[1:], vectors, strict=True)}
    counting = Counting(embedder)
    IndexStore(tmp_path / "index").rebuild(corpus, counting, silent, known=known)
    assert counting.given == texts[:1]


def test_every_text_of_the_shipped_corpus_has_its_vector(embedder: Embedder) -> None:
    """`make vectors` renews the file. Processors differ in how they multiply, by up to 0.0004 of a cosine."""
    kept = kept_vectors.read(SHIPPED, embedder.id)
    texts = sorted({entry.text for entry in entries(library.load(ROOT / "corpus"))})
    assert kept.keys() == {kept_vectors.digest(text) for text in texts}
    some = texts[::60]
    shipped = np.stack([kept[kept_vectors.digest(text)] for text in some])
    cosines = (embedder.embed_passages(some) * shipped).sum(axis=1) / np.linalg.norm(shipped, axis=1)
    assert cosines.min() > 0.999
