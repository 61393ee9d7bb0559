"""Rich messages: their blocks are the words, wherever a message with text would be a question."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.telegram.rich_text import give_text
from assemblybot.messages import say
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_updates import BOT, BOT_NAME, Json, group, message, person, rich

BOLD: Json = {"type": "bold", "text": ["When ", {"type": "italic", "text": "did"}, " it"]}
CELL: Json = {"align": "left", "valign": "top", "text": "in"}
LONG: list[Json] = [
    {"type": "heading", "text": "My question", "size": 1},
    {"type": "divider"},
    {
        "type": "paragraph",
        "text": [BOLD, {"type": "custom_emoji", "custom_emoji_id": "1", "alternative_text": "🙂"}],
    },
    {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "meet"}]}]},
    {"type": "table", "cells": [[CELL, CELL]]},
    {"type": "details", "summary": "Marrakech", "blocks": [{"type": "pre", "text": "or"}]},
    {"type": "blockquote", "blocks": [{"type": "paragraph", "text": "Rabat"}], "credit": "me"},
    {"type": "thinking", "text": "not words"},
]


def test_every_kind_of_block_gives_its_words_in_order() -> None:
    (told,) = rich(*LONG).values()
    give_text(told)
    assert told["text"] == "My question\nWhen did it🙂\nmeet\nin in\nMarrakech\nor\nRabat\nme"


def test_a_rich_message_in_private_is_a_question() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(rich("When?"))
            await chat.tell(rich(*LONG))

    play(scenario)
    assert asked.texts[0] == "When?"
    assert asked.texts[1].startswith("My question When did it🙂 meet")


def test_rich_messages_in_groups_are_heard_as_texts_are() -> None:
    asked = ScriptedAssistant()
    ours = {"message_id": 5, "date": 1, "chat": group(), "from": BOT, "text": "an answer"}
    (theirs,) = rich("Who chaired it?", chat=group(), user=person(8)).values()
    mention = {"type": "mention", "text": f"@{BOT_NAME}", "username": BOT_NAME}
    by_id = {"type": "text_mention", "text": "Assembly", "user": BOT}
    command = {"type": "bot_command", "text": "/ask", "bot_command": "/ask"}

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            chat.api.push(rich("just talking", chat=group()))
            await chat.settle()
            assert not chat.api.sent()
            await chat.tell(rich("one?", chat=group(), reply_to_message=ours))
            await chat.tell(rich({"type": "paragraph", "text": ["😀 ", mention, " two?"]}, chat=group()))
            await chat.tell(rich({"type": "paragraph", "text": [by_id, " three?"]}, chat=group()))
            await chat.tell(rich({"type": "paragraph", "text": [command, " four?"]}, chat=group()))
            await chat.tell(
                rich({"type": "paragraph", "text": [command]}, chat=group(), reply_to_message=theirs)
            )

    play(scenario)
    assert asked.texts == ["one?", "😀 two?", "three?", "four?", "Who chaired it?"]


def test_a_command_in_a_rich_message_is_a_command() -> None:
    command = {"type": "bot_command", "text": "/help", "bot_command": "/help"}

    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            told = await chat.tell(rich({"type": "paragraph", "text": [command]}))
            assert told["text"].startswith(say("en", "help"))

    play(scenario)


def test_a_question_that_is_edited_into_a_rich_one_edits_its_answer() -> None:
    asked = ScriptedAssistant()
    first = message("one?")
    (richer,) = rich("list the points").values()
    after = {k: v for k, v in first.items() if k not in ("text", "entities")}

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell({"message": first})
            edit = after | {"rich_message": richer["rich_message"], "edit_date": first["date"]}
            chat.api.push({"edited_message": edit})
            await chat.api.until(lambda: len(chat.api.of("editMessageText")) == 1)

    play(scenario)
    assert asked.texts == ["one?", "list the points"]


@pytest.mark.parametrize(
    "blocks",
    [None, [], 5, [None], [{"type": "divider"}], [{"type": "paragraph", "text": {"text": 5}}], [[[["x"]]]]],
)
def test_blocks_without_words_give_no_text(blocks: Any) -> None:
    told: Json = {"rich_message": {"blocks": blocks}}
    give_text(told)
    assert "text" not in told


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        give_text({"rich_message": {"blocks": [{"type": "paragraph", "text": "\ud800"}]}})
