"""Unmentioned messages in a thread: which are answered, and how one ends that."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from assemblybot.answering.answer import Answer, Remark, Verdict
from assemblybot.text.bidi import strip_bidi
from tests.chat.slack.harness import running_bot
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_payloads import changed, command, event_body, in_channel, mention, ts


def test_a_thread_goes_on_without_a_mention_once_the_bot_was_mentioned_there() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            root = ts()
            await bot.tell(in_channel("what do you think?", thread_ts=root))
            assert not bot.posts
            await bot.tell(mention("when?", thread_ts=root))
            await bot.tell(in_channel("and Morocco?", thread_ts=root))
            await bot.tell(in_channel("and elsewhere?", thread_ts=ts()))
            await bot.tell(in_channel("<@U0OTHER> look at this", thread_ts=root))
            assert bot.assistant.texts == ["when?", "and Morocco?"]
            context = bot.assistant.asked[1][1]
            assert context is not None
            assert context.question == "when?"
            assert context.citations == ("marrakech-2025#3", "marrakech-2025#11")
            assert {post["thread_ts"] for post in bot.posts} == {root}

    asyncio.run(scenario())


def test_an_unmentioned_question_follows_the_one_that_is_not_answered_yet() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            root = ts()
            await bot.tell(mention("when?", thread_ts=root))
            bot.assistant.open.clear()
            for text in ("and Morocco?", "and then?"):
                await bot.post(event_body(in_channel(text, thread_ts=root)))
            await bot.slack.until(lambda: len(bot.assistant.asked) == 2)
            bot.assistant.open.set()
            await bot.dispatcher.drain(30)
            assert bot.assistant.leaned == [None, "when?", "and Morocco?"]

    asyncio.run(scenario())


class Keeping(ScriptedAssistant):
    """Also knows questions it is unsure of, and talk."""

    def answer(self, question: str, context: Any = None, *, language: Any = None) -> Answer:
        answer = super().answer(question, context, language=language)
        if "unsure" in question:
            return replace(answer, is_unsure=True)
        if "lunch" in question:
            return Answer(question, "en", Verdict.NOT_A_QUESTION, 1.0, remark=Remark.CHATTER)
        return answer


@pytest.mark.parametrize("said", ["off topic?", "unsure?", "lunch at noon", "break it", ":party_parrot:"])
def test_an_unmentioned_message_that_gets_no_answer_leaves_no_trace(said: str) -> None:
    async def scenario() -> None:
        async with running_bot(Keeping(), limit="2 per minute") as bot:
            root, when = ts(), ts()
            await bot.tell(mention("when?", thread_ts=root))
            before = await bot.figures()
            for _ in range(3):
                await bot.tell(in_channel(said, thread_ts=root))
            await bot.tell(in_channel(said, thread_ts=root, ts=when))
            assert len(bot.posts) == 1
            assert await bot.figures() == before, "nothing is counted or kept"
            await bot.tell(in_channel("and Morocco?", thread_ts=root))
            assert len(bot.posts) == 2, "the limit is not touched"
            context = bot.assistant.asked[-1][1]
            assert context is not None
            assert context.question == "when?"
        async with running_bot(Keeping()) as bot:
            await bot.tell(mention("when?", thread_ts=root))
            await bot.tell(in_channel(said, thread_ts=root, ts=when))
            await bot.tell(changed("<@U0BOT> when?", when))
            assert len(bot.posts) == 2, "an edit that adds the mention is answered"

    asyncio.run(scenario())


def test_an_unmentioned_question_over_the_limit_gets_silence_and_one_below_it_counts() -> None:
    async def scenario() -> None:
        async with running_bot(limit="2 per minute") as bot:
            root = ts()
            await bot.tell(mention("when?", thread_ts=root))
            for _ in range(3):
                await bot.tell(in_channel("and Morocco?", thread_ts=root))
            assert len(bot.posts) == 2
            await bot.tell(mention("who?", thread_ts=root))
            assert "You have asked many questions" in bot.posts[2]["text"]

    asyncio.run(scenario())


def test_quiet_in_a_thread_ends_unmentioned_answers_there_until_it_is_taken_back() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            one, other = ts(), ts()
            for thread in (one, other):
                await bot.tell(mention("when?", thread_ts=thread))
            await bot.tell(mention("quiet", thread_ts=one))
            assert "@assemblybot quiet off" in strip_bidi(bot.posts[-1]["text"])
            await bot.tell(in_channel("and Morocco?", thread_ts=one))
            assert len(bot.posts) == 3
            await bot.tell(in_channel("and Morocco?", thread_ts=other))
            await bot.tell(mention("who?", thread_ts=one))
            assert [post["thread_ts"] for post in bot.posts[3:]] == [other, one]
            await bot.tell(mention("Quiet off", thread_ts=one))
            await bot.tell(in_channel("and Morocco?", thread_ts=one))
            assert len(bot.posts) == 7
            assert "quiet" not in bot.assistant.texts

    asyncio.run(scenario())


def test_quiet_in_a_channel_holds_for_its_threads_and_a_thread_may_differ() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            root, other = ts(), ts()
            await bot.tell(mention("when?", thread_ts=root))
            await bot.act(command("quiet", bot.slack.response_url()), form=True)
            assert "/assembly quiet off" in strip_bidi(bot.private[-1]["text"])
            await bot.tell(in_channel("and Morocco?", thread_ts=root))
            assert len(bot.posts) == 1
            await bot.tell(mention("when?", thread_ts=other))
            await bot.tell(mention("quiet off", thread_ts=other))
            await bot.tell(in_channel("and Morocco?", thread_ts=other))
            assert len(bot.posts) == 4
            await bot.act(command("quiet off", bot.slack.response_url()), form=True)
            await bot.tell(in_channel("and Morocco?", thread_ts=root))
            assert len(bot.posts) == 5
            await bot.act(command("quiet", bot.slack.response_url(), channel_id="D0DIRECT"), form=True)
            assert "every message is for me" in bot.private[-1]["text"]

    asyncio.run(scenario())
