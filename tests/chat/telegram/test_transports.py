"""Start, long polling and what it fetches: refused tokens, cuts, nonsense, late and repeated updates."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import generate_latest

from assemblybot.chat.channel import NotAcceptedError
from assemblybot.chat.telegram import Incoming, Poller, Webhook, check_token
from assemblybot.errors import PlatformError, PlatformUnreachableError, SettingsError
from assemblybot.service.metrics import Metrics
from assemblybot.session import SqliteStore
from assemblybot.session.inbox import Delivery
from tests.chat.slack.harness import served
from tests.chat.telegram.harness import NAMES, play, poll, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_api import TOKEN, Fault, TelegramApi
from tests.doubles.telegram_updates import edited, message, said

SECRET = "a_secret_of_the_webhook-0123"


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


@pytest.mark.slow
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


class Pauses:
    """Keeps the pauses of half a second and more, and takes them at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[float] = []
        self._sleep = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", self._pause)

    async def _pause(self, seconds: float) -> None:
        if seconds >= 0.5:
            self.taken.append(seconds)
        await self._sleep(0 if seconds >= 0.5 else seconds)


@asynccontextmanager
async def polling(api: TelegramApi) -> AsyncIterator[list[Delivery]]:
    """A poller alone: the deliveries that it takes."""
    taken: list[Delivery] = []

    async def enqueue(delivery: Delivery, *, repeated: bool = False) -> None:
        taken.append(delivery)

    bot: Any = SimpleNamespace(api=SimpleNamespace(base_url=f"{api.base_url}{TOKEN}"))
    watching = asyncio.create_task(Poller(bot, Incoming(NAMES, enqueue, token=TOKEN), timeout=0).watch())
    try:
        yield taken
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def polls(api: TelegramApi) -> int:
    return sum(call.method == "getUpdates" for call in api.calls)


def test_after_what_is_no_update_telegram_is_asked_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> None:
        pauses = Pauses(monkeypatch)
        async with TelegramApi() as api:
            api.push_raw(1, "not an update")
            async with polling(api) as taken:
                await api.until(lambda: len(pauses.taken) >= 9)
                assert pauses.taken[:9] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
                assert not taken
                api.updates.clear()
                api.push(said("one"))
                await api.until(lambda: len(taken) == 1)
                pauses.taken.clear()
                api.push_raw(9000, "not an update")
                await api.until(lambda: len(pauses.taken) >= 2)
                assert pauses.taken[:2] == [0.5, 1.0], "what was read ends the longer pauses"

    play(scenario)


def test_where_nobody_writes_telegram_is_asked_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        pauses = Pauses(monkeypatch)
        async with TelegramApi() as api, polling(api) as taken:
            await api.until(lambda: polls(api) >= 5)
            assert not pauses.taken
            assert not taken

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


def test_a_telegram_that_cannot_be_reached_is_explained() -> None:
    async def scenario() -> None:
        async with TelegramApi() as api:
            store = await SqliteStore.open()
            api.fail("deleteWebhook", *[Fault(403, "Forbidden: not now")] * 9)
            with pytest.raises(PlatformUnreachableError, match=r"cannot be reached .*Check the network"):
                await poll(ScriptedAssistant().as_assistant(), store, api, asyncio.Event())
            await store.close()

    play(scenario)


@pytest.mark.parametrize(
    ("secret", "body", "accepts", "status"),
    [
        (SECRET, said("one") | {"update_id": 5}, True, 200),
        (SECRET, said("one") | {"update_id": 5}, False, 503),
        (SECRET, said("one"), True, 400),
        (SECRET, "{", True, 400),
        (SECRET, "[" * 100_000, True, 400),
        ("another" + SECRET, said("one") | {"update_id": 5}, True, 401),
        ("", said("one") | {"update_id": 5}, True, 401),
    ],
)
def test_what_comes_by_the_webhook_is_taken_counted_and_acknowledged_once_it_lies_safe(
    secret: str, body: object, accepts: bool, status: int
) -> None:
    async def scenario() -> None:
        taken, metrics, bot = [], Metrics(), cast(Any, SimpleNamespace(api=None))

        async def enqueue(delivery: Delivery, *, repeated: bool = False) -> None:
            if not accepts:
                raise NotAcceptedError("Not now.")
            taken.append(delivery)

        incoming = Incoming(NAMES, enqueue, token=TOKEN, observer=metrics)
        webhook = Webhook(bot, incoming, public_url="https://bot.example/", secret=SECRET)
        data = body if isinstance(body, str) else json.dumps(body)
        async with served(webhook) as client:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
            async with client.post("/telegram/webhook", data=data, headers=headers) as answer:
                assert answer.status == status
        assert len(taken) == (status == 200)
        counted = generate_latest(metrics.registry).decode()
        assert ('ack_seconds_count{platform="telegram"} 1.0' in counted) is (status == 200)
        refused = [line for line in counted.splitlines() if "deliveries_total{" in line and "refused" in line]
        assert [line.endswith(" 1.0") for line in refused] == [True] * (status == 401)

    play(scenario)
