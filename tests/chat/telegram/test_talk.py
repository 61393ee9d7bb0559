"""Talk under an answer in a group, with the shipped model."""

from __future__ import annotations

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Remark
from assemblybot.text.bidi import strip_bidi
from tests.chat.talk import ANSWER, TALK, Talk
from tests.chat.telegram.harness import play, running
from tests.doubles.telegram_updates import group, said


@pytest.mark.parametrize("talk", TALK.values(), ids=TALK)
def test_what_is_not_said_to_the_bot_gets_silence_and_talk_said_to_it_too(
    talk: Talk, assistant: Assistant
) -> None:
    """Chatter is left alone even in a reply to the answer; a question there is answered."""

    async def scenario() -> None:
        async with running(assistant, per_group_minute=1_000) as chat:
            first = await chat.tell(said(f"@assembly_test_bot {talk.first}", chat=group()))
            for line in (*talk.lines, talk.question):
                chat.api.push(said(line, chat=group()))
            for line in talk.lines:
                if assistant.answer(line).remark is Remark.CHATTER:
                    chat.api.push(said(line, chat=group(), reply_to_message=first))
            # What one person says is handled in order.
            answer = await chat.tell(said(talk.question, chat=group(), reply_to_message=first))
            assert ANSWER in strip_bidi(answer["text"])
            assert len(chat.api.sent()) == 2

    play(scenario)
