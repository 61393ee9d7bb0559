"""What Slack refuses or holds up, who asks too much, and what is kept and logged of a question."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import pytest
from slack_bolt.context.async_context import AsyncBoltContext

from assemblybot.chat.answer_queue import SLOTS
from tests.chat.slack.harness import Bot, running_bot
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_api import TEAM
from tests.doubles.slack_payloads import event_body, mention, message

#: Seconds that no other pause takes.
WAIT = 77


def test_told_to_wait_slack_is_called_again_and_the_answer_is_posted_once() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail(
                "chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}
            )
            await bot.tell(mention("when?"))
            first, second = (call for call in bot.slack.calls if call.method == "chat.postMessage")
            assert second.at - first.at >= 1.0
            assert bot.assistant.texts == ["when?"]
            for counted in ("rate_limited", "retries"):
                assert f'{counted}_total{{platform="slack"}} 1.0'.encode() in bot.counted()

    asyncio.run(scenario())


def test_who_waits_for_slack_keeps_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        over, sleep = asyncio.Event(), asyncio.sleep

        async def sleep_or_wait(delay: float) -> None:
            await (over.wait() if delay >= WAIT else sleep(delay))

        monkeypatch.setattr(asyncio, "sleep", sleep_or_wait)
        async with running_bot() as bot:
            opened = {"type": "app_home_opened", "user": "U0ASKER", "channel": "D0DIRECT", "tab": "home"}
            for _ in range(SLOTS):
                bot.slack.fail("views.publish", 429, {"ok": False}, {"Retry-After": str(WAIT)})
                await bot.post(event_body(opened))
            await bot.slack.until(lambda: len(bot.slack.of("views.publish")) == SLOTS)
            await bot.post(event_body(mention("when?")))
            await bot.slack.until(lambda: bot.posts, 30)
            over.set()
            await bot.dispatcher.drain(30)
            assert len(bot.slack.of("views.publish")) == 2 * SLOTS

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_post_that_may_have_arrived_is_not_repeated(status: int) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("chat.postMessage", status, {"ok": False, "error": "internal_error"})
            await bot.tell(mention("when?"))
            assert len(bot.posts) == 1

    asyncio.run(scenario())


def test_someone_who_asks_too_much_is_told_how_long_to_wait() -> None:
    async def scenario() -> None:
        async with running_bot(limit="1 per minute") as bot:
            await bot.tell(message("when?"))
            await bot.tell(message("متى؟"))
            # One, two or several seconds: each has its own form in Arabic.
            assert re.search("ثاني|ثوان", bot.posts[1]["text"])
            assert bot.assistant.texts == ["when?"]

    asyncio.run(scenario())


def test_when_too_many_wait_the_next_is_told_so() -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with running_bot(assistant, most_waiting=2) as bot:
            for person in range(2):
                await bot.post(event_body(message("when?", user=f"U{person}", channel=f"D{person}")))
            await bot.slack.until(lambda: bot.conversation.queue.waiting == 2)
            await bot.post(event_body(message("when?")))
            await bot.slack.until(lambda: bot.posts)
            assert "Too many questions" in bot.posts[0]["text"]
            assistant.open.set()
            await bot.dispatcher.drain(5)
            assert len(bot.posts) == 3

    asyncio.run(scenario())


def test_questions_that_cannot_be_read_and_failures_get_a_polite_line() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            for text in ("؟؟؟", "why " * 700, "break it", "hello"):
                await bot.tell(message(text))
            expected = ("no readable text", "too long", "Something went wrong", "Hello! Ask me about")
            for post, words in zip(bot.posts, expected, strict=True):
                assert words in post["text"]

    asyncio.run(scenario())


def test_neither_questions_nor_tokens_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, through every kind of failure."""
    words = "s3cretquestion"

    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("assistant.threads.setStatus", 200, {"ok": False, "error": "not_allowed"})
            for text in (f"{words}?", f"break {words}", f"off {words}", f"{words} " * 300):
                await bot.tell(message(text))
            for status, body in ((500, {"ok": False}), (200, {"ok": False, "error": "restricted_action"})):
                bot.slack.fail("chat.postMessage", status, body)
                await bot.tell(mention(words))
            await bot.store.close()
            await bot.tell(mention(words))

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scenario())
    logged = "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    assert "restricted_action" in logged
    assert "RuntimeError" in logged
    assert words not in logged
    assert "xoxb-" not in logged
    assert "U0ASKER" not in logged


def test_nothing_is_kept_under_the_ids_of_slack() -> None:
    async def scenario(bot: Bot) -> list[Any]:
        await bot.tell(mention("when?"))
        await bot.tell(message("when?"))
        rows: list[Any] = []
        for table in ("seen", "notes"):
            rows += await bot.store.database.rows(f"SELECT * FROM {table}")
        return rows

    async def run() -> None:
        async with running_bot() as bot:
            rows = str(await scenario(bot))
            assert "when?" in rows, "the context is there"
            for name in ("U0ASKER", "C0ROOM", "D0DIRECT", TEAM):
                assert name not in rows

    asyncio.run(run())


def test_a_user_is_someone_else_in_another_workspace() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            here, there = (AsyncBoltContext({"team_id": team, "user_id": "U1"}) for team in ("T1", "T2"))
            assert bot.conversation.sender(here) != bot.conversation.sender(there)

    asyncio.run(scenario())
