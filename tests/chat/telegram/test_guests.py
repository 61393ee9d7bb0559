"""Guest mode, drafts, links, groups with a new id, service messages that nobody knows yet."""

from __future__ import annotations

import pytest

from assemblybot.chat.channel import AllowList
from assemblybot.chat.telegram.conversation import takes_buttons_to
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_api import Call, Fault
from tests.doubles.telegram_updates import Json, group, person, private, said, summoned

OLD: Json = {"id": -4242, "type": "group", "title": "Delegates"}
NEW = group(-1000000004242)


def test_a_guest_answers_the_message_that_summoned_it() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant(), public_url="https://bot.example") as chat:
            summons = summoned("@assembly_test_bot When was it?", chat=group(-100777))
            chat.api.push(summons)
            await chat.api.until(lambda: len(chat.api.of("answerGuestQuery")) == 1)
            given = chat.api.of("answerGuestQuery")[0]
            assert given["guest_query_id"] == summons["guest_message"]["guest_query_id"]
            told = given["result"]["input_message_content"]["message_text"]
            assert "24 to 27 November 2025" in told
            (row,) = given["result"]["reply_markup"]["inline_keyboard"]
            assert row[0]["url"].startswith("https://bot.example/read/")
            chat.api.push(summoned("@assembly_test_bot and then?", chat=group(-100777)))
            unanswered = summoned("@assembly_test_bot off the subject", chat=private())
            chat.api.push(unanswered)
            await chat.api.until(lambda: len(chat.api.of("answerGuestQuery")) == 3)
            queries = {query["guest_query_id"]: query["result"] for query in chat.api.of("answerGuestQuery")}
            refused = queries[unanswered["guest_message"]["guest_query_id"]]
            assert "reply_markup" not in refused
            assert len(refused["input_message_content"]["message_text"].split("\n")) == 6
            await chat.tell(said("/ask and after?", chat=group(-100777)))
            assert not chat.api.of("sendChatAction", "sendMessageDraft")
            polled = next(c for c in chat.api.calls if c.method == "getUpdates").parameters
            assert "guest_message" in polled["allowed_updates"]

    play(scenario)
    contexts = dict(zip(asked.texts, asked.leaned, strict=True))
    assert contexts == {
        "When was it?": None,
        "and then?": "When was it?",
        "off the subject": None,
        "and after?": None,
    }


def test_a_slow_answer_in_private_shows_a_draft_that_it_replaces() -> None:
    slow = ScriptedAssistant()
    slow.open.clear()

    async def scenario() -> None:
        async with running(slow.as_assistant()) as chat:
            chat.api.push(said("slow?", message_thread_id=9, is_topic_message=True))
            await chat.api.until(lambda: bool(chat.api.of("sendMessageDraft")))
            draft = chat.api.of("sendMessageDraft")[0]
            assert draft["draft_id"] and draft["message_thread_id"] == 9 and not draft.get("text")
            slow.open.set()
            await chat.api.until(lambda: bool(chat.api.sent()))
            order = [c.method for c in chat.api.calls if c.method.startswith(("sendMessage", "sendChat"))]
            assert order == ["sendMessageDraft", "sendMessage"]

    play(scenario)


def test_an_answer_waits_for_the_draft_that_it_replaces() -> None:
    slow = ScriptedAssistant()
    shown: list[bool] = []

    async def scenario() -> None:
        async with running(slow.as_assistant()) as chat:

            def drafts() -> list[Call]:
                return [call for call in chat.api.calls if call.method == "sendMessageDraft"]

            def look(_: Json) -> bool:
                shown.append(all(call.done for call in drafts()))
                return False

            await chat.tell(said("quick?"))
            slow.open.clear()
            before = len(drafts())
            chat.api.fail("sendMessageDraft", Fault(200, delay=4.0))
            chat.api.fail("sendMessage", Fault(matches=look))
            chat.api.push(said("slow?"))
            await chat.api.until(lambda: len(drafts()) > before)
            slow.open.set()
            await chat.api.until(lambda: len(chat.api.sent()) == 2)

    play(scenario)
    assert shown == [True]


@pytest.mark.parametrize("fault", [Fault(404, "Not Found"), Fault(400, "Bad Request: method not allowed")])
def test_a_server_that_takes_no_drafts_shows_typing(fault: Fault) -> None:
    slow = ScriptedAssistant()
    slow.open.clear()

    async def scenario() -> None:
        async with running(slow.as_assistant()) as chat:
            chat.api.fail("sendMessageDraft", fault)
            chat.api.push(said("slow?"))
            await chat.api.until(lambda: bool(chat.api.of("sendChatAction")))
            slow.open.set()
            await chat.api.until(lambda: bool(chat.api.sent()))

    play(scenario)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080", "http://assemblybot:8080", "https://intranet", "http://[::1", "x"]
)
def test_where_telegram_takes_no_button_answers_come_without_one(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant(), public_url=url) as chat:
            for text in ("When was it?", "list the points", "/start p3"):
                assert "url" not in str((await chat.tell(said(text)))["reply_markup"])

    caplog.set_level("WARNING")
    play(scenario)
    assert [record.message for record in caplog.records if "PUBLIC_URL" in record.message]


@pytest.mark.parametrize("url", ["https://bot.example", "http://192.0.2.7:8080", "http://[::1]:8080"])
def test_where_telegram_takes_a_button(url: str) -> None:
    assert takes_buttons_to(url)


@pytest.mark.parametrize(
    "service",
    [
        {"pinned_message": {"message_id": 3, "date": 0, "chat": private()}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"community_chat_added": {}},
        {"something_of_next_year": {"words": "x"}},
    ],
    ids=lambda service: next(iter(service)),
)
def test_service_messages_are_left_alone(service: Json) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            chat.api.validate = False
            chat.api.push(said(None, **service))
            await chat.settle()
            assert not chat.api.sent()

    play(scenario)


@pytest.mark.parametrize("told_in", ["old", "new"])
def test_a_group_that_gets_a_new_id_is_followed_and_named(
    told_in: str, caplog: pytest.LogCaptureFixture
) -> None:
    update = (
        said(None, chat=OLD, migrate_to_chat_id=NEW["id"])
        if told_in == "old"
        else said(None, chat=NEW, migrate_from_chat_id=OLD["id"])
    )

    async def scenario() -> None:
        allowed = AllowList(places=frozenset({str(OLD["id"])}))
        async with running(ScriptedAssistant().as_assistant(), allowed=allowed) as chat:
            chat.api.push(said("/ask too soon?", chat=NEW))
            chat.api.push(said(None, chat=group(-100999), migrate_to_chat_id=-100998))
            chat.api.push(update)
            await chat.tell(said("/ask When?", chat=NEW))
            chat.api.push(said("/ask And I?", chat=group(-100998), user=person(8)))
            await chat.settle()
            assert len(chat.api.sent()) == 1

    caplog.set_level("WARNING")
    play(scenario)
    (record,) = (record for record in caplog.records if "ALLOWED_CHATS" in record.message)
    assert str(NEW["id"]) in record.message and str(OLD["id"]) in record.message
