"""What Slack sends twice, and what two processes see, is answered once."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from pathlib import Path

import pytest

from assemblybot.session import SqliteInbox
from assemblybot.session.inbox import OWNER_TTL
from tests.chat.slack.harness import running_bot
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_payloads import event_body, in_channel, mention, message, ts


def test_mention_and_message_are_one_question_and_so_are_retries() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            when = ts()
            bodies = [
                event_body(mention("when?", ts=when), "Ev1"),
                event_body(in_channel("<@U0BOT> when?", ts=when), "Ev2"),
                event_body(mention("when?", ts=when), "Ev1"),
                event_body(in_channel("<@U0BOT> when?", ts=when), "Ev2"),
            ]
            random.Random(5).shuffle(bodies)
            assert set(await asyncio.gather(*(bot.post(b, retry=n) for n, b in enumerate(bodies)))) == {200}
            await bot.dispatcher.drain(5)
            assert len(bot.posts) == 1

    asyncio.run(scenario())


def test_a_retry_after_a_real_loss_is_answered() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            for _ in range(2):
                await bot.post(event_body(mention("when?", ts="1.000001"), "EvLost"), retry=1)
            await bot.dispatcher.drain(5)
            assert len(bot.posts) == 1

    asyncio.run(scenario())


def test_the_same_words_asked_again_are_another_question() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            for _ in range(2):
                await bot.tell(message("when?"))
            assert len(bot.posts) == 2

    asyncio.run(scenario())


def test_two_replicas_that_share_their_state_answer_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running_bot(state=tmp_path) as first, running_bot(state=tmp_path) as second:
            body = event_body(mention("when?"), "EvBoth")
            await asyncio.gather(first.post(body), second.post(body))
            await first.dispatcher.drain(5)
            await second.dispatcher.drain(5)
            assert len(first.posts) + len(second.posts) == 1

    asyncio.run(scenario())


def test_what_another_process_took_over_is_left_to_it_with_one_word_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with running_bot(assistant, state=tmp_path) as bot:
            await bot.post(event_body(mention("when?")))
            await asyncio.to_thread(assistant.begun.wait, 5)
            late = await SqliteInbox.open(tmp_path / "inbox", clock=lambda: time.time() + OWNER_TTL + 1)
            assert len((await late.reclaim("slack")).deliveries) == 1
            assistant.open.set()
            await bot.dispatcher.drain(5)
            assert not bot.posts
            await late.close()

    asyncio.run(scenario())
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["WARNING"]
