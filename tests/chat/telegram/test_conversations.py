"""The shared conversations, held on Telegram with the shipped model."""

from __future__ import annotations

import pytest

from assemblybot.answering.answer import Remark, Verdict
from assemblybot.chat.telegram.references import References
from tests.chat.telegram.harness import play, read, running
from tests.conversations import Script, check_comparison, hold, load
from tests.conversations.reports import Assistants
from tests.doubles.telegram_updates import GROUP, group, person, said

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
                assert read(message, references, exchange.answer.language) == exchange.shown, text
                check_comparison(message["text"], exchange.answer)
                if exchange.answer.verdict is Verdict.NOT_IN_CORPUS:
                    assert len(message["reply_markup"]["inline_keyboard"]) == 3
            assert len(chat.api.sent()) == len(script.steps) - silent

    play(scenario)
