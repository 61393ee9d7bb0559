"""Start, long polling and what it fetches: refused tokens, cuts, nonsense, late and repeated updates."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from assemblybot.chat.telegram import check_token
from assemblybot.errors import PlatformError, SettingsError
from assemblybot.service.metrics import Metrics
from assemblybot.session import SqliteStore
from tests.chat.telegram.harness import play, poll, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_api import TOKEN, Fault, TelegramApi
from tests.doubles.telegram_updates import edited, message, said


def test_a_second_poller_is_explained_and_ends() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            await chat.tell(said("one"))
            store = await SqliteStore.open()
            assistant = ScriptedAssistant().as_assistant()
            with pytest.raises(PlatformError, match="409"):
                await poll(assistant, store, chat.api, asyncio.Event())
            await store.close()

    play(scenario)


@pytest.mark.parametrize("token", ["", "321", "hello:world", "123456789:short", TOKEN + " x"])
def test_the_shape_of_a_token_is_checked_and_it_is_never_repeated(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_token(token)
    assert not token or token not in str(caught.value)
    assert check_token(f" {TOKEN}\n") == TOKEN


def test_a_refused_token_is_explained() -> None:
    wrong = TOKEN.replace("double", "triple")

    async def scenario() -> None:
        async with TelegramApi() as api:
            store = await SqliteStore.open()
            assistant = ScriptedAssistant().as_assistant()
            with pytest.raises(PlatformError, match="BotFather") as caught:
                await poll(assistant, store, api, asyncio.Event(), token=wrong)
            assert wrong not in str(caught.value)
            await store.close()

    play(scenario)


def test_polling_goes_on_after_cuts_errors_and_nonsense(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.fail(
                "getUpdates",
                Fault(200, cut="before"),
                Fault(500),
                Fault(200, body="{'secret question': "),
                Fault(429, "Too Many Requests", {"retry_after": 1}),
            )
            told = await chat.tell(said("one"))
            assert told["text"]

    play(scenario)
    assert "secret question" not in caplog.text


def test_a_request_for_updates_that_hangs_is_cut_off() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant(), poll_timeout=1, poll_grace=0.3) as chat:
            await chat.tell(said("one"))
            chat.api.fail("getUpdates", Fault(200, delay=30.0))
            start = time.monotonic()
            await chat.settle(1.2)
            await chat.tell(said("two"))
            assert time.monotonic() - start < 6

    play(scenario)


def test_a_bot_that_nobody_writes_to_is_heard_of_all_the_same() -> None:
    class Listening(Metrics):
        def __init__(self) -> None:
            super().__init__()
            self.times, self.thrice = 0, asyncio.Event()

        def heard(self, platform: str) -> None:
            super().heard(platform)
            self.times += 1
            if self.times == 3:
                self.thrice.set()

    async def scenario() -> None:
        metrics = Listening()
        async with running(ScriptedAssistant().as_assistant(), poll_timeout=0, metrics=metrics):
            await asyncio.wait_for(metrics.thrice.wait(), 30)

    play(scenario)


@pytest.mark.parametrize(
    "item",
    [
        {"update_id": 9000, "message": {"message_id": 1}},
        {"update_id": 9000, "message": "text"},
        {"update_id": 9000, "callback_query": {"id": 1, "data": None}},
        {"update_id": 9000, "something_new": {"a": 1}},
        {"update_id": 9000},
    ],
)
def test_a_broken_update_holds_up_nobody(item: object) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.push_raw(9000, item)
            chat.api.push(said("one"), number=9001)
            await chat.api.until(lambda: len(chat.api.sent()) == 1)
            await chat.settle()

    play(scenario)


def test_nonsense_that_is_no_update_at_all_is_survived() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.push_raw(1, "not an update")
            await asyncio.sleep(0.3)
            polls = [call for call in chat.api.calls if call.method == "getUpdates"]
            assert len(polls) < 10, "asked again without a pause"
            chat.api.updates.clear()
            await chat.tell(said("one"))

    play(scenario)


def test_an_update_that_comes_twice_is_answered_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        inbox = tmp_path / "inbox"
        async with TelegramApi() as api:
            async with running(ScriptedAssistant().as_assistant(), api=api, inbox_file=inbox) as chat:
                update = said("one")
                await chat.tell(update)
                api.push(update, number=500)
                await chat.settle()
            async with running(ScriptedAssistant().as_assistant(), api=api, inbox_file=inbox) as chat:
                api.push(update, number=500)
                await chat.settle()
            assert len(api.sent()) == 1

    play(scenario)


def test_updates_missed_while_down_are_answered_and_old_ones_are_not() -> None:
    async def scenario() -> None:
        async with TelegramApi() as api:
            old = message("much too old", age=4000)
            for update in (
                said("half an hour ago", age=1800),
                {"message": old},
                edited(old, "changed", age=3700),
            ):
                api.push(update)
            asked = ScriptedAssistant()
            async with running(asked.as_assistant(), api=api) as chat:
                await api.until(lambda: len(api.sent()) == 1)
                await chat.settle()
            assert asked.texts == ["half an hour ago"]
            assert api.of("deleteWebhook") == [{"drop_pending_updates": False}]

    play(scenario)


def test_what_was_fetched_is_confirmed_when_it_stops() -> None:
    async def scenario() -> None:
        async with TelegramApi() as api:
            asked = ScriptedAssistant(seconds=0.3)
            async with running(asked.as_assistant(), api=api) as chat:
                chat.api.push(said("one"))
                await api.until(lambda: bool(asked.asked))
            assert len(api.sent()) == 1, "the question in flight was answered first"
            assert not api.updates

    play(scenario)


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
