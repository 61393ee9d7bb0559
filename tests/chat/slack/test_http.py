"""Requests over HTTP: signatures, replays, installs, acknowledgements."""

from __future__ import annotations

import asyncio
import io
import re
import time
from pathlib import Path
from typing import Any

import pytest

from assemblybot.chat.slack import Installations, SlackHttp
from assemblybot.chat.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from assemblybot.errors import SettingsError
from tests.chat.slack.harness import running_bot
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_payloads import command, event_body, mention, message, signed

#: Bodies of requests, with what `signed` is told of each.
Bodies = list[tuple[dict[str, Any], dict[str, Any]]]


def test_a_good_signature_is_answered() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            assert await bot.tell(message("when?")) == 200
            assert len(bot.posts) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "not the secret"},
        {"late": 301},
        {"late": -400},
    ],
    ids=["bad", "stale", "from the future"],
)
def test_other_signatures_are_refused(how: dict[str, Any]) -> None:
    async def scenario() -> None:
        if "late" in how:
            how["at"] = time.time() - how.pop("late")
        async with running_bot() as bot:
            assert await bot.post(event_body(message("when?")), **how) == 401
            await bot.dispatcher.drain(1)
            assert not bot.posts
            assert not bot.assistant.asked

    asyncio.run(scenario())


def test_a_tampered_body_is_refused_and_so_are_missing_headers() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            raw, headers = signed(event_body(message("when?")))
            for data, sent in (
                (raw.replace("when?", "what?"), headers),
                (raw, {"Content-Type": "application/json"}),
                (raw, {**headers, "X-Slack-Signature": ""}),
                (raw, {**headers, "X-Slack-Request-Timestamp": "soon"}),
                (raw, {**headers, "X-Slack-Request-Timestamp": "9" * 400}),
            ):
                async with bot.client.post("/slack/events", data=data.encode(), headers=sent) as answer:
                    assert answer.status == 401, sent
            await bot.dispatcher.drain(1)
            assert not bot.assistant.asked

    asyncio.run(scenario())


def test_a_replayed_request_is_taken_once() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            form = command("when?", bot.slack.response_url())
            both: Bodies = [(event_body(message("who?")), {}), (form, {"form": True})]
            for body, how in both:
                raw, headers = signed(body, **how)
                for _ in range(3):
                    async with bot.client.post("/slack/events", data=raw.encode(), headers=headers) as answer:
                        assert answer.status == 200
                    await bot.dispatcher.drain(5)
            assert bot.assistant.texts == ["who?", "when?"]
            assert (len(bot.posts), len(bot.private)) == (1, 1)

    asyncio.run(scenario())


def test_slack_checks_the_address_with_a_challenge() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            raw, headers = signed({"type": "url_verification", "challenge": "c-123", "token": "x"})
            async with bot.client.post("/slack/events", data=raw.encode(), headers=headers) as answer:
                assert answer.status == 200
                assert "c-123" in await answer.text()

    asyncio.run(scenario())


def test_acknowledged_at_once_while_answers_are_computed() -> None:
    """Forty questions wait for a slow answer; every request is acknowledged within 3 s, most at once."""

    async def scenario() -> None:
        assistant = ScriptedAssistant(seconds=0.05)
        async with running_bot(assistant) as bot:
            form = [(command(f"c {n}?", bot.slack.response_url()), {"form": True}) for n in range(10)]
            events: Bodies = [(event_body(mention(f"m {n}?")), {}) for n in range(30)]
            took: list[float] = []

            async def send(body: dict[str, Any], how: dict[str, Any]) -> None:
                began = time.perf_counter()
                assert await bot.post(body, **how) == 200
                took.append(time.perf_counter() - began)

            await asyncio.gather(*(send(body, how) for body, how in (*events, *form)))
            assert max(took) < 3.0
            assert len(assistant.asked) < 40, "acknowledged before the answers were there"
            assert (await bot.dispatcher.drain(10)).deliveries == 0
            assert len(bot.posts) + len(bot.private) == 40

    asyncio.run(scenario())


