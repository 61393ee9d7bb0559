"""No question and no token in any log, at any level, whatever happens."""

from __future__ import annotations

import logging

import pytest

from tests.chat.telegram.harness import button, play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_api import TOKEN, Fault
from tests.doubles.telegram_updates import edited, group, message, person, pressed, said, typed

SECRET = "zebra"


def test_no_question_and_no_token_is_logged_at_any_level(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    caplog.handler.setLevel(logging.DEBUG)
    first = message(f"what is {SECRET}?")

    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant(), limit="8 per minute") as chat:
            told = await chat.tell({"message": first})
            await chat.press(pressed(told, button(told, "button-next")))
            chat.api.push(edited(first, f"off {SECRET}"))
            chat.api.push(typed(f"when {SECRET}"))
            chat.api.push(said(f"/ask {SECRET}", chat=group()))
            chat.api.push(said(f"break {SECRET}"))
            chat.api.push(said(f"{SECRET} " * 400))
            number = chat.api.next_number()
            chat.api.push_raw(number, {"update_id": number, "message": {"text": SECRET}})
            await chat.settle()
            body = '{"ok":true,"result":[{"text":"' + SECRET
            chat.api.fail("getUpdates", Fault(200, body=body), Fault(500, body=body))
            chat.api.fail("sendMessage", Fault(500, body=body), Fault(400, "Bad Request: chat not found"))
            for number in (20, 21, 22):
                chat.api.push(said(SECRET, user=person(number)))
            chat.api.blocked.add(22)
            await chat.settle(1.0)
            for _ in range(12):
                chat.api.push(said(SECRET))
            await chat.api.until(lambda: len(chat.api.sent()) >= 6)
            await chat.settle()

    try:
        play(scenario)
    finally:
        logging.getLogger().setLevel(logging.WARNING)
    streams = capfd.readouterr()
    logged = caplog.text + streams.out + streams.err
    assert "was not dealt with" in logged and "could not be answered" in logged
    assert SECRET not in logged
    assert TOKEN not in logged and TOKEN.split(":")[1] not in logged
