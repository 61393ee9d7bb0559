"""Files that cannot be read appear beside a running service: it goes on, and mends what can be mended."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from assemblybot.embedding import Embedder
from assemblybot.settings import Settings
from assemblybot.startup import open_assistant
from tests.conftest import MODEL
from tests.doubles.telegram_updates import said
from tests.service.harness import Platforms, platforms, serving

QUESTION = "How long did the work on the harbour take?"


@pytest.mark.slow
def test_no_file_ends_the_service(
    small_corpus: Path, embedder: Embedder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = Settings(corpus_dir=small_corpus, index_dir=tmp_path / "index", model=str(MODEL), _env_file=None)
    assistant = open_assistant(own)
    document = next(path for path in small_corpus.iterdir() if path.is_dir())

    async def told(words: str) -> None:
        async with asyncio.timeout(120):
            while words not in caplog.text:  # noqa: ASYNC110 - a log sets no event
                await asyncio.sleep(0.05)

    async def answered(around: Platforms, number: int) -> None:
        assert await around.update(said(QUESTION), number) == 200
        await around.telegram.until(lambda: len(around.telegram.sent()) == number)

    async def scenario() -> None:
        async with platforms() as around, serving(around, own, assistant, tmp_path / "state"):
            swapped = 'assemblybot_reindex_total{collection="default",outcome="swapped"}'
            os.mkfifo(document / "pipe.txt")
            (document / os.fsdecode(b"note-\xff\xfe.txt")).touch()
            (document / "document.toml").rename(tmp_path / "kept.toml")
            (document / "document.toml").write_text("a = " + "[" * 100_000, "utf-8")
            await told("No new index of default was built")
            await answered(around, 1)
            (tmp_path / "kept.toml").rename(document / "document.toml")
            (own.index_dir / "CURRENT").write_bytes(b"\xff\xfe\x80")
            await around.until_metric(swapped, 1)
            await answered(around, 2)

    asyncio.run(scenario())
