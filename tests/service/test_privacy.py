"""Nothing that the whole service writes or shows to operators holds what was asked, or who asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assemblybot.settings import Settings
from tests.doubles.slack_payloads import SECRET, command, event_body, message
from tests.doubles.telegram_api import TOKEN, Fault
from tests.doubles.telegram_updates import person, said
from tests.service.harness import WEBHOOK_SECRET, Platforms, platforms, process

pytestmark = pytest.mark.slow

ASKER = 918_273_645
WORD = "unmistakable"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("json_lines", ["true", "false"])
def test_no_words_names_or_secrets_in_logs_metrics_and_health(
    settings: Settings, tmp_path: Path, json_lines: str
) -> None:
    log = tmp_path / "log"
    shown: list[str] = []

    async def scenario() -> None:
        async with (
            platforms() as around,
            process(
                around, settings, tmp_path / "state", log, LOG_LEVEL="DEBUG", LOG_JSON=json_lines
            ) as service,
        ):
            await _ask_everywhere(around)
            shown.extend([(await around.get(path))[1] for path in ("/metrics", "/healthz", "/readyz")])
            service.terminate()
            assert await service.wait() == 0

    asyncio.run(scenario())
    written = log.read_text("utf-8")
    assert "channel_not_found" in written  # failures are told
    assert 'platform="telegram"' in shown[0]
    for text in (written, *shown):
        for secret in (WORD, str(ASKER), "U0SECRETIVE", TOKEN, SECRET, WEBHOOK_SECRET, "xoxb-one"):
            assert secret not in text, secret


async def _ask_everywhere(around: Platforms) -> None:
    """Questions that are answered, refused, too long, and whose answers cannot be sent."""
    user = person(ASKER)
    questions = (f"When was the {WORD} assembly held?", f"{WORD} {WORD}", f"{WORD} " * 200)
    for number, question in enumerate(questions):
        assert await around.update(said(question, user=user), number) == 200
        assert await around.event(event_body(message(question, user="U0SECRETIVE"))) == 200
        assert await around.post("/read/", f"question={question}".encode(), FORM) < 500
    await around.telegram.until(lambda: len(around.telegram.sent()) == len(questions))
    await around.slack.until(lambda: len(around.slack.of("chat.postMessage")) == len(questions))
    around.telegram.fail("sendMessage", Fault(400, f"Bad Request: {WORD}"))
    around.slack.fail("chat.postMessage", 200, {"ok": False, "error": "channel_not_found"})
    around.slack.fail("response_url", 404, {})
    asked = command(f"who is {WORD}?", around.slack.response_url(), user_id="U0SECRETIVE")
    assert await around.event(asked, form=True) == 200
    assert await around.update(said(questions[0], user=user), 10) == 200
    assert await around.event(event_body(message(questions[0], user="U0SECRETIVE"))) == 200
    await asyncio.sleep(1.0)  # failures are not counted anywhere that could be waited for
