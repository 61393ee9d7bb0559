"""What the doctor says of tokens, webhooks, scopes and clocks, asked of the doubles of the platforms."""

from __future__ import annotations

import asyncio
import json
import time
from email.utils import formatdate
from typing import Any

import pytest
from pydantic import SecretStr

from assemblybot.chat.slack.manifest import BOT_SCOPES
from assemblybot.doctor.finding import Finding, Level, Skip, Warn, examine
from assemblybot.doctor.platforms import Clock, checks
from assemblybot.errors import SettingsError
from assemblybot.settings import Settings
from tests.doubles.slack_api import SlackDouble
from tests.doubles.telegram_api import TOKEN, Fault, TelegramApi

NOBODY = "http://127.0.0.1:9"
BASE = Settings(telegram_api_url=NOBODY, slack_api_url=NOBODY, _env_file=None)


def say(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in map(examine, checks(settings))}


def telegram(webhook: dict[str, Any], **changed: Any) -> dict[str, Finding]:
    """Findings with a token that is right and this answer to `getWebhookInfo`."""

    async def ask() -> dict[str, Finding]:
        async with TelegramApi() as api:
            api.fail("getWebhookInfo", Fault(200, body=json.dumps({"ok": True, "result": webhook})))
            changes = {
                "telegram_bot_token": SecretStr(TOKEN),
                "telegram_api_url": api.base_url.removesuffix("/bot"),
                **changed,
            }
            return await asyncio.to_thread(say, BASE.model_copy(update=changes))

    return asyncio.run(ask())


def slack(scopes: str | None = None, **changed: Any) -> dict[str, Finding]:
    """Findings with tokens that are right, and those scopes granted."""

    async def ask() -> dict[str, Finding]:
        async with SlackDouble() as double:
            if scopes is not None:
                told = {"ok": True, "team": "Delegates", "user": "assemblybot"}
                double.fail("auth.test", 200, told, {"X-OAuth-Scopes": scopes})
            changes = {
                "slack_bot_token": SecretStr("xoxb-one"),
                "slack_app_token": SecretStr("xapp-one"),
                "slack_api_url": double.api_url,
                **changed,
            }
            return await asyncio.to_thread(say, BASE.model_copy(update=changes))

    return asyncio.run(ask())


WEBHOOK = {"telegram_webhook_secret": SecretStr("s" * 16), "public_url": "https://bot.example.org/"}
URL = "https://bot.example.org/telegram/webhook"


def test_a_good_telegram_token_and_the_clock() -> None:
    found = telegram({"url": "", "pending_update_count": 2})
    assert found["telegram token"].level is Level.OK
    assert "@assembly_test_bot, inline mode on" in found["telegram token"].text
    assert found["telegram updates"].text == "polling, 2 wait"
    assert found["clock"].level is Level.OK


@pytest.mark.parametrize(
    ("webhook", "changed", "says"),
    [
        ({"url": "https://other.example/x", "pending_update_count": 0}, {}, "set at other.example: another"),
        ({"url": "", "pending_update_count": 0}, WEBHOOK, "`assemblybot serve` sets it"),
        ({"url": "https://old.example/x", "pending_update_count": 0}, WEBHOOK, "not where PUBLIC_URL says"),
        ({"url": "", "pending_update_count": 101}, {}, "is the bot running?"),
        (
            {
                "url": URL,
                "pending_update_count": 1,
                "last_error_date": int(time.time()),
                "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
            },
            WEBHOOK,
            "502 Bad Gateway",
        ),
    ],
)
def test_what_is_wrong_with_updates(webhook: dict[str, Any], changed: dict[str, Any], says: str) -> None:
    found = telegram(webhook, **changed)["telegram updates"]
    assert found.level is Level.WARN
    assert says in found.text


def test_an_old_error_of_the_webhook_is_forgotten() -> None:
    told = {"url": URL, "pending_update_count": 0, "last_error_date": 1, "last_error_message": "x"}
    assert telegram(told, **WEBHOOK)["telegram updates"].text == "webhook, 0 wait"


@pytest.mark.parametrize(
    ("public_url", "level"),
    [
        ("https://bot.example.org", Level.OK),
        ("http://localhost:8080", Level.WARN),
        ("https://intranet/", Level.WARN),
        (None, Level.SKIP),
    ],
)
def test_where_no_button_can_lead_is_said(public_url: str | None, level: Level) -> None:
    found = telegram({"url": "", "pending_update_count": 0}, public_url=public_url)["telegram links"]
    assert found.level is level


def test_a_wrong_telegram_token_fails_and_is_not_shown() -> None:
    found = telegram({}, telegram_bot_token=SecretStr("123456789:wrong"))["telegram token"]
    assert (found.level, found.exit_code) == (Level.FAIL, 7)
    assert "wrong" not in found.text


def test_good_slack_tokens() -> None:
    found = slack(",".join(BOT_SCOPES))
    assert found["slack bot token"].text == f"Delegates, as assemblybot, {len(BOT_SCOPES)} scopes"
    assert found["slack app token"].level is Level.OK
    assert found["clock"].level is Level.OK


def test_missing_scopes_are_named_and_those_for_links_only_over_http() -> None:
    granted = [scope for scope in BOT_SCOPES if not scope.startswith("links:")]
    assert slack(",".join(granted))["slack bot token"].level is Level.OK
    over_http = slack(",".join(granted), slack_signing_secret=SecretStr("a" * 32))
    assert "lacks links:read, links:write" in over_http["slack bot token"].text
    assert "lacks commands" in slack(",".join(set(granted) - {"commands"}))["slack bot token"].text


def test_wrong_slack_tokens_fail_and_are_not_shown() -> None:
    found = slack(slack_bot_token=SecretStr("xoxb-wrong"), slack_app_token=SecretStr("wrong"))
    for name in ("slack bot token", "slack app token"):
        assert (found[name].level, found[name].exit_code) == (Level.FAIL, 7)
        assert "invalid_auth" in found[name].text
        assert "wrong" not in found[name].text


def test_a_signing_secret_that_is_none() -> None:
    assert slack(slack_signing_secret=SecretStr("hello"))["slack signing secret"].level is Level.WARN


def test_offline_every_platform_is_skipped() -> None:
    settings = BASE.model_copy(
        update={"telegram_bot_token": SecretStr(TOKEN), "slack_bot_token": SecretStr("xoxb-one")}
    )
    found = say(settings)
    for name in ("telegram token", "telegram updates", "slack bot token"):
        assert found[name].level is Level.SKIP
        assert "cannot be reached" in found[name].text
    assert found["clock"].level is Level.SKIP


def test_a_clock_that_is_off() -> None:
    clock = Clock()
    clock.saw(formatdate(time.time() - 120, usegmt=True))
    with pytest.raises(SettingsError, match=r"\+1(19|20|21) s off"):
        clock.check()
    clock.saw(formatdate(time.time() + 20, usegmt=True))
    with pytest.raises(Warn):
        clock.check()
    clock.saw(formatdate(time.time(), usegmt=True))
    assert clock.check() == "right"


@pytest.mark.parametrize("date", [None, "", "soon", "Mon, 99 Foo 2026 25:00:00 GMT"])
def test_a_date_that_is_none_says_nothing_of_the_clock(date: str | None) -> None:
    clock = Clock()
    clock.saw(date)
    with pytest.raises(Skip):
        clock.check()
