"""The shipped index is taken instead of a build, where it fits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assemblybot import folders, startup
from assemblybot.embedding import Embedder
from assemblybot.index import store
from assemblybot.settings import Settings


class NeverBuiltError(Exception):
    """A build was begun."""


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty index folder, where a build fails; the index of the suite is the shipped one."""

    def refuse(*_: object, **__: object) -> None:
        raise NeverBuiltError

    monkeypatch.setattr(folders, "shipped", lambda name: settings.index_dir if name == "index" else tmp_path)
    monkeypatch.setattr(store, "rebuild", refuse)
    return settings.model_copy(update={"index_dir": tmp_path / "index"})


def test_the_shipped_index_is_taken_instead_of_a_build(
    fresh: Settings, settings: Settings, embedder: Embedder
) -> None:
    taken = startup.build_index(fresh, embedder, if_stale=True)
    assert taken.name == store.current(settings.index_dir).name
    store.load(fresh.index_dir, embedder.id, whole=True)
    assert {path.name for path in fresh.index_dir.iterdir()} == {".lock", "CURRENT", taken.name}


def test_an_index_that_fits_is_left_alone(fresh: Settings, embedder: Embedder) -> None:
    taken = startup.build_index(fresh, embedder, if_stale=True)
    (taken / "mine").touch()
    assert not startup.is_stale(fresh, embedder)
    with pytest.raises(NeverBuiltError):  # `store.rebuild` leaves it as it is, too
        startup.build_index(fresh, embedder, if_stale=True)
    assert (taken / "mine").exists()


def test_a_stale_index_is_replaced_by_the_shipped_one(fresh: Settings, embedder: Embedder) -> None:
    taken = startup.build_index(fresh, embedder, if_stale=True)
    shutil.rmtree(taken)
    assert startup.is_stale(fresh, embedder)
    assert startup.build_index(fresh, embedder, if_stale=True) == taken
    assert not startup.is_stale(fresh, embedder)


def test_another_corpus_is_built(fresh: Settings, embedder: Embedder, small_corpus: Path) -> None:
    with pytest.raises(NeverBuiltError):
        startup.build_index(fresh.model_copy(update={"corpus_dir": small_corpus}), embedder, if_stale=True)


def test_an_asked_for_build_is_a_build(fresh: Settings, embedder: Embedder) -> None:
    with pytest.raises(NeverBuiltError):
        startup.build_index(fresh, embedder)
