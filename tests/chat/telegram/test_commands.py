"""The menus of commands, which Telegram keeps: set once, and no reason not to start."""

from __future__ import annotations

from pathlib import Path

from assemblybot.session import SqliteStore
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_api import Fault, TelegramApi
from tests.doubles.telegram_updates import said


def test_menus_are_set_in_every_language_and_not_again_at_the_next_start(tmp_path: Path) -> None:
    async def scenario() -> None:
        store = await SqliteStore.open(tmp_path / "s.db")
        async with running(ScriptedAssistant().as_assistant(), store=store) as chat:
            await chat.api.until(lambda: len(chat.api.of("setMyShortDescription")) == 5)
            await chat.settle()
            told = chat.api.of("setMyCommands")
            assert len(told) == 10
            assert {one.get("language_code") for one in told} == {None, "ar", "fr", "en", "es"}
            assert {one["scope"]["type"] for one in told} == {"all_private_chats", "all_group_chats"}
        async with running(ScriptedAssistant().as_assistant(), store=store) as chat:
            await chat.tell(said("one"))
            await chat.settle()
            assert not chat.api.of("setMyCommands")
        await store.close()

    play(scenario)


def test_menus_that_cannot_be_set_are_no_reason_not_to_start() -> None:
    async def scenario() -> None:
        async with TelegramApi() as api:
            api.fail("setMyCommands", Fault(429, "Too Many Requests", {"retry_after": 600}))
            async with running(ScriptedAssistant().as_assistant(), api=api) as chat:
                await chat.tell(said("one"))

    play(scenario)
