"""The whole service over HTTP: both platforms, health, metrics, what holds for every answer."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.errors import PlatformError, SettingsError
from assemblybot.index.kept_vectors import Progress
from assemblybot.messages import say
from assemblybot.service.run import run, serve
from assemblybot.settings import Settings
from assemblybot.startup import silent
from assemblybot.text.bidi import strip_bidi
from tests.doubles.slack_payloads import command, event_body, message, signed
from tests.doubles.telegram_api import TOKEN, Fault
from tests.doubles.telegram_updates import person, said
from tests.servers import free_port
from tests.service.harness import platforms, serving


def test_both_platforms_are_answered_once_and_counted(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            (webhook,) = around.telegram.of("setWebhook")
            assert webhook["url"] == "https://bot.example.org/telegram/webhook"
            assert webhook["secret_token"] == "s" * 32
            body = event_body(message("When did the assembly meet?"))
            for _ in range(2):
                assert await around.update(said("How many delegates came?"), 7) == 200
                assert await around.event(body, retry=1) == 200
            await around.telegram.until(lambda: bool(around.telegram.sent()))
            await around.slack.until(lambda: around.slack.of("chat.postMessage"))
            for stage in ("encode", "search", "render", "send"):
                await around.until_metric(f'assemblybot_stage_seconds_count{{stage="{stage}"}}', 2)
            assert len(around.telegram.sent()) == 1
            assert len(around.slack.of("chat.postMessage")) == 1
            for platform in ("telegram", "slack"):
                for outcome in ("new", "duplicate"):
                    name = f'assemblybot_deliveries_total{{outcome="{outcome}",platform="{platform}"}}'
                    assert await around.metric(name) == 1
                asked = (
                    'assemblybot_questions_total{collection="default",language="en",'
                    'platform="%s",verdict="answered"}'
                )
                assert await around.metric(asked % platform) == 1
                assert await around.metric(f'assemblybot_ack_seconds_count{{platform="{platform}"}}') == 2
            assert await around.metric('assemblybot_retries_total{platform="slack"}') == 2

    asyncio.run(scenario())


def test_health_says_what_is_wrong_and_every_answer_has_security_headers(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            assert (await around.get("/healthz"))[0] == 200
            status, text = await around.get("/readyz")
            assert status == 200
            details = json.loads(text)
            assert details["ready"] and details["answers"] and not details["draining"]
            assert details["platforms"] == ["slack", "telegram"] and details["session"] == "ok"
            for path in ("/healthz", "/nowhere"):
                async with around.client.get(f"http://127.0.0.1:{around.port}{path}") as answer:
                    assert answer.headers["X-Content-Type-Options"] == "nosniff"
                    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    asyncio.run(scenario())


def test_a_wrong_secret_a_bad_body_and_one_too_large_are_refused(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            assert await around.update(said("when?"), 1, secret="") == 401
            assert await around.update(said("when?"), 1, secret="s" * 31 + "é") == 401
            head = {"X-Telegram-Bot-Api-Secret-Token": "s" * 32}
            for body in (b"", b"{", b"[]", b'"text"', b"[" * 100_000, b'{"update_id": "1"}', b"\xff\xfe"):
                assert await around.post("/telegram/webhook", body, head) == 400
            assert await around.post("/telegram/webhook", b"x" * 1_100_000, head) == 413
            # Refused, it would come again and again, before all that comes after it.
            odd = b'{"update_id": 7, "message": "when?"}'
            assert await around.post("/telegram/webhook", odd, head) == 200
            refused = 'assemblybot_deliveries_total{outcome="refused",platform="telegram"}'
            assert await around.metric(refused) == 2
            assert not around.telegram.sent()

    asyncio.run(scenario())


@pytest.mark.parametrize("secret", ["s" * 15, "short", "s" * 15 + "!", "s" * 257])
def test_a_webhook_secret_that_could_be_guessed_or_not_be_sent_is_refused_at_start(
    settings: Settings, assistant: Assistant, tmp_path: Path, secret: str
) -> None:
    chosen = Settings(
        _env_file=None,
        telegram_bot_token=TOKEN,
        telegram_webhook_secret=secret,
        public_url="https://bot.example.org",
        port=free_port(),
        state_dir=tmp_path,
        corpus_dir=settings.corpus_dir,
        index_dir=settings.index_dir,
    )
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET must have 16"):
        asyncio.run(serve(chosen, [assistant], asyncio.Event()))


def test_only_those_on_the_allow_lists_are_answered(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    lists = {"allowed_chats": "7", "allowed_users": "7 U0ASKER", "allowed_teams": "T0TEAM"}

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path, **lists):
            for number, user in enumerate((8, 7)):
                assert await around.update(said("When did it meet?", user=person(user)), number) == 200
            for fields in ({"user": "U0OTHER"}, {}):
                assert await around.event(event_body(message("when?", **fields))) == 200
            assert await around.event(event_body(message("when?"), team="T0ELSEWHERE")) == 200
            await around.telegram.until(lambda: bool(around.telegram.sent()))
            await around.slack.until(lambda: around.slack.of("chat.postMessage"))
            assert [told["chat_id"] for told in around.telegram.sent()] == [7]
            assert len(around.slack.of("chat.postMessage")) == 1
            for platform, refused in (("telegram", 1), ("slack", 2)):
                name = f'assemblybot_deliveries_total{{outcome="refused",platform="{platform}"}}'
                assert await around.metric(name) == refused

    asyncio.run(scenario())


def test_questions_are_kept_only_where_that_is_asked_for(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    kept = tmp_path / "questions.jsonl"

    async def scenario(**changes: Path) -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path / "s", **changes):
            assert await around.update(said("When did the assembly meet?"), 1 + len(changes)) == 200
            await around.telegram.until(lambda: bool(around.telegram.sent()))

    asyncio.run(scenario())
    assert not kept.exists()
    asyncio.run(scenario(question_log=kept))
    (line,) = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert (line["question"], line["verdict"]) == ("When did the assembly meet?", "answered")


def test_a_drain_ends_in_time_also_when_a_platform_hangs(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    by_polling = {"telegram_webhook_secret": None, "drain_seconds": 0.5}

    async def scenario() -> None:
        async with platforms() as around:
            async with serving(around, settings, assistant, tmp_path, **by_polling):
                last = Fault(delay=20.0, matches=lambda parameters: parameters.get("limit") == 1)
                around.telegram.fail("getUpdates", last)
                began = time.monotonic()
            assert time.monotonic() - began < 5

    asyncio.run(scenario())


@pytest.mark.slow
def test_a_platform_that_cannot_be_reached_is_tried_on_while_the_other_answers(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around:
            for status in (0, 503, 0):
                around.slack.fail("auth.test", status, {})
            async with serving(around, settings, assistant, tmp_path):
                assert json.loads((await around.get("/readyz"))[1])["unreachable"] == ["slack"]
                assert await around.update(said("How many delegates came?"), 1) == 200
                await around.telegram.until(lambda: bool(around.telegram.sent()))
                assert await around.event(event_body(message("When?")), tries=1) == 503
                async with asyncio.timeout(120):
                    while json.loads((await around.get("/readyz"))[1])["unreachable"]:  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                assert await around.event(event_body(message("When did it meet?"))) == 200
                await around.slack.until(lambda: around.slack.of("chat.postMessage"))

    asyncio.run(scenario())


@pytest.mark.slow
def test_slack_is_answered_while_telegram_cannot_be_reached(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around:
            around.telegram.fail("getMe", *[Fault(cut="before")] * 6)  # the first start tries five times
            async with serving(around, settings, assistant, tmp_path):
                assert json.loads((await around.get("/readyz"))[1])["unreachable"] == ["telegram"]
                assert await around.event(event_body(message("When did the assembly meet?"))) == 200
                await around.slack.until(lambda: around.slack.of("chat.postMessage"))
                assert await around.update(said("When?"), 1, tries=1) == 503
                async with asyncio.timeout(120):
                    while json.loads((await around.get("/readyz"))[1])["unreachable"]:  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                assert await around.update(said("When?"), 1) == 200
                await around.telegram.until(lambda: bool(around.telegram.sent()))

    asyncio.run(scenario())


def test_a_platform_that_refuses_ends_the_service(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around:
            around.slack.fail("auth.test", 200, {"ok": False, "error": "invalid_auth"})
            with pytest.raises(PlatformError, match="invalid_auth"):
                async with serving(around, settings, assistant, tmp_path) as _:
                    await asyncio.sleep(10)

    asyncio.run(scenario())


def test_while_the_inbox_is_locked_nothing_waits_and_nothing_is_lost(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            with closing(sqlite3.connect(tmp_path / "inbox.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                begin = time.monotonic()
                updates = (
                    around.update(said("When did it meet?", user=person(n)), n, tries=1) for n in range(5)
                )
                assert set(await asyncio.gather(*updates)) == {503}
                assert time.monotonic() - begin < 3
                status, details = await around.get("/readyz")
                assert (status, json.loads(details)["inbox"]) == (503, "unusable")
                other.execute("ROLLBACK")
            for number in range(5):
                assert await around.update(said("When did it meet?", user=person(number)), number) == 200
            await around.telegram.until(lambda: len(around.telegram.sent()) == 5)
            assert (await around.get("/readyz"))[0] == 200

    asyncio.run(scenario())


def test_a_damaged_inbox_says_what_to_do(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "inbox.sqlite3").write_bytes(b"no database" * 1_000)

    async def scenario() -> None:
        async with platforms() as around:
            with pytest.raises(SettingsError, match="Delete it"):
                async with serving(around, settings, assistant, tmp_path):
                    pass

    asyncio.run(scenario())


def test_a_drain_says_which_answers_nobody_can_be_sure_of(
    settings: Settings, assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with (
            platforms() as around,
            serving(around, settings, assistant, tmp_path, drain_seconds=0.5),
        ):
            around.telegram.fail("sendMessage", Fault(delay=20.0))
            assert await around.update(said("How many delegates came?"), 1) == 200
            await around.telegram.until(
                lambda: any(call.method == "sendMessage" for call in around.telegram.calls)
            )

    asyncio.run(scenario())
    assert "1 deliveries stay in the inbox" in caplog.text
    assert "1 of them had begun to be answered, and are not answered again" in caplog.text


def test_a_service_that_cannot_open_its_inbox_leaves_nothing_open(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "inbox.sqlite3").mkdir()

    async def scenario() -> None:
        async with platforms() as around:
            with pytest.raises(SettingsError, match="inbox"):
                async with serving(around, settings, assistant, tmp_path):
                    pass
            assert not [thread for thread in threading.enumerate() if thread.name.startswith("session")]

    asyncio.run(scenario())


def test_both_platforms_say_that_questions_are_kept_where_they_are(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    log = tmp_path / "questions.jsonl"

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path, question_log=log):
            words = say("en", "privacy-kept", minutes=30)
            assert await around.update(said("/privacy"), 1) == 200
            await around.telegram.until(lambda: bool(around.telegram.sent()))
            assert strip_bidi(around.telegram.sent()[0]["text"]) == strip_bidi(words)
            private = command("privacy", around.slack.response_url())
            raw, headers = signed(dict(private), form=True)
            assert await around.post("/slack/events", raw.encode(), headers) == 200
            await around.slack.until(lambda: around.slack.responses)
            assert strip_bidi(words) in strip_bidi(json.dumps(around.slack.responses, ensure_ascii=False))

    asyncio.run(scenario())


def test_tokens_of_slack_installations_are_readable_by_their_owner_alone(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    many = {"slack_bot_token": None, "slack_client_id": "1.2", "slack_client_secret": "shh"}

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path, **many):
            assert (tmp_path / "slack-installations.sqlite3").stat().st_mode & 0o777 == 0o600

    asyncio.run(scenario())


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """What a run changes in its process is as it was."""
    root, every = logging.getLogger(), sys.getswitchinterval()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    sys.setswitchinterval(every)
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.usefixtures("undisturbed")
def test_what_shows_a_build_is_gone_before_it_serves(settings: Settings, tmp_path: Path) -> None:
    ended: list[str] = []

    @contextmanager
    def building() -> Iterator[Progress]:
        yield silent
        ended.append("built")

    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        run(settings.model_copy(update={"state_dir": tmp_path}), building, "telegram")
    assert ended == ["built"]
