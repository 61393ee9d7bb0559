"""What goes wrong at Telegram, on the network, and in what is sent to us."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from assemblybot.chat.answer_queue import SLOTS
from assemblybot.messages import say
from assemblybot.session import SqliteInbox
from assemblybot.session.inbox import OWNER_TTL
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_api import Fault, TelegramApi
from tests.doubles.telegram_updates import GROUP, edited, group, message, person, said

#: Seconds that no other pause takes.
FLOOD_WAIT = 77


def test_a_flood_wait_stalls_its_chat_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        begun, over, sleep = asyncio.Event(), asyncio.Event(), asyncio.sleep

        async def sleep_or_wait(delay: float) -> None:
            if delay == FLOOD_WAIT:
                begun.set()
                await over.wait()
            else:
                await sleep(delay)

        monkeypatch.setattr(asyncio, "sleep", sleep_or_wait)
        async with running(ScriptedAssistant().as_assistant()) as chat:
            wait = {"retry_after": FLOOD_WAIT}
            flooded = Fault(429, "Too Many Requests", wait, matches=lambda p: p["chat_id"] == 7)
            chat.api.fail("sendMessage", flooded)
            chat.api.push(said("one"))
            chat.api.push(said("two"))
            await begun.wait()
            for number in range(20, 40):
                chat.api.push(said("three", user=person(number)))
            await chat.api.until(lambda: len(chat.api.sent()) == 20)
            assert not chat.api.sent(7)
            over.set()
            await chat.api.until(lambda: len(chat.api.sent(7)) == 2)

    play(scenario)


def test_a_full_group_however_many_ask_there_keeps_nobody_else_waiting() -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant().as_assistant()
        async with running(assistant, per_group_minute=1, drain_seconds=0) as chat:
            await chat.tell(said("/ask one?", chat=group()))
            for number in range(SLOTS + 1):
                chat.api.push(said("/ask more?", user=person(number + 20), chat=group()))
            chat.api.push(said("and me?", user=person(7)))
            await chat.api.until(lambda: bool(chat.api.sent(7)), 5)
            assert len(chat.api.sent(GROUP)) == 1

    play(scenario)


def test_what_another_process_took_over_is_left_to_it_with_one_word_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with running(assistant.as_assistant(), inbox_file=tmp_path / "inbox") as chat:
            chat.api.push(said("when?"))
            await asyncio.to_thread(assistant.begun.wait, 5)
            late = await SqliteInbox.open(tmp_path / "inbox", clock=lambda: time.time() + OWNER_TTL + 1)
            assert len((await late.reclaim("telegram")).deliveries) == 1
            await late.close()
            assistant.open.set()
            await chat.api.until(lambda: bool(caplog.records))
        assert not chat.api.sent()

    caplog.set_level("WARNING")
    play(scenario)
    (record,) = caplog.records
    assert (record.levelname, "taken over" in record.message) == ("WARNING", True)


def test_a_storm_of_429_loses_and_doubles_nothing() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            for _ in range(3):
                chat.api.fail("sendMessage", *[Fault(429, "Too Many", {"retry_after": 1})] * 8)
            for number in range(10, 30):
                chat.api.push(said("one", user=person(number)))
            await chat.api.until(lambda: len(chat.api.sent()) == 20, 20)
            await chat.settle()
            assert sorted(told["chat_id"] for told in chat.api.sent()) == list(range(10, 30))

    play(scenario)


def test_a_crowd_is_answered_at_the_pace_of_telegram() -> None:
    async def scenario() -> None:
        async with (
            TelegramApi(flood_control=True) as api,
            running(ScriptedAssistant().as_assistant(), api=api) as chat,
        ):
            for number in range(100, 180):
                api.push(said("one", user=person(number)))
            await api.until(lambda: len(api.sent()) == 80)
            # How many a second is tested in test_requests.py: here both sides share one busy loop.
            sends = [call for call in api.calls if call.method == "sendMessage"]
            assert sorted(told["chat_id"] for told in api.sent()) == list(range(100, 180))
            assert sends[-1].at - sends[0].at >= 1.9
            await chat.settle()

    play(scenario)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500),
        Fault(503, "Service Unavailable"),
        Fault(502, "Bad Gateway"),
        Fault(502, body="<html>Bad Gateway</html>"),
        Fault(504, body=""),
    ],
    ids=["500", "503", "502", "502 in HTML", "504 without a body"],
)
def test_an_error_of_the_server_is_tried_again(fault: Fault) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.fail("sendMessage", fault, fault)
            await chat.tell(said("one"))
            await chat.settle()
            assert len(chat.api.sent()) == 1

    play(scenario)


def test_what_may_have_been_done_is_not_done_again() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.fail("sendMessage", Fault(200, cut="after"))
            chat.api.push(said("one"))
            await chat.settle(1.0)
            tries = [call for call in chat.api.calls if call.method == "sendMessage"]
            assert len(tries) == 1
            await chat.tell(said("two"))

    play(scenario)


def test_an_edit_is_tried_again_after_a_cut() -> None:
    first = message("one")

    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            await chat.tell({"message": first})
            chat.api.fail("editMessageText", Fault(200, cut="before"))
            chat.api.push(edited(first, "off the subject"))
            await chat.api.until(lambda: len(chat.api.of("editMessageText")) == 1)
            assert len(chat.api.sent()) == 1

    play(scenario)


def test_a_slow_server_slows_nobody_else_down() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.fail("sendMessage", Fault(200, delay=5.0, matches=lambda p: p["chat_id"] == 7))
            chat.api.push(said("one"))
            await asyncio.sleep(0.1)
            start = time.monotonic()
            await chat.tell(said("two", user=person(8)))
            assert time.monotonic() - start < 4

    play(scenario)


def test_a_user_who_blocked_the_bot_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.blocked.add(7)
            chat.api.push(said("one"))
            await chat.settle()
            await chat.tell(said("two", user=person(8)))
            assert [call.method for call in chat.api.calls].count("sendMessage") == 2

    play(scenario)
    assert "Forbidden" in caplog.text


def test_a_group_that_became_a_supergroup_gets_its_answer_there() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.migrated[GROUP] = GROUP - 5
            await chat.tell(said("/ask one", chat=group()))
            assert len(chat.api.sent(GROUP - 5)) == 1

    play(scenario)


def test_too_many_questions_get_one_polite_line() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant(), limit="2 per minute") as chat:
            for _ in range(6):
                chat.api.push(said("Combien ?", user=person(language="en")))
            await chat.api.until(lambda: len(chat.api.sent()) == 3)
            await chat.settle()
            assert len(chat.api.sent()) == 3
            start = say("fr", "slow-down", seconds=9).split("9")[0].rstrip("\u2068")
            assert chat.api.sent()[-1]["text"].startswith(start)
            await chat.tell(said("one", user=person(8)))

    play(scenario)


def test_more_questions_than_can_wait_are_told_to_come_back() -> None:
    asked = ScriptedAssistant()
    asked.open.clear()

    async def scenario() -> None:
        async with running(asked.as_assistant(), most_waiting=3) as chat:
            for number in range(10, 15):
                chat.api.push(said("one", user=person(number)))
            await chat.api.until(lambda: len(chat.api.sent()) == 2)
            assert {told["text"] for told in chat.api.sent()} == {say("en", "busy")}
            asked.open.set()
            await chat.api.until(lambda: len(chat.api.sent()) == 5)

    play(scenario)
