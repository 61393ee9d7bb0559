"""A curator beside the whole service: a document that is sent is answered from until it is removed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from assemblybot.embedding import Embedder
from assemblybot.settings import Settings
from assemblybot.startup import build_index, open_assistant
from tests.chat.curated import ids
from tests.chat.slack.harness import buttons
from tests.chat.telegram.harness import button
from tests.conftest import MODEL
from tests.doubles.slack_payloads import click, command, signed
from tests.doubles.telegram_updates import pressed, said, sent_file
from tests.service.harness import Platforms, platforms, serving

LAMPS = (
    b"# The lamps\n\nThe lamps along the sea wall of Port Ellen were lit on 12 June 2022 by Maria Lopez.\n"
)
SWAPPED = 'assemblybot_reindex_total{collection="default",outcome="swapped"}'
QUESTION = "Who lit the lamps along the sea wall?"


async def swapped(around: Platforms, times: int) -> None:
    async with asyncio.timeout(300):
        while await around.metric(SWAPPED) != times:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def slack_sent(around: Platforms, body: dict[str, Any]) -> int:
    """Slack calls with a command or a click."""
    raw, headers = signed(body, form="command" in body)
    return await around.post("/slack/events", raw.encode(), headers)


async def answered(around: Platforms, number: int) -> str:
    """What a person is told by Telegram who asks about the lamps."""
    before = len(around.telegram.sent())
    assert await around.update(said(QUESTION), number) == 200
    await around.telegram.until(lambda: len(around.telegram.sent()) > before)
    return str(around.telegram.last_message(7)["text"])


@pytest.mark.slow
def test_a_document_sent_in_telegram_is_answered_from_until_it_is_removed_in_slack(
    small_corpus: Path, embedder: Embedder, tmp_path: Path
) -> None:
    settings = Settings(
        _env_file=None, corpus_dir=small_corpus, index_dir=tmp_path / "index", model=str(MODEL)
    )
    build_index(settings, embedder)
    curators = frozenset({"7", "U0ASKER"})

    async def scenario() -> None:
        async with (
            platforms() as around,
            serving(around, settings, open_assistant(settings), tmp_path, curators=curators),
        ):
            assert "Maria Lopez" not in await answered(around, 1)
            around.telegram.files["file"] = LAMPS
            assert await around.update(sent_file("lamps.md", size=len(LAMPS)), 2) == 200
            await around.telegram.until(lambda: len(around.telegram.sent()) == 2)
            preview = around.telegram.last_message(7)
            assert await around.update(pressed(preview, button(preview, "documents-button-add")), 3) == 200
            await around.telegram.until(lambda: bool(around.telegram.of("editMessageText")))
            await swapped(around, 1)
            assert "Maria Lopez" in await answered(around, 4)

            assert await slack_sent(around, command("documents lamps", around.slack.response_url())) == 200
            for number in (1, 2):  # the list, then the question whether it shall be removed
                await around.slack.until(lambda number=number: len(around.slack.responses) == number)
                remove = next(iter(buttons(around.slack.responses[-1][1]).values()))
                assert await slack_sent(around, click(remove, around.slack.response_url())) == 200
            await around.slack.until(lambda: len(around.slack.responses) == 3)
            assert ids(small_corpus) == ["harbour"]
            await swapped(around, 2)
            assert "Maria Lopez" not in await answered(around, 5)

    asyncio.run(scenario())
