"""`/assembly` and the message shortcut."""

from __future__ import annotations

import asyncio

import pytest

from assemblybot.text.bidi import strip_bidi
from tests.chat.slack.harness import NAMES, ask, running_bot
from tests.doubles import answers
from tests.doubles.slack_api import TEAM
from tests.doubles.slack_payloads import message, shortcut

ASKER = NAMES.user("slack", TEAM, "U0ASKER")


def test_a_question_is_answered_to_its_asker_alone() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            reply = await ask(bot, "when?")
            assert reply["response_type"] == "ephemeral"
            assert "The proceedings of the 93rd session" in reply["text"]
            assert not bot.posts

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "/assembly"),
        ("help", "/assembly"),
        ("HELP", "/assembly"),
        ("sources", "حسن الخلقي"),
        ("privacy", "30"),
        ("forget", "deleted"),
        ("lang", "fr (Français)"),
        ("lang xx", "fr (Français)"),
        ("lang fr", "en français"),
        ("lang ar", "بالعربية"),
        ("lang auto", "language of your question"),
    ],
)
def test_words_of_the_command(text: str, words: str) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            assert words in strip_bidi((await ask(bot, text))["text"])
            assert not bot.assistant.asked

    asyncio.run(scenario())


def test_a_question_that_begins_with_a_word_of_the_command_is_a_question() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await ask(bot, "sources of money laundering?")
            assert bot.assistant.texts == ["sources of money laundering?"]

    asyncio.run(scenario())


def test_a_chosen_language_holds_for_answers_in_other_languages_with_their_translations() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await ask(bot, "lang fr")
            reply = await ask(bot, "متى انعقدت الجمعية؟")
            french = answers.document().translations["fr"]
            assert reply["text"].startswith(french[3].split(". ")[0])
            assert french[1] in strip_bidi(reply["text"]), "the title of the source too"
            await ask(bot, "lang auto")
            assert strip_bidi((await ask(bot, "متى انعقدت الجمعية؟"))["text"]).startswith("انطلقت في مراكش")

    asyncio.run(scenario())


def test_forget_deletes_what_is_kept() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await ask(bot, "lang es")
            await bot.tell(message("when?"))
            await ask(bot, "forget")
            assert await bot.store.get_preference(ASKER, "language") is None
            await bot.tell(message("and then?"))
            assert bot.assistant.asked[-1][1] is None

    asyncio.run(scenario())


def test_the_shortcut_asks_with_the_words_of_a_message() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.act(shortcut("<@U0OTHER> when &amp; where?", bot.slack.response_url()))
            assert bot.assistant.texts == ["when & where?"]
            assert bot.private[0]["response_type"] == "ephemeral"
            await bot.act(shortcut("", bot.slack.response_url()))
            assert "no text" in bot.private[1]["text"]

    asyncio.run(scenario())


def test_the_shortcut_in_a_thread_answers_in_the_thread() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.act(shortcut("when?", bot.slack.response_url(), thread_ts="5.5"))
            (whisper,) = bot.slack.of("chat.postEphemeral")
            assert (whisper["channel"], whisper["user"], whisper["thread_ts"]) == ("C0ROOM", "U0ASKER", "5.5")
            assert not bot.private
            for refusal in ("not_in_channel", "channel_not_found"):
                bot.slack.fail("chat.postEphemeral", 200, {"ok": False, "error": refusal})
                await bot.act(shortcut("when?", bot.slack.response_url(), thread_ts="5.5"))
                assert bot.private[-1]["thread_ts"] == "5.5"
                assert bot.private[-1]["response_type"] == "ephemeral"
            await bot.act(shortcut("when?", bot.slack.response_url(), ts="6.6", thread_ts="6.6"))
            assert "thread_ts" not in bot.private[-1], "the first message of a thread stands in the channel"

    asyncio.run(scenario())


def test_the_shortcut_reads_what_an_app_says_in_blocks_or_attachments() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "when?"}}

    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.act(shortcut("", bot.slack.response_url(), blocks=[section]))
            await bot.act(shortcut("", bot.slack.response_url(), attachments=[{"text": "who?"}]))
            assert bot.assistant.texts == ["when?", "who?"]

    asyncio.run(scenario())
