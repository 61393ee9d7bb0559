"""A curator beside the whole service: a thumbs-down in Telegram waits until whoever gave it is forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import SecretStr

from assemblybot import Assistant
from assemblybot.messages import say
from assemblybot.settings import Settings
from tests.doubles.telegram_updates import private, reacted, said
from tests.service.harness import Platforms, platforms, serving
from tests.service.test_review import CURATOR, basic

QUESTION = "When did the assembly meet?"


async def shown(around: Platforms) -> str:
    url = f"http://127.0.0.1:{around.port}/review"
    async with around.client.get(url, headers=basic(CURATOR)) as page:
        assert page.status == 200
        return await page.text()


def test_a_thumbs_down_waits_and_is_forgotten_with_whoever_gave_it(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    kept = {"question_log": tmp_path / "questions.jsonl", "review_keys": SecretStr(CURATOR)}

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path, **kept):
            assert await around.update(said(QUESTION), 1) == 200
            await around.telegram.until(lambda: bool(around.telegram.sent()))
            assert say("en", "review-none") in await shown(around)

            answer = around.telegram.last_message(7)
            assert await around.update(reacted(private(), answer["message_id"], "👎"), 2) == 200
            await around.until_metric(
                'assemblybot_ratings_total{platform="telegram",rating="not_helpful"}', 1
            )
            page = await shown(around)
            assert QUESTION in page
            assert say("en", "review-why-unhelpful", count=1) in page

            assert await around.update(said("/forget"), 3) == 200
            await around.telegram.until(lambda: len(around.telegram.sent()) == 2)
            assert say("en", "review-none") in await shown(around)

    asyncio.run(scenario())
