"""A curator beside the whole service: a thumbs-down in Telegram waits until whoever gave it is forgotten."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from assemblybot import Assistant
from assemblybot.embedding import Embedder
from assemblybot.messages import say
from assemblybot.settings import Settings
from assemblybot.startup import build_index, open_assistant
from tests.conftest import MODEL
from tests.doubles.telegram_updates import private, reacted, said
from tests.service.harness import Platforms, platforms, serving
from tests.service.test_documents import swapped
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


@pytest.mark.slow
def test_a_decision_is_used_without_a_restart(small_corpus: Path, embedder: Embedder, tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, corpus_dir=small_corpus, index_dir=tmp_path / "index", model=str(MODEL)
    )
    build_index(settings, embedder)
    kept = {"question_log": tmp_path / "questions.jsonl", "review_keys": SecretStr(CURATOR)}
    question, passage = "Which saint do the sailors here pray to?", "harbour#3"

    async def told(around: Platforms, number: int) -> str:
        assert await around.update(said(question), number) == 200
        await around.telegram.until(lambda: len(around.telegram.sent()) == number)
        return str(around.telegram.last_message(7)["text"])

    async def scenario() -> None:
        assistant = open_assistant(settings)
        text = assistant.passage(passage, "en")
        assert text
        async with platforms() as around, serving(around, settings, assistant, tmp_path, **kept):
            assert text.quote not in await told(around, 1)
            fields = dict(re.findall(r'name="(token|id)" value="([^"]*)"', await shown(around)))
            url = f"http://127.0.0.1:{around.port}/review"
            form = {**fields, "passage": passage}
            async with around.client.post(url, data=form, headers=basic(CURATOR)) as page:
                assert page.status == 200
            await swapped(around, 1)
            assert text.quote in await told(around, 2)

    asyncio.run(scenario())
