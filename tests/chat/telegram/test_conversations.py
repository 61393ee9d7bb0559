"""The shared conversations, held on Telegram with the shipped model."""

from __future__ import annotations

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Remark, Verdict
from assemblybot.chat.telegram.references import References
from assemblybot.render.telegram_state import parse
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.chat.telegram.harness import data_of, play, running
from tests.conversations import Script, Shown, check_comparison, chosen, hold, load, seen
from tests.conversations.reports import Assistants
from tests.doubles.telegram_updates import GROUP, Json, group, person, said

#: Messages a minute to a group: as many as a conversation takes.
PACE = 1_000


@pytest.mark.parametrize("script", load(), ids=lambda script: script.name)
@pytest.mark.parametrize("where", ["private", "group"])
def test_conversation(assistants: Assistants, script: Script, where: str) -> None:
    assistant = assistants[script.collection]
    references = References(assistant.index)

    async def scenario() -> None:
        async with running(assistant, per_group_minute=PACE) as chat:
            silent = 0
            for exchange in hold(assistant, script):
                text = exchange.said
                if where == "group" and exchange.answer.remark is Remark.CHATTER:
                    await chat.tell(said(f"@assembly_test_bot {text}", chat=group()), messages=0)
                    await chat.settle()
                    silent += 1
                    continue
                if where == "private":
                    message = await chat.tell(said(text, user=person(language=None)))
                else:
                    message = await chat.tell(said(f"@assembly_test_bot {text}", chat=group()))
                    assert chat.api.sent(GROUP)[-1]["reply_parameters"]["message_id"]
                assert read(message, references) == exchange.shown, text
                assert all(words in strip_bidi(message["text"]) for words in exchange.words), text
                check_comparison(message["text"], exchange.answer)
                if exchange.answer.verdict is Verdict.NOT_IN_CORPUS:
                    assert len(message["reply_markup"]["inline_keyboard"]) == 3
            assert len(chat.api.sent()) == len(script.steps) - silent

    play(scenario)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_language_that_was_chosen_is_that_of_everything(
    language: InterfaceLanguage, assistant: Assistant
) -> None:
    async def scenario() -> None:
        async with running(assistant) as chat:
            await chat.tell(said(f"/lang {language}"))
            messages = [await chat.tell(said(question)) for question in chosen.questions(language)]
            chosen.check(language, ["\n".join([one["text"], *captions(one)]) for one in messages])

    play(scenario)


def read(message: Json, references: References) -> Shown:
    """What is seen of an answer; its buttons tell what is cited."""
    found = next(filter(None, map(parse, data_of(message))), None)
    return seen(message["text"], references.passages(found[1]) if found else (), captions(message))


def captions(message: Json) -> list[str]:
    """The captions of the buttons of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"].removesuffix(" 👍") for row in rows for button in row]
