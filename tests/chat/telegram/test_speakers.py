"""Who speaks and from which topic: anonymous administrators, channels, forums, private topics."""

from __future__ import annotations

import asyncio
import time

import pytest

from assemblybot.answering.answer import Context
from assemblybot.chat.channel import AllowList
from assemblybot.messages import say
from assemblybot.session import SqliteStore
from tests.chat.telegram.harness import NAMES, play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_updates import GROUP, Json, anonymous, group, person, private, said

OTHER = group(-1009876543210)
CHANNEL: Json = {"id": -1005550000000, "type": "channel", "title": "News"}
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
FORUM: Json = group() | {"is_forum": True}


def in_topic(number: int) -> Json:
    return {"message_thread_id": number, "is_topic_message": True}


def of_channel(chat: Json) -> Json:
    return {"user": CHANNEL_BOT, "chat": chat, "sender_chat": CHANNEL}


@pytest.mark.parametrize("sender", [anonymous(group()), of_channel(group())], ids=["group", "channel"])
def test_who_writes_in_the_name_of_a_chat_is_answered(sender: Json) -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(said("/ask When did it meet?", **sender))
            await chat.tell(said("@assembly_test_bot And where?", **sender))
            assert (await chat.tell(said("/help", **sender)))["text"].startswith(say("en", "help"))

    play(scenario)
    assert asked.texts == ["When did it meet?", "And where?"]
    assert asked.leaned == [None, "When did it meet?"]


def test_anonymous_administrators_of_two_groups_are_two() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant(), limit="3 per minute") as chat:
            await chat.tell(said("/lang ar", **anonymous(group())))
            assert (await chat.tell(said("/help", **anonymous(OTHER))))["text"].startswith(say("en", "help"))
            assert (await chat.tell(said("/help", **anonymous(group()))))["text"].startswith(
                say("ar", "help")
            )
            for text in ("one?", "two?", "three?"):
                await chat.tell(said(f"/ask {text}", **anonymous(group())))
            await chat.tell(said("/ask four?", **anonymous(OTHER)))
            assert (await chat.tell(said("/forget", **anonymous(OTHER))))["text"] == say("en", "forgotten")
            assert (
                say("ar", "slow-down", seconds=59)[:10]
                in (await chat.tell(said("/ask five?", **anonymous(group()))))["text"]
            )

    play(scenario)
    assert asked.texts == ["one?", "two?", "three?", "four?"]
    assert asked.leaned == [None, "one?", "two?", None]


def test_a_channel_is_allowed_by_its_own_id() -> None:
    async def scenario() -> None:
        allowed = AllowList(users=frozenset({str(CHANNEL["id"])}))
        async with running(ScriptedAssistant().as_assistant(), allowed=allowed) as chat:
            chat.api.push(said("/ask who?", **anonymous(group())))
            await chat.tell(said("/ask when?", **of_channel(group())))
            assert len(chat.api.sent()) == 1

    play(scenario)


def test_a_reaction_in_the_name_of_a_chat_is_a_rating() -> None:
    async def scenario() -> None:
        store = await SqliteStore.open(limit="100 per minute")
        async with running(ScriptedAssistant().as_assistant(), store=store) as chat:
            told = await chat.tell(said("/ask when?", chat=group()))
            await chat.settle(0.5)  # what was sent is noted after it was sent
            answer = await store.noted(NAMES.key("rated", "telegram", GROUP, told["message_id"]))
            reaction = {
                "chat": group(),
                "message_id": told["message_id"],
                "actor_chat": group(),
                "date": int(time.time()),
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": "👍"}],
            }
            chat.api.push({"message_reaction": reaction})
            assert answer
            for _ in range(200):
                if (await store.feedback(answer)).helpful:
                    break
                await asyncio.sleep(0.05)
            assert (await store.feedback(answer)).helpful == 1
        await store.close()

    play(scenario)


@pytest.mark.parametrize("where", [FORUM, private()], ids=["forum", "private topics"])
def test_each_topic_has_its_own_memory(where: Json) -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(said("/ask Who is Hammouchi?", chat=where, **in_topic(11)))
            await chat.tell(said("/ask and when?", chat=where, **in_topic(22)))
            await chat.tell(said("/ask and where?", chat=where))
            await chat.tell(said("/ask and why?", chat=where, **in_topic(11)))
            shown = await chat.tell(said("/context", chat=where, **in_topic(22)))
            assert "and when?" in shown["text"]
            topics = [told.get("message_thread_id") for told in chat.api.sent()]
            assert topics == [11, 22, None, 11, 22]

    play(scenario)
    assert asked.leaned == [None, None, None, "Who is Hammouchi?"]


def test_a_thread_of_replies_is_no_topic() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(said("/ask one?", chat=group(), message_thread_id=5))
            await chat.tell(said("/ask two?", chat=group()))
            assert "message_thread_id" not in chat.api.sent()[0]

    play(scenario)
    assert asked.asked[1][1] == Context("one?", ("marrakech-2025#3", "marrakech-2025#11"), "en")


@pytest.mark.parametrize("where", [FORUM, private()], ids=["forum", "private topics"])
def test_an_answer_into_a_topic_that_is_gone_is_sent_once_more_without_it(where: Json) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.gone.add(77)
            await chat.tell(said("/ask one?", chat=where, **in_topic(77)))
            tries = [call.parameters for call in chat.api.calls if call.method == "sendMessage"]
            assert [told.get("message_thread_id") for told in tries] == [77, None]

    play(scenario)


@pytest.mark.parametrize(
    ("where", "topic", "shown"),
    [(FORUM, in_topic(9), 9), (FORUM, {}, 1), (group(), {}, None)],
    ids=["topic", "general", "no forum"],
)
def test_typing_shows_in_the_topic(where: Json, topic: Json, shown: int | None) -> None:
    asked = ScriptedAssistant()
    asked.open.clear()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            chat.api.push(said("/ask slow?", user=person(), chat=where, **topic))
            await chat.api.until(lambda: bool(chat.api.of("sendChatAction")))
            assert chat.api.of("sendChatAction")[0].get("message_thread_id") == shown
            asked.open.set()
            await chat.api.until(lambda: bool(chat.api.sent()))

    play(scenario)
