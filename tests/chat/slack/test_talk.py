"""Talk in a thread of a channel, with the shipped model: silence for all but questions to the documents."""

from __future__ import annotations

import asyncio

import pytest

from assemblybot import Assistant
from assemblybot.text.bidi import strip_bidi
from tests.chat.slack.harness import running_bot
from tests.chat.talk import ANSWER, TALK, Talk
from tests.doubles.slack_payloads import command, in_channel, mention, ts


@pytest.mark.parametrize("talk", TALK.values(), ids=TALK)
def test_of_what_colleagues_say_in_a_thread_only_a_question_is_answered(
    talk: Talk, assistant: Assistant
) -> None:
    async def scenario() -> None:
        async with running_bot(assistant) as bot:
            thread = ts()
            await bot.tell(mention(talk.first, thread_ts=thread))
            for number, line in enumerate(talk.lines):
                await bot.tell(in_channel(line, thread_ts=thread, user=f"U0COLLEAGUE{number % 2}"))
                assert len(bot.posts) == 1, line
            await bot.tell(in_channel(talk.question, thread_ts=thread))
            answer = bot.posts[1]
            assert answer["thread_ts"] == thread
            assert ANSWER in strip_bidi(answer["text"])

    asyncio.run(scenario())


@pytest.mark.parametrize("talk", TALK.values(), ids=TALK)
@pytest.mark.parametrize("where", ["channel", "thread"])
def test_quiet_ends_even_the_answers_to_questions(talk: Talk, where: str, assistant: Assistant) -> None:
    async def scenario() -> None:
        async with running_bot(assistant) as bot:
            thread = ts()

            async def be(word: str) -> None:
                if where == "channel":
                    await bot.act(command(word, bot.slack.response_url()), form=True)
                else:
                    await bot.tell(mention(word, thread_ts=thread))

            await bot.tell(mention(talk.first, thread_ts=thread))
            await be("quiet")
            before = len(bot.posts)
            await bot.tell(in_channel(talk.question, thread_ts=thread))
            assert len(bot.posts) == before
            await be("quiet off")
            await bot.tell(in_channel(talk.question, thread_ts=thread))
            assert ANSWER in strip_bidi(bot.posts[-1]["text"])

    asyncio.run(scenario())
