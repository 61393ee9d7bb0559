"""A new index beside a running service: noticed, verified, swapped or refused, never in the way."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from assemblybot.answering.answer import Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexUnreachableError
from assemblybot.index.store import IndexStore
from assemblybot.service import reindex
from assemblybot.service.metrics import Metrics
from assemblybot.service.reindex import Reindexer
from assemblybot.settings import Settings
from assemblybot.startup import build_index, open_assistant
from tests.conftest import MODEL

# Seconds: a builder stands behind everything else, and the machine may be busy.
LONG = 300
QUESTION = "How long did the work on the harbour take?"


@pytest.fixture
def harbour(small_corpus: Path, embedder: Embedder, tmp_path: Path) -> Settings:
    """Settings for the small corpus, with its index."""
    chosen = Settings(_env_file=None, corpus_dir=small_corpus, index_dir=tmp_path / "index", model=str(MODEL))
    build_index(chosen, embedder)
    return chosen


@asynccontextmanager
async def watched(
    settings: Settings, kind: type[Reindexer] = Reindexer
) -> AsyncIterator[tuple[AnswerQueue, Metrics]]:
    metrics = Metrics()
    queue = AnswerQueue(open_assistant(settings), observer=metrics)
    reindexer = kind(settings, queue, metrics, every=0.05)
    watching = asyncio.create_task(reindexer.watch())
    try:
        yield queue, metrics
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        reindexer.close()
        queue.close()


async def until_counted(metrics: Metrics, outcome: str, times: int = 1) -> None:
    async with asyncio.timeout(LONG):
        name, labels = "assemblybot_reindex_total", {"collection": "default", "outcome": outcome}
        while metrics.registry.get_sample_value(name, labels) != times:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def change(settings: Settings, years: str) -> None:
    """The document says something else."""
    path = settings.corpus_dir / "harbour" / "harbour.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(text.split(" years")[0].split()[-1] + " years", f"{years} years"))


async def answered_with(queue: AnswerQueue) -> str:
    answer = await queue.answer(QUESTION)
    assert answer.verdict is Verdict.ANSWERED
    return answer.citations[0].text


def test_an_index_built_beside_is_taken_into_use_twice_while_an_old_one_is_still_in_hand(
    harbour: Settings, embedder: Embedder
) -> None:
    async def scenario() -> None:
        async with watched(harbour) as (queue, metrics):
            with queue.one_index():
                assert "nine years" in await answered_with(queue)
                for times, years in enumerate(("ten", "eleven"), start=1):
                    change(harbour, years)
                    await asyncio.to_thread(build_index, harbour, embedder)
                    await until_counted(metrics, "swapped", times)
                # Two builds later the folder of the index in hand is gone; what is mapped is not.
                assert "nine years" in await answered_with(queue)
            assert "eleven years" in await answered_with(queue)
            labels = {
                "collection": "default",
                "version": IndexStore(harbour.index_dir).current().name,
                "model": embedder.id,
            }
            assert metrics.registry.get_sample_value("assemblybot_index_info", labels) == 1

    asyncio.run(scenario())


def test_a_damaged_new_index_is_refused_and_the_old_one_stays(harbour: Settings, embedder: Embedder) -> None:
    async def scenario() -> None:
        async with watched(harbour) as (queue, metrics):
            old = IndexStore(harbour.index_dir).current()
            broken = old.with_name("broken")
            shutil.copytree(old, broken)
            manifest = broken / "manifest.json"
            manifest.write_text(manifest.read_text().replace('"entries": ', '"entries": 1'))
            (harbour.index_dir / "CURRENT").write_text("broken\n")
            await until_counted(metrics, "refused")
            assert "nine years" in await answered_with(queue)

    asyncio.run(scenario())


def test_an_index_that_is_gone_is_built_again(harbour: Settings) -> None:
    async def scenario() -> None:
        async with watched(harbour) as (queue, _):
            await asyncio.sleep(0.5)  # the corpus has been looked at
            shutil.rmtree(harbour.index_dir)
            async with asyncio.timeout(LONG):
                while not (harbour.index_dir / "CURRENT").exists():  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            assert "nine years" in await answered_with(queue)

    asyncio.run(scenario())


class BrokenOnce(Reindexer):
    """The first look fails as nobody expected."""

    tries = 0

    def _look(self) -> frozenset[tuple[str, int, int]]:
        type(self).tries += 1
        if self.tries == 1:
            raise UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")
        return super()._look()


def test_no_failure_of_the_watcher_ends_it(harbour: Settings, embedder: Embedder) -> None:
    async def scenario() -> None:
        async with watched(harbour, BrokenOnce) as (queue, metrics):
            change(harbour, "ten")
            await asyncio.to_thread(build_index, harbour, embedder)
            await until_counted(metrics, "swapped")
            assert "ten years" in await answered_with(queue)

    asyncio.run(scenario())


class AwayOnce(Reindexer):
    """The Milvus that holds the index does not answer at the first look."""

    tries = 0

    def _load(self) -> Assistant:
        type(self).tries += 1
        if self.tries == 1:
            raise IndexUnreachableError("Milvus does not answer.")
        return super()._load()


def test_an_index_out_of_reach_is_not_refused_but_loaded_later(harbour: Settings, embedder: Embedder) -> None:
    async def scenario() -> None:
        async with watched(harbour, AwayOnce) as (queue, metrics):
            change(harbour, "ten")
            await asyncio.to_thread(build_index, harbour, embedder)
            await until_counted(metrics, "swapped")
            assert "ten years" in await answered_with(queue)
            labels = {"outcome": "refused"}
            assert metrics.registry.get_sample_value("assemblybot_reindex_total", labels) is None

    asyncio.run(scenario())


def test_a_builder_that_cannot_be_started_and_a_file_that_cannot_be_read_end_nothing(
    harbour: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async def scenario() -> None:
        async with watched(harbour) as (_, metrics):
            (harbour.corpus_dir / "harbour" / "loop.txt").symlink_to("loop.txt")
            change(harbour, "ten")
            async with asyncio.timeout(LONG):
                while "FileNotFoundError" not in caplog.text:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            (harbour.corpus_dir / "harbour" / "loop.txt").unlink()
            await asyncio.to_thread(build_index, harbour, embedder)
            await until_counted(metrics, "swapped")

    asyncio.run(scenario())


def test_a_builder_that_hangs_is_ended_with_what_it_started_and_watching_goes_on(
    harbour: Settings,
    embedder: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hanging = tmp_path / "python"
    hanging.write_text(f"#!/bin/sh\necho begun >&2\nsleep 600 &\necho $! > {tmp_path}/started\nwait\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(hanging))
    monkeypatch.setattr(reindex, "BUILD_HANGS_AFTER", 1.0)

    async def scenario() -> None:
        async with watched(harbour) as (queue, metrics):
            change(harbour, "ten")
            await until_counted(metrics, "failed")
            assert "has not gone on" in caplog.text
            assert "nine years" in await answered_with(queue)
            started = int((tmp_path / "started").read_text())
            async with asyncio.timeout(LONG):
                while psutil.pid_exists(started):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await asyncio.to_thread(build_index, harbour, embedder)
            await until_counted(metrics, "swapped")

    asyncio.run(scenario())


@pytest.mark.slow
def test_a_changed_corpus_is_built_aside_and_a_broken_one_changes_nothing(harbour: Settings) -> None:
    async def scenario() -> None:
        async with watched(harbour) as (queue, metrics):
            change(harbour, "ten")
            await until_counted(metrics, "swapped")
            assert "ten years" in await answered_with(queue)
            (harbour.corpus_dir / "harbour" / "document.toml").write_text("title = ")
            await until_counted(metrics, "failed")
            assert "ten years" in await answered_with(queue)

    asyncio.run(scenario())


@pytest.mark.slow
def test_the_second_of_two_builders_takes_what_the_first_built(harbour: Settings, embedder: Embedder) -> None:
    change(harbour, "ten")
    first = build_index(harbour, embedder, if_stale=True)
    made = (first / "manifest.json").stat().st_mtime_ns
    assert build_index(harbour, embedder, if_stale=True) == first
    assert (first / "manifest.json").stat().st_mtime_ns == made
