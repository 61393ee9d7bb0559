"""The shared conversations, held on Telegram with the shipped model."""

from __future__ import annotations

import pytest

from assemblybot.answering.answer import Remark, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.telegram.references import References
from tests.chat.telegram.harness import play, read, running
from tests.conversations import Script, load
from tests.doubles.telegram_updates import GROUP, group, person, said


@pytest.mark.parametrize("script", load(), ids=lambda script: script.name)
@pytest.mark.parametrize("where", ["private", "group"])
def test_conversation(assistant: Assistant, script: Script, where: str) -> None:
    references = References(assistant.index)

    async def scenario() -> None:
        async with running(assistant) as chat:
            silent = 0
            for step in script.steps:
                if where == "group" and step.remark is Remark.CHATTER:
                    await chat.tell(said(f"@assembly_test_bot {step.says}", chat=group()), messages=0)
                    await chat.settle()
                    silent += 1
                    continue
                if where == "private":
                    message = await chat.tell(said(step.says, user=person(language=None)))
                else:
                    message = await chat.tell(said(f"@assembly_test_bot {step.says}", chat=group()))
                    assert chat.api.sent(GROUP)[-1]["reply_parameters"]["message_id"]
                step.check(*read(message, references))
                if step.verdict is Verdict.NOT_IN_CORPUS:
                    assert len(message["reply_markup"]["inline_keyboard"]) == 3
            assert len(chat.api.sent()) == len(script.steps) - silent

    play(scenario)
