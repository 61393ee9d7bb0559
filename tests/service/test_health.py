"""Readiness while the self-test fails or hangs."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer

from assemblybot.chat.desk import AnswerDesk
from assemblybot.errors import ServiceHangsError
from assemblybot.service import health
from assemblybot.service.app import build_app
from assemblybot.service.health import Health
from assemblybot.session import SqliteInbox, SqliteStore
from tests.doubles.assistants import ScriptedAssistant


def test_a_service_that_hangs_is_no_longer_alive_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HUNG_AFTER", 0.1)
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario() -> None:
        store, inbox = await SqliteStore.open(), await SqliteInbox.open()
        desk = AnswerDesk(scripted.as_assistant())
        tested = Health(desk, store, inbox, ["telegram"])
        assert not tested.hangs
        asking = asyncio.create_task(desk.answer("When?"))
        with pytest.raises(ServiceHangsError):
            await asyncio.wait_for(tested.until_it_hangs(), 10)
        async with TestClient(TestServer(build_app(tested.routes))) as client:
            assert (await client.get("/healthz")).status == 503
            scripted.open.set()
            await asking
            assert (await client.get("/healthz")).status == 200
        desk.close()
        await store.close()
        await inbox.close()

    asyncio.run(scenario())


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