def test_too_large_a_body_is_refused() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            raw, headers = signed(event_body(message("x" * 1_100_000)))
            body = io.BytesIO(raw.encode())
            async with bot.client.post("/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 413

    asyncio.run(scenario())


def test_an_empty_signing_secret_is_refused() -> None:
    anything: Any = None
    with pytest.raises(ValueError, match="signing_secret"):
        SlackHttp(anything, anything, signing_secret="")


def oauth_options(folder: Path) -> dict[str, Any]:
    url = "https://bot.example.org"
    database = f"sqlite+aiosqlite:///{folder / 'slack.db'}"
    return {
        "bot_token": None,
        "public_url": url,
        "installations": Installations("1.2", "shh", database, url),
    }


async def install(bot: Any, team: str, code: str = "") -> int:
    async with bot.client.get("/slack/install") as page:
        assert page.status == 200
        state = re.search(r"state=([0-9a-f-]+)", await page.text())
        cookie = page.headers["Set-Cookie"].split(";")[0]
    assert state
    path = f"/slack/oauth_redirect?code={code or f'code-{team}'}&state={state[1]}"
    async with bot.client.get(path, headers={"Cookie": cookie}) as done:
        return int(done.status)


# slack_sdk 3.47 still signs oauth.v2.access with what aiohttp 3.14 calls old.
SDK_WARNING = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@SDK_WARNING
def test_two_workspaces_install_the_app_and_each_is_answered_with_its_own_token(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running_bot(**oauth_options(tmp_path)) as bot:
            assert await install(bot, "T1") == 200
            assert await install(bot, "T2") == 200
            for team in ("T1", "T2"):
                assert await bot.tell(message("when?", team=team), team=team) == 200
            tokens = [call.token for call in bot.slack.calls if call.method == "chat.postMessage"]
            assert tokens == ["xoxb-T1", "xoxb-T2"]
            asked = sum(call.method == "auth.test" for call in bot.slack.calls)
            assert asked == 4, "two at the installs, two at the first questions, none after"
            for _ in range(3):
                await bot.tell(message("when?", team="T1"), team="T1")
            assert sum(call.method == "auth.test" for call in bot.slack.calls) == asked
        async with running_bot(**oauth_options(tmp_path)) as bot:  # installations outlive the process
            bot.slack.teams["xoxb-T2"] = "T2"
            assert await bot.tell(message("when?", team="T2"), team="T2") == 200
            assert len(bot.posts) == 1

    asyncio.run(scenario())


@SDK_WARNING
def test_an_install_with_a_wrong_state_or_code_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running_bot(**oauth_options(tmp_path)) as bot:
            async with bot.client.get("/slack/oauth_redirect?code=code-T1&state=made-up") as refused:
                assert refused.status == 400
            assert await install(bot, "T1", code="stolen") == 401
            assert "xoxb-T1" not in bot.slack.teams

    asyncio.run(scenario())


@SDK_WARNING
def test_an_unknown_workspace_gets_no_answer_and_one_that_left_is_forgotten(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running_bot(**oauth_options(tmp_path)) as bot:
            await bot.tell(message("when?", team="T9"), team="T9")
            assert not bot.posts
            await install(bot, "T1")
            await bot.tell({"type": "app_uninstalled"}, team="T1")
            await asyncio.sleep(0.2)
            await bot.tell(message("when?", team="T1"), team="T1")
            assert not bot.posts

    asyncio.run(scenario())


def test_a_database_that_cannot_be_used_is_named_without_its_password() -> None:
    async def scenario() -> None:
        broken = Installations("1.2", "shh", "sqlite+aiosqlite:////nowhere/p4ssword.db", None)
        options = {**oauth_options(Path("/nowhere")), "installations": broken}
        with pytest.raises(SettingsError) as caught:
            async with running_bot(**options):
                pass
        assert "p4ssword" not in str(caught.value)

    asyncio.run(scenario())


def test_without_credentials_for_it_nothing_can_be_installed() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            for path in (INSTALL_PATH, REDIRECT_PATH):
                async with bot.client.get(path) as answer:
                    assert answer.status == 404

    asyncio.run(scenario())
