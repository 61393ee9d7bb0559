from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError
from assemblybot.index import base
from assemblybot.index.vectors import FaissVectors


def unit(count: int, dimension: int = 16) -> NDArray[np.float32]:
    rows = np.random.default_rng(7).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize(("exact_below", "kind"), [(1000, "flat"), (100, "ivf-sq8")])
def test_life_cycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact_below: int, kind: str) -> None:
    monkeypatch.setattr(base, "MANY_ENTRIES", exact_below)
    rows = unit(500)
    built = FaissVectors.build(rows)
    assert built.kind == kind
    path = tmp_path / "v.faiss"
    path.write_bytes(built.to_bytes())
    loaded = FaissVectors.load(path, count=500, dimension=16)
    for number, row in enumerate(rows[:20]):
        scores, positions = loaded.search(row, 5)
        assert positions[0] == number
        assert np.all(np.diff(scores) <= 1e-6)
        assert scores[0] == pytest.approx(1.0, abs=1e-2)
        np.testing.assert_allclose(loaded.scores(row, positions), scores, atol=1e-4)


def test_asking_for_more_than_there_is() -> None:
    scores, positions = FaissVectors.build(unit(3)).search(unit(1)[0], 10)
    assert scores.shape == positions.shape == (3,)


def test_truncated_or_foreign_files(tmp_path: Path) -> None:
    data = FaissVectors.build(unit(50)).to_bytes()
    path = tmp_path / "v.faiss"
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(IndexDamagedError):
        FaissVectors.load(path, count=50, dimension=16)
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError, match="do not fit"):
        FaissVectors.load(path, count=51, dimension=16)


def test_an_exact_index_scores_all_vectors_at_once() -> None:
    rows = unit(200)
    store = FaissVectors.build(rows)
    scores = store.scores(rows[7])
    np.testing.assert_allclose(scores, rows @ rows[7], atol=1e-5)
    found, positions = store.search(rows[7], 200)
    np.testing.assert_allclose(scores[positions], found, atol=1e-5)


def test_a_clustered_index_is_the_same_bytes_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MANY_ENTRIES", 100)
    rows = unit(3000, 384)
    before, found = faiss.omp_get_max_threads(), []
    try:
        for threads in (1, 2, 2):
            faiss.omp_set_num_threads(threads)
            found.append(bytes(FaissVectors.build(rows).to_bytes()))
    finally:
        faiss.omp_set_num_threads(before)
    assert found[0] == found[1] == found[2]
