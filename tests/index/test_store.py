"""The life of an index on disk, with the real model on a small corpus."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.errors import (
    IndexBuildError,
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
)
from assemblybot.index.manifest import Manifest
from assemblybot.index.store import IndexStore
from assemblybot.startup import silent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(folder: Path, corpus: Path, embedder: Embedder) -> Path:
    return IndexStore(folder).rebuild(library.load(corpus), embedder, silent)


def test_built_index_loads_and_is_fresh(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    assert IndexStore(folder).is_stale(small_corpus, embedder.id)
    build(folder, small_corpus, embedder)
    index = IndexStore(folder).load(embedder.id)
    assert [p.id for p in index.passages][:2] == ["harbour#1", "harbour#2"]
    assert len(index.table) == len(index.vectors) == len(index.words)
    assert not IndexStore(folder).is_stale(small_corpus, embedder.id)


def test_each_stage_of_a_build_is_told_from_its_beginning_to_its_end(
    folder: Path, small_corpus: Path, embedder: Embedder
) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    IndexStore(folder).rebuild(
        library.load(small_corpus), embedder, lambda stage, *share: told.setdefault(stage, []).append(share)
    )
    assert list(told) == ["vectors", "words"]
    for (done, total), *_, (last, whole) in told.values():
        assert (done, last) == (0, total)
        assert whole == total > 0


def test_an_index_in_use_outlives_its_folder(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    built = build(folder, small_corpus, embedder)
    index = IndexStore(folder).load(embedder.id)
    shutil.rmtree(built)
    assert [p.id for p in index.passages][:2] == ["harbour#1", "harbour#2"]
    assert index.words.scores(["harbour"]).shape == (len(index.table),)


def test_two_builds_give_the_same_bytes(tmp_path: Path, small_corpus: Path, embedder: Embedder) -> None:
    one, two = (build(tmp_path / name, small_corpus, embedder) for name in ("a", "b"))
    names = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(two) for p in two.rglob("*") if p.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def test_a_changed_corpus_makes_it_stale_and_keeps_ids(
    folder: Path, small_corpus: Path, embedder: Embedder
) -> None:
    build(folder, small_corpus, embedder)
    before = tuple(IndexStore(folder).load(embedder.id).passages)
    other = small_corpus / "annex"
    shutil.copytree(small_corpus / "harbour", other)
    assert IndexStore(folder).is_stale(small_corpus, embedder.id)
    build(folder, small_corpus, embedder)
    after = IndexStore(folder).load(embedder.id).passages
    assert before == tuple(p for p in after if p.document == "harbour")
    assert {p.document for p in after} == {"annex", "harbour"}


def test_no_index(folder: Path, embedder: Embedder) -> None:
    with pytest.raises(IndexMissingError, match="assemblybot index build"):
        IndexStore(folder).load(embedder.id)


def test_an_index_of_another_model(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    build(folder, small_corpus, embedder)
    with pytest.raises(IndexForeignError, match="other-model"):
        IndexStore(folder).load("other-model")


@pytest.mark.parametrize("part", ["vectors.faiss", "entries.npy", "documents.jsonl", "words/terms.npy"])
def test_every_damaged_part_is_named(folder: Path, small_corpus: Path, embedder: Embedder, part: str) -> None:
    path = build(folder, small_corpus, embedder) / part
    data = path.read_bytes()
    path.write_bytes(data[:-7])
    with pytest.raises(IndexDamagedError, match=part):
        IndexStore(folder).load(embedder.id)
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(IndexDamagedError, match=part):
        IndexStore(folder).load(embedder.id)
    path.unlink()
    with pytest.raises(IndexDamagedError, match="lacks"):
        IndexStore(folder).load(embedder.id)


def test_a_damaged_index_is_replaced_by_a_rebuild(
    folder: Path, small_corpus: Path, embedder: Embedder
) -> None:
    path = build(folder, small_corpus, embedder)
    (path / "vectors.faiss").write_bytes(b"")
    assert build(folder, small_corpus, embedder) != path
    assert IndexStore(folder).load(embedder.id).passages


def test_a_manifest_that_is_no_manifest(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    path = build(folder, small_corpus, embedder)
    (path / "manifest.json").write_text("{}")
    with pytest.raises(IndexDamagedError, match="manifest"):
        Manifest.read(path)
    (path / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(IndexForeignError, match="format 99"):
        Manifest.read(path)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x80", b"x" * 8_000, b"", b"\0", b"..", b"../x", b"/etc", "١".encode()]
)
def test_a_torn_pointer_counts_as_no_index_and_is_built_anew(
    folder: Path, small_corpus: Path, embedder: Embedder, content: bytes
) -> None:
    (folder / "CURRENT").parent.mkdir(parents=True, exist_ok=True)
    (folder / "CURRENT").write_bytes(content)
    with pytest.raises(IndexMissingError):
        IndexStore(folder).current()
    assert IndexStore(folder).is_stale(small_corpus, embedder.id)
    build(folder, small_corpus, embedder)
    assert IndexStore(folder).load(embedder.id).passages


@pytest.mark.parametrize("content", ["[" * 100_000, "[]", "5", '{"format": 4, "parts": 5}', "\0", ""])
def test_a_torn_manifest_is_built_anew(
    folder: Path, small_corpus: Path, embedder: Embedder, content: str
) -> None:
    path = build(folder, small_corpus, embedder)
    (path / "manifest.json").write_text(content)
    with pytest.raises((IndexDamagedError, IndexForeignError)):
        Manifest.read(path)
    assert IndexStore(folder).is_stale(small_corpus, embedder.id)
    build(folder, small_corpus, embedder)
    assert IndexStore(folder).load(embedder.id).passages


def test_a_stopped_build_leaves_the_old_index(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    build(folder, small_corpus, embedder)
    current = IndexStore(folder).current()

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        IndexStore(folder).rebuild(library.load(small_corpus), embedder, fail)
    assert IndexStore(folder).current() == current
    assert not [p for p in folder.iterdir() if p.name.startswith(".building")]


def test_what_stopped_builds_left_is_cleared(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    current = build(folder, small_corpus, embedder)
    for name in ("never-current-1", "never-current-2"):
        shutil.copytree(current, folder / name)
    (folder / ".building-stopped").mkdir()
    build(folder, small_corpus, embedder)
    left = {path.name for path in folder.iterdir() if path.is_dir()}
    assert left == {current.name}


def test_a_full_disk_leaves_the_old_index(folder: Path, small_corpus: Path, embedder: Embedder) -> None:
    """RLIMIT_FSIZE stands in for the disk: writing past it fails with an OSError."""
    build(folder, small_corpus, embedder)
    current = IndexStore(folder).current()
    (small_corpus / "harbour" / "harbour.txt").write_text("A changed text.\n", encoding="utf-8")
    corpus = library.load(small_corpus)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(IndexBuildError, match="unchanged"):
            IndexStore(folder).rebuild(corpus, embedder, silent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert IndexStore(folder).current() == current
    assert IndexStore(folder).load(embedder.id).passages


def test_what_the_disk_does_not_take_is_not_made_current(
    folder: Path, small_corpus: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pointer that is not on the disk before it is renamed may be empty after a power failure."""
    current = build(folder, small_corpus, embedder)
    (small_corpus / "harbour" / "harbour.txt").write_text("A changed text.\n", encoding="utf-8")
    fsync = os.fsync

    def refused(descriptor: int) -> None:
        if any(os.path.samestat(os.fstat(descriptor), path.stat()) for path in folder.glob("*CURRENT")):
            raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(IndexBuildError, match="unchanged"):
        build(folder, small_corpus, embedder)
    assert IndexStore(folder).current() == current


@pytest.mark.slow
def test_kill_at_random_moments() -> None:
    """After SIGKILL at any moment of a build the index loads, whole and right, and nothing piles up."""
    command = [sys.executable, "-m", "benchmarks.kill_builds", "--kills", "20"]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert killed.returncode == 0, killed.stdout + killed.stderr
