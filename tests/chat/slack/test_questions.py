"""Mentions, direct messages, threads: each question answered once, in its place."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from assemblybot.chat.slack import events
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from tests.chat.slack.harness import running_bot
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_api import TEAM
from tests.doubles.slack_payloads import changed, event_body, in_channel, mention, message, ts


def test_a_mention_is_answered_in_a_thread_without_an_agent_status() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            asked = mention("when?")
            await bot.tell(asked)
            (post,) = bot.posts
            assert (post["channel"], post["thread_ts"]) == ("C0ROOM", asked["ts"])
            assert post["unfurl_links"] in (False, "false", "0", 0)
            assert not bot.slack.of("assistant.threads.setStatus")
            assert bot.assistant.texts == ["when?"]

    asyncio.run(scenario())


def test_a_direct_question_shows_a_status_and_names_its_thread() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            asked = message(
                "When was the assembly held, and what did it decide about cybercrime and all the rest?"
            )
            await bot.tell(asked)
            methods = [c.method for c in bot.slack.calls if c.method != "auth.test"]
            assert methods == [
                "assistant.threads.setStatus",
                "chat.postMessage",
                "assistant.threads.setTitle",
            ]
            (status,) = bot.slack.of("assistant.threads.setStatus")
            assert status["thread_ts"] == asked["ts"]
            assert len(status["loading_messages"]) == 2
            (title,) = bot.slack.of("assistant.threads.setTitle")
            assert title["title"] == "When was the assembly held, and what did it decide about"
            await bot.tell(message("and then?", thread_ts=asked["ts"]))
            assert len(bot.slack.of("assistant.threads.setTitle")) == 1

    asyncio.run(scenario())


def test_a_workspace_without_the_agent_panel_is_answered_too() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("assistant.threads.setStatus", 200, {"ok": False, "error": "not_allowed"})
            bot.slack.fail("assistant.threads.setTitle", 200, {"ok": False, "error": "not_allowed"})
            await bot.tell(message("when?"))
            assert len(bot.posts) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(("status", "headers"), [(0, {}), (429, {"Retry-After": "30"})])
def test_a_status_that_cannot_be_shown_neither_costs_nor_delays_the_answer(
    status: int, headers: dict[str, str]
) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("assistant.threads.setStatus", status, {"ok": False}, headers)
            began = time.monotonic()
            await bot.tell(message("when?"))
            assert len(bot.posts) == 1
            assert time.monotonic() - began < 4

    asyncio.run(scenario())


def test_an_answer_waits_for_a_slow_status(monkeypatch: pytest.MonkeyPatch) -> None:
    optional = events._optional

    async def slowly(call: Any, **arguments: Any) -> None:
        await asyncio.sleep(1.5)
        await optional(call, **arguments)

    monkeypatch.setattr(events, "_optional", slowly)

    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(message("when?"))
            methods = [call.method for call in bot.slack.calls if call.method != "auth.test"]
            assert methods[:2] == ["assistant.threads.setStatus", "chat.postMessage"]

    asyncio.run(scenario())


def test_a_title_that_must_wait_is_given_up() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("assistant.threads.setTitle", 429, {"ok": False}, {"Retry-After": "30"})
            await bot.tell(message("when?"))
            assert len(bot.posts) == 1
            assert bot.dispatcher.in_progress == 0
            assert len(bot.slack.of("assistant.threads.setTitle")) == 1

    asyncio.run(scenario())


def test_an_answer_that_never_left_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals: list[OSError] = []
    connect = aiohttp.TCPConnector.connect

    async def connect_or_not(
        connector: aiohttp.TCPConnector, request: Any, *args: Any, **options: Any
    ) -> Any:
        if refusals:
            raise aiohttp.ClientConnectorError(request.connection_key, refusals.pop())
        return await connect(connector, request, *args, **options)

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", connect_or_not)

    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with running_bot(assistant) as bot:
            await bot.post(event_body(mention("when?")))
            await asyncio.to_thread(assistant.begun.wait, 30)
            refusals.append(OSError(111, "refused"))
            assistant.open.set()
            await bot.dispatcher.drain(30)
            assert len(bot.posts) == 1
            assert not refusals

    asyncio.run(scenario())


def test_a_question_follows_the_one_that_is_not_answered_yet() -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with running_bot(assistant) as bot:
            for number, text in enumerate(("when?", "and then?"), start=1):
                await bot.post(event_body(message(text)))
                await bot.slack.until(lambda: len(bot.slack.of("assistant.threads.setStatus")) == number)  # noqa: B023
            assistant.open.set()
            await bot.dispatcher.drain(30)
            assert assistant.leaned == [None, "when?"]

    asyncio.run(scenario())


@pytest.mark.parametrize("refusal", ["not_in_channel", "channel_not_found"])
def test_a_mention_where_the_bot_is_no_member_is_answered_directly_with_how_to_invite_it(
    refusal: str,
) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("chat.postMessage", 200, {"ok": False, "error": refusal})
            await bot.tell(mention("qui est-ce ?"))
            there, said, answer = bot.posts
            assert there["channel"] == "C0ROOM"
            assert (said["channel"], answer["channel"]) == ("U0ASKER", "U0ASKER")
            assert "<#C0ROOM>" in strip_bidi(said["text"])
            assert "/invite @assemblybot" in strip_bidi(said["text"])
            assert said["blocks"][0]["text"] == {"type": "mrkdwn", "text": said["text"]}
            assert answer["blocks"] == there["blocks"]

    asyncio.run(scenario())


def test_a_mention_that_slack_refuses_for_another_reason_is_not_answered_elsewhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            bot.slack.fail("chat.postMessage", 200, {"ok": False, "error": "is_archived"})
            await bot.tell(mention("when?"))
            assert [post["channel"] for post in bot.posts] == ["C0ROOM"]

    asyncio.run(scenario())
    assert "is_archived" in caplog.text


def test_the_words_of_a_forwarded_message_are_the_question() -> None:
    forwarded = [{"is_share": True, "author_name": "Salma", "text": "when was it?"}]

    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(message("", attachments=forwarded))
            await bot.tell(mention("", attachments=forwarded))
            assert bot.assistant.texts == ["when was it?"] * 2
            assert len(bot.posts) == 2

    asyncio.run(scenario())


def test_files_are_counted_in_the_collection_of_their_channel() -> None:
    clip = [{"id": "F1", "mimetype": "audio/webm", "subtype": "slack_audio"}]

    async def scenario() -> None:
        bound = {f"slack:{TEAM}:C0ROOM": "press"}
        async with running_bot(limit="1 per minute", others=("press",), fixed=bound) as bot:
            for channel in ("C0ROOM", "C0OTHER", "C0ROOM"):
                await bot.tell(mention("", channel=channel, subtype="file_share", files=clip))
            assert [post["channel"] for post in bot.posts] == ["C0ROOM", "C0OTHER"]

    asyncio.run(scenario())


def test_files_without_a_word_get_a_polite_line() -> None:
    clip = [{"id": "F1", "mimetype": "audio/webm", "subtype": "slack_audio"}]

    async def scenario() -> None:
        async with running_bot(limit="2 per minute") as bot:
            await bot.tell(message("", subtype="file_share", files=clip))
            await bot.tell(mention("", subtype="file_share", files=clip))
            assert [post["text"] for post in bot.posts] == [say("en", "slack-only-text")] * 2
            await bot.tell(message("", subtype="file_share", files=clip))
            assert len(bot.posts) == 2, "beyond the limit there is silence"
            assert not bot.assistant.asked
            assert not bot.slack.of("assistant.threads.setTitle")

    asyncio.run(scenario())


def test_contexts_of_threads_are_apart_and_a_new_direct_message_follows_the_last() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention("one?", thread_ts="10.1"))
            await bot.tell(mention("two?", thread_ts="20.1"))
            await bot.tell(message("direct?"))
            await bot.tell(message("and then?"))
            contexts = [context and context.question for _, context, _ in bot.assistant.asked]
            assert contexts == [None, None, None, "direct?"]
            history = [c.method for c in bot.slack.calls if c.method.startswith("conversations.")]
            assert not history, "context comes from our own store"

    asyncio.run(scenario())


def test_what_was_not_answered_is_no_context() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(message("when?"))
            await bot.tell(message("off topic?"))
            await bot.tell(message("and then?"))
            context = bot.assistant.asked[2][1]
            assert context is not None
            assert context.question == "when?"
            assert "do not answer" in bot.posts[1]["text"]
            assert "context" not in [b["type"] for b in bot.posts[1]["blocks"]], "no sources shown"

    asyncio.run(scenario())


def test_an_edit_after_the_answer_changes_nothing_and_one_that_adds_the_mention_asks() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            when = ts()
            await bot.tell(mention("when?", ts=when))
            await bot.tell(changed("<@U0BOT> where?", when))
            assert bot.assistant.texts == ["when?"]
            await bot.tell(changed("<@U0BOT> who?", ts()))
            assert bot.assistant.texts == ["when?", "who?"]

    asyncio.run(scenario())


def test_an_edit_while_the_question_waits_changes_its_words() -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with running_bot(assistant) as bot:
            when = ts()
            await bot.post(event_body(mention("first?")))
            await bot.slack.until(lambda: len(assistant.asked) == 1)
            await bot.post(event_body(mention("wen?", ts=when)))
            await bot.slack.until(lambda: bot.conversation._waiting)
            await bot.post(event_body(changed("<@U0BOT> when?", when)))
            await asyncio.sleep(0.1)
            assistant.open.set()
            await bot.dispatcher.drain(5)
            assert assistant.texts == ["first?", "when?"]
            assert len(bot.posts) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "event",
    [
        message("when?", bot_id="B0OTHER"),
        mention("when?", bot_id="B0OTHER", bot_profile={"id": "B0OTHER"}),
        message("our own words", user="U0BOT"),
        in_channel("talk"),
        message("", subtype="channel_join"),
        {"type": "reaction_added", "user": "U0ASKER"},
    ],
    ids=["bot", "bot mention", "itself", "talk", "join", "other event"],
)
def test_ignored(event: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(event)
            assert not bot.assistant.asked
            assert not bot.posts

    asyncio.run(scenario())


def test_a_bare_mention_gets_help() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(mention(""))
            assert "Ask a question in Arabic" in bot.posts[0]["text"]

    asyncio.run(scenario())


def test_questions_are_answered_off_the_event_loop_on_one_thread() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await asyncio.gather(*(bot.post(event_body(message(f"q{n}?"))) for n in range(8)))
            await bot.dispatcher.drain(5)
            assert {thread for _, _, thread in bot.assistant.asked} == {"answers_0"}

    asyncio.run(scenario())


def test_an_answer_does_not_walk_through_the_library() -> None:
    class Library(dict[str, Any]):
        def values(self) -> Any:
            raise AssertionError("all documents were looked at")

    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.index = replace(assistant.index, documents=Library(assistant.index.documents))
        async with running_bot(assistant) as bot:
            await bot.tell(message("when?"))
            assert "Something went wrong" not in bot.posts[0]["text"]

    asyncio.run(scenario())
