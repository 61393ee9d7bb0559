"""Readiness while the self-test fails or hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestClient, TestServer

from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import ServiceHangsError
from assemblybot.service import health
from assemblybot.service.health import Health
from assemblybot.service.server import build_app
from assemblybot.session import SqliteInbox, SqliteStore
from tests.doubles.assistants import ScriptedAssistant


@asynccontextmanager
async def health_of(scripted: ScriptedAssistant) -> AsyncIterator[tuple[Health, AnswerQueue]]:
    """The health of a service with this assistant and one platform, and its queue."""
    store, inbox = await SqliteStore.open(), await SqliteInbox.open()
    queue = AnswerQueue(scripted.as_assistant())
    try:
        yield Health(queue, store, inbox, ["telegram"]), queue
    finally:
        queue.close()
        await store.close()
        await inbox.close()


def test_a_service_that_hangs_is_no_longer_alive_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "HUNG_AFTER", 0.1)
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario() -> None:
        async with health_of(scripted) as (tested, queue):
            assert not tested.hangs
            asking = asyncio.create_task(queue.answer("When?"))
            with pytest.raises(ServiceHangsError):
                await asyncio.wait_for(tested.until_it_hangs(), 10)
            async with TestClient(TestServer(build_app(tested.routes))) as client:
                assert (await client.get("/healthz")).status == 503
                scripted.open.set()
                await asking
                assert (await client.get("/healthz")).status == 200

    asyncio.run(scenario())


def test_a_self_test_that_hangs_runs_once_however_often_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "_TEST_WITHIN", 0.02)
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario() -> None:
        async with health_of(scripted) as (tested, _):
            for _ in range(5):
                assert not await tested._answers()
            assert len(scripted.asked) == 1
            monkeypatch.setattr(health, "_TEST_WITHIN", 10)
            scripted.open.set()
            assert await tested._answers()

    asyncio.run(scenario())


def test_a_result_that_came_late_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_TEST_WITHIN", 0.02)
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario() -> None:
        async with health_of(scripted) as (tested, _):
            assert not await tested._answers()
            scripted.open.set()
            async with asyncio.timeout(10):
                while tested._testing:  # noqa: ASYNC110 - a thread sets no event
                    await asyncio.sleep(0.01)
            assert await tested._answers()
            assert len(scripted.asked) == 1

    asyncio.run(scenario())


def test_nobody_waits_for_the_next_test_and_a_late_one_counts_against(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scripted = ScriptedAssistant()

    async def scenario() -> None:
        async with health_of(scripted) as (tested, _):
            assert await tested._answers()
            monkeypatch.setattr(health, "_TESTED_FOR", 0.0)
            scripted.open.clear()
            async with asyncio.timeout(2):
                assert await tested._answers()
            assert tested._testing
            monkeypatch.setattr(health, "_TEST_WITHIN", 0.0)
            await asyncio.sleep(0.01)
            assert not await tested._answers()
            scripted.open.set()

    asyncio.run(scenario())


def test_an_old_result_is_not_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted = ScriptedAssistant()

    async def scenario() -> None:
        async with health_of(scripted) as (tested, _):
            assert await tested._answers()
            for name in ("_TESTED_FOR", "_COUNTS_FOR"):
                monkeypatch.setattr(health, name, 0.001)
            await asyncio.sleep(0.01)
            scripted.open.clear()
            monkeypatch.setattr(health, "_TEST_WITHIN", 0.02)
            assert not await tested._answers()
            scripted.open.set()

    asyncio.run(scenario())
