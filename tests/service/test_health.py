"""Readiness while the self-test fails or hangs."""

from __future__ import annotations

import asyncio

import pytest

from assemblybot.chat.desk import AnswerDesk
from assemblybot.service import health
from assemblybot.service.health import Health
from assemblybot.session import SqliteInbox, SqliteStore
from tests.doubles.assistants import ScriptedAssistant


def test_a_self_test_that_hangs_runs_once_however_often_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "_TEST_WITHIN", 0.02)
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario() -> None:
        store, inbox = await SqliteStore.open(), await SqliteInbox.open()
        desk = AnswerDesk(scripted.as_assistant())
        tested = Health(desk, store, inbox, ["telegram"])
        for _ in range(5):
            assert not await tested._answers()
        assert len(scripted.asked) == 1
        monkeypatch.setattr(health, "_TEST_WITHIN", 10)
        scripted.open.set()
        assert await tested._answers()
        desk.close()
        await store.close()
        await inbox.close()

    asyncio.run(scenario())
