"""Which words are the question: forms of /ask, quotes, replies to messages here and elsewhere."""

from __future__ import annotations

import pytest

from assemblybot.messages import say
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_updates import BOT, Json, group, message, person, private, said

LONG = "When did it meet? " + "And so on. " * 300


def command(text: str, length: int, **more: object) -> Json:
    """A message that begins with a command of that length, as Telegram marks it."""
    return said(text, **more) | {
        "message": message(text, **more)  # type: ignore[arg-type]
        | {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
    }


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("/ask: When?", 4),
        ("/ask, When?", 4),
        ("/ask، When?", 4),
        ("/ask-When?", 4),
        ("/ask – When?", 4),
        ("/ask@assembly_test_bot: When?", 22),
        ("/ASK\nWhen?", 4),
    ],
)
@pytest.mark.parametrize("where", [group(), private()], ids=["group", "private"])
def test_what_people_put_after_a_command_is_no_part_of_the_question(
    text: str, length: int, where: Json
) -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            await chat.tell(command(text, length, chat=where))

    play(scenario)
    assert asked.texts == ["When?"]


def test_a_command_without_a_question_says_how_to_ask() -> None:
    asked = ScriptedAssistant()
    answer = message(LONG, chat=group()) | {"from": BOT}
    through = message(LONG, chat=group(), user=person(8), via_bot=BOT)

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            for update in (
                said("/ask?", chat=group()),
                said("/ask ؟", chat=private()),
                said("@assembly_test_bot ?", chat=group()),
                said("/ask", chat=group(), reply_to_message=answer),
                said("@assembly_test_bot", chat=group(), reply_to_message=answer),
                said("/ask", chat=group(), reply_to_message=through),
            ):
                assert (await chat.tell(update))["text"] == say("en", "telegram-ask-how")
            chat.api.push(said("/asking When?", chat=group()))
            chat.api.push(said("/ask_me When?", chat=group()))
            await chat.settle()
            assert len(chat.api.sent()) == 6

    play(scenario)
    assert not asked.texts


def test_the_words_selected_of_a_message_are_the_question() -> None:
    asked = ScriptedAssistant()
    theirs = message(LONG, chat=group(), user=person(8))
    answer = message("Try: Who came?", chat=group()) | {"from": BOT}
    whole = message("Who chaired it?", chat=group(), user=person(8))
    selected = {"text": "When did it meet?", "position": 0, "is_manual": True}
    added = {"text": "Who", "position": 0}
    elsewhere = {"origin": {"type": "hidden_user", "sender_user_name": "A", "date": 1}}

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            for more in (
                {"reply_to_message": theirs, "quote": selected},
                {"reply_to_message": answer, "quote": selected | {"text": "Who came?", "position": 5}},
                {"reply_to_message": whole, "quote": added},
                {"external_reply": elsewhere, "quote": added | {"text": "Where was it?"}},
            ):
                await chat.tell(said("/ask", chat=group(), **more))
            await chat.tell(said("/ask my own words?", chat=group(), quote=selected))
            told = await chat.tell(said("/ask", chat=group(), external_reply=elsewhere))
            assert told["text"] == say("en", "telegram-ask-how")

    play(scenario)
    assert asked.texts == [
        "When did it meet?",
        "Who came?",
        "Who chaired it?",
        "Where was it?",
        "my own words?",
    ]
