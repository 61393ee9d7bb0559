"""Strangers who ask in the reader keep no user of a bot waiting."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Answer
from assemblybot.settings import Settings
from tests.doubles.telegram_updates import said
from tests.service.harness import platforms, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
STRANGERS = 9


def test_a_question_to_a_bot_comes_before_those_of_all_strangers(
    settings: Settings, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    go_on = threading.Event()
    answer = assistant.answer

    def held(question: str, *how: Any, **more: Any) -> Answer:
        if threading.current_thread().name.startswith("answers"):  # no self-test
            asked.append(question)
            go_on.wait(60)
        return answer(question, *how, **more)

    monkeypatch.setattr(assistant, "answer", held)

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            posts = [around.post("/read/", b"question=How+many%3F", FORM) for _ in range(STRANGERS)]
            strangers = [asyncio.create_task(post) for post in posts]
            # The last one is turned away only when all others are in the queue.
            (refused,), _ = await asyncio.wait(strangers, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            assert refused.result() == 503
            assert await around.update(said("When did it meet?"), 1) == 200
            async with asyncio.timeout(60):
                while json.loads((await around.get("/readyz"))[1])["waiting"] != 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            go_on.set()
            await around.telegram.until(lambda: bool(around.telegram.sent()))
            assert asked[:2] == ["How many?", "When did it meet?"]
            for stranger in strangers:
                stranger.cancel()

    asyncio.run(scenario())
