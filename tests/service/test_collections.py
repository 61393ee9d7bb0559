"""Several collections in one service: pages, logs, indexes that come later."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from unittest.mock import ANY

import pytest

from assemblybot.answering.assistant import Assistant
from assemblybot.index.index import Index
from assemblybot.service import reader
from assemblybot.service.reader import PageCache
from assemblybot.settings import Settings
from tests.conftest import write_small
from tests.service.harness import Platforms, platforms, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUESTION = b"question=How+long+did+the+work+on+the+harbour+take%3F"
#: Seconds: an index is built behind everything else, on a machine that may be busy.
LONG = 300


async def until_served(around: Platforms, name: str) -> None:
    """Wait for the pages of a collection; those of the default one are there meanwhile."""
    async with asyncio.timeout(LONG):
        while (await around.get(f"/in/{name}/read/"))[0] != 200:
            assert (await around.get("/read/"))[0] == 200
            await asyncio.sleep(0.2)


def questions(log: Path) -> list[str]:
    return [json.loads(line)["question"] for line in log.read_text(encoding="utf-8").splitlines()]


def test_pages_and_logs_of_a_collection_are_its_own(
    settings: Settings, several: Settings, assistant: Assistant, besides: list[Assistant], tmp_path: Path
) -> None:
    async def scenario() -> None:
        log = tmp_path / "asked.jsonl"
        changes = {
            "collections": several.collections,
            "collections_dir": several.collections_dir,
            "question_log": log,
            "review_keys": "a-key-of-one-curator-here",
        }
        async with (
            platforms() as around,
            serving(around, settings, assistant, tmp_path / "state", **changes),
        ):
            await until_served(around, "press")  # as it lies on the disk
            assert "The harbour" in (await around.get("/in/press/read/"))[1]
            assert (await around.get("/in/press/read/harbour"))[0] == 200
            assert (await around.get("/read/harbour"))[0] == 404
            assert (await around.get("/in/press/read/marrakech-2025"))[0] == 404
            assert (await around.get("/in/empty/read/"))[0] == 503
            for nowhere in ("/in/nowhere/read/", "/in/default/read/", "/in/..%2fpress/read/"):
                assert (await around.get(nowhere))[0] == 404
            assert await around.post("/in/press/read/", QUESTION, FORM) == 200
            assert await around.post("/read/", b"question=How+many+delegates+came%3F", FORM) == 200
            assert (await around.get("/in/press/review"))[0] == 401
            ready = json.loads((await around.get("/readyz"))[1])
            assert ready["collections"] == {"default": True, "press": True, "course": ANY, "empty": False}
        assert questions(log) == ["How many delegates came?"]
        own = log.with_name("press.asked.jsonl")
        assert questions(own) == ["How long did the work on the harbour take?"]

    asyncio.run(scenario())


def test_the_pages_of_all_collections_are_kept_within_one_number_of_bytes(
    settings: Settings,
    several: Settings,
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[int] = []

    def counted(index: Index, most_bytes: int) -> PageCache:
        kept.append(most_bytes)
        return PageCache(index, most_bytes)

    monkeypatch.setattr(reader, "PageCache", counted)

    async def scenario() -> None:
        changes = {"collections": several.collections, "collections_dir": several.collections_dir}
        async with (
            platforms() as around,
            serving(around, settings, assistant, tmp_path / "state", **changes),
        ):
            for name in ("press", "course"):
                await until_served(around, name)
        assert len(kept) == 3
        assert sum(kept) <= reader.MOST_BYTES

    asyncio.run(scenario())


@pytest.mark.slow
def test_an_index_that_is_missing_is_built_while_the_others_answer(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        folder = tmp_path / "collections"
        changes = {"collections": ("press",), "collections_dir": folder}
        async with (
            platforms() as around,
            serving(around, settings, assistant, tmp_path / "state", **changes),
        ):
            assert (await around.get("/in/press/read/"))[0] == 503
            write_small(folder / "press")
            await until_served(around, "press")
            assert await around.metric('assemblybot_reindex_total{collection="press",outcome="swapped"}') == 1
            # What is in use stays in use when its files are gone.
            shutil.rmtree(folder / "press")
            assert await around.post("/in/press/read/", QUESTION, FORM) == 200

    asyncio.run(scenario())
