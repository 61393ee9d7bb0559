"""Several collections behind one app: each channel and each person hears their own documents."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from assemblybot.answering.assistant import Assistant
from assemblybot.messages import say
from assemblybot.render.slack_buttons import AROUND
from assemblybot.text.bidi import strip_bidi
from tests.chat.curated import LAMPS, curated, ids
from tests.chat.slack.harness import Bot, ask, buttons, running_bot
from tests.conftest import write_small
from tests.doubles.slack_api import TEAM
from tests.doubles.slack_payloads import click, mention, message

QUESTION = "How long did the work on the harbour take?"
ANSWER = "nine years of work"
REFUSED = say("en", "not-in-corpus")
NAMES = ("press", "course", "empty")
ADMINS = frozenset({"U0ADMIN"})
UNAVAILABLE = strip_bidi(say("en", "collection-unavailable"))


async def command(bot: Bot, text: str, **fields: Any) -> str:
    return strip_bidi(str((await ask(bot, text, **fields))["text"]))


async def mentioned(bot: Bot, channel: str) -> str:
    await bot.tell(mention(QUESTION, channel=channel))
    return strip_bidi(str(bot.posts[-1]["text"]))


def test_each_channel_and_each_person_hear_their_own(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        async with running_bot(assistant, others=NAMES, besides=besides, admins=ADMINS) as bot:
            assert "Only administrators" in await command(bot, "collection press")
            assert "“press”" in await command(bot, "collection press", user_id="U0ADMIN")
            assert ANSWER in await mentioned(bot, "C0ROOM")
            assert ANSWER in await command(bot, QUESTION)
            assert REFUSED in await mentioned(bot, "C0OTHER")
            # The conversation of one person with the bot is their own to bind.
            assert "“course”" in await command(bot, "collection course", channel_id="D0DIRECT")
            await bot.tell(message(QUESTION))
            assert ANSWER in strip_bidi(str(bot.posts[-1]["text"]))
            await bot.tell(message(QUESTION, user="U0OTHER", channel="D0ANOTHER"))
            assert REFUSED in strip_bidi(str(bot.posts[-1]["text"]))
            await command(bot, "forget", channel_id="D0DIRECT")
            await bot.tell(message(QUESTION))
            assert REFUSED in strip_bidi(str(bot.posts[-1]["text"]))
            assert b'collection="press"' in bot.counted() and b'collection="course"' in bot.counted()

    asyncio.run(scenario())


@pytest.mark.parametrize("fixed", [f"slack:{TEAM}", f"slack:{TEAM}:C0ROOM", "slack"])
def test_settings_bind_a_workspace_or_a_channel(
    assistant: Assistant, besides: list[Assistant], fixed: str
) -> None:
    async def scenario() -> None:
        bound = {fixed: "press"}
        async with running_bot(assistant, others=NAMES, besides=besides, admins=ADMINS, fixed=bound) as bot:
            said = await command(bot, "collection course", user_id="U0ADMIN")
            assert "cannot be changed here" in said
            assert ANSWER in await mentioned(bot, "C0ROOM")

    asyncio.run(scenario())


def test_a_button_of_one_collection_finds_nothing_in_another(
    assistant: Assistant, besides: list[Assistant]
) -> None:
    """Both hold the same document, to the character."""

    async def scenario() -> None:
        async with running_bot(assistant, others=NAMES, besides=besides, admins=ADMINS) as bot:
            await command(bot, "collection press", user_id="U0ADMIN")
            await mentioned(bot, "C0ROOM")
            around = buttons(bot.posts[-1])[AROUND]
            await bot.act(click(around, bot.slack.response_url()))
            assert "What changed" in str(bot.posts[-1])
            await command(bot, "collection course", user_id="U0ADMIN")
            await bot.act(click(around, bot.slack.response_url()))
            assert "no longer in the sources" in str(bot.posts[-1])

    asyncio.run(scenario())


def test_a_collection_without_an_index_stops_no_other(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        async with running_bot(assistant, others=NAMES, besides=besides, admins=ADMINS) as bot:
            await command(bot, "collection empty", user_id="U0ADMIN")
            assert await command(bot, "sources") == UNAVAILABLE
            assert await mentioned(bot, "C0ROOM") == UNAVAILABLE
            assert "no collection of that name" in await command(bot, "collection ..", user_id="U0ADMIN")
            assert REFUSED in await mentioned(bot, "C0OTHER")

    asyncio.run(scenario())


def test_a_document_goes_into_the_collection_of_its_channel(
    assistant: Assistant, besides: list[Assistant], small_corpus: Path, tmp_path: Path
) -> None:
    press = write_small(tmp_path / "press")

    async def scenario() -> None:
        documents, bound = curated(small_corpus, "U0ASKER", press=press), {f"slack:{TEAM}:C0ROOM": "press"}
        async with running_bot(
            assistant, others=NAMES, besides=besides, fixed=bound, documents=documents
        ) as bot:
            bot.slack.files["F0FILE"] = ("lamps.md", LAMPS)
            file = {"id": "F0FILE", "name": "lamps.md", "size": len(LAMPS)}
            await bot.tell(mention("please add", channel="C0ROOM", files=[file]))
            named = strip_bidi(say("en", "documents-collection", name="press"))
            assert named in strip_bidi(bot.posts[-1]["text"]).splitlines()
            found = {one["text"]["text"]: one for one in buttons(bot.posts[-1]).values()}
            add = found[say("en", "documents-button-add")]
            await bot.act(click(add, bot.slack.response_url()))
            assert (ids(small_corpus), ids(press)) == (["harbour"], ["harbour", "lamps"])
            assert "The lamps" in await command(bot, "documents", channel_id="C0ROOM")
            assert "The lamps" not in await command(bot, "documents", channel_id="D0DIRECT")

    asyncio.run(scenario())


def test_with_one_collection_the_word_is_a_question(assistant: Assistant) -> None:
    async def scenario() -> None:
        async with running_bot(assistant) as bot:
            assert "answer from the collection" not in await command(bot, "collection")
            assert "“collection”" not in await command(bot, "help")

    asyncio.run(scenario())


def test_a_link_is_shown_in_its_own_collection(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        url = "https://bot.example.org"
        own, other = f"{url}/in/press/read/harbour#p3", f"{url}/read/marrakech-2025#p3"
        shared = {
            "type": "link_shared",
            "user": "U0ASKER",
            "channel": "C0ROOM",
            "message_ts": "7.7",
            "links": [{"domain": "bot.example.org", "url": link} for link in (own, other)],
        }
        bound = {f"slack:{TEAM}:C0ROOM": "press"}
        async with running_bot(assistant, others=NAMES, besides=besides, fixed=bound, public_url=url) as bot:
            await bot.tell(shared)
            assert list(bot.slack.of("chat.unfurl")[0]["unfurls"]) == [own]

    asyncio.run(scenario())
