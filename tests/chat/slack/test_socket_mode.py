"""Socket Mode: envelopes, acknowledgements, connections that die silently, tokens refused."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from assemblybot.chat.slack import SlackSocket
from assemblybot.errors import PlatformError
from assemblybot.render.slack_buttons import NEXT
from tests.chat.slack.harness import Parts, bot_parts
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_api import SlackDouble
from tests.doubles.slack_payloads import click, command, event_body, in_channel, mention, message, ts
from tests.servers import free_port


@asynccontextmanager
async def connected(
    assistant: Any = None, *, app_token: str = "xapp-1", **options: Any
) -> AsyncIterator[tuple[SlackDouble, SlackSocket, Parts]]:
    async with (
        SlackDouble() as slack,
        bot_parts(assistant or ScriptedAssistant(), slack.api_url, **options) as parts,
    ):
        socket = SlackSocket(parts.bot, parts.incoming, app_token=app_token)
        try:
            await socket.open()
            await slack.until(lambda: slack.sockets)
            yield slack, socket, parts
        finally:
            await socket.shut()
            await parts.dispatcher.drain(5)


def test_events_commands_and_clicks_are_acknowledged_and_answered() -> None:
    async def scenario() -> None:
        async with connected() as (slack, _, parts):
            await slack.send("events_api", event_body(mention("when?")), "e1")
            await slack.send("slash_commands", command("when?", slack.response_url()), "e2")
            await slack.until(lambda: len(slack.responses) == 1 and slack.of("chat.postMessage"))
            posted = slack.of("chat.postMessage")[0]
            elements = next(b for b in posted["blocks"] if b["type"] == "actions")["elements"]
            following = next(button for button in elements if button["action_id"] == NEXT)
            await slack.send("interactive", click(following, slack.response_url()), "e3")
            await slack.until(lambda: len(slack.of("chat.postMessage")) == 2)
            await slack.until(lambda: set(slack.acks) == {"e1", "e2", "e3"})
            assert not any(slack.ack_payloads.values()), "answers travel by the Web API"
            await parts.dispatcher.drain(5)
            assert parts.dispatcher.in_progress == 0

    asyncio.run(scenario())


def test_acknowledged_before_the_answer_and_drained_at_the_end() -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        assistant.open.clear()
        async with connected(assistant) as (slack, _, _):
            for number in range(5):
                await slack.send("events_api", event_body(message(f"q{number}?")), f"e{number}")
            await slack.until(lambda: len(slack.acks) == 5, 3.0)
            assert not slack.of("chat.postMessage")
            asyncio.get_running_loop().call_later(0.2, assistant.open.set)
            double = slack
        assert len(double.of("chat.postMessage")) == 5

    asyncio.run(scenario())


def test_the_same_event_on_two_connections_and_again_later_is_one_question() -> None:
    async def scenario() -> None:
        assistant = ScriptedAssistant()
        async with connected(assistant) as (slack, socket, parts):
            await socket.client.connect_to_new_endpoint(force=True)
            await slack.until(lambda: len(slack.sockets) == 2)
            when = ts()
            bodies = [
                event_body(mention("when?", ts=when), "Ev1"),
                event_body(in_channel("<@U0BOT> when?", ts=when), "Ev2"),
            ]
            for number, body in enumerate([*bodies, *bodies]):
                await slack.send("events_api", body, f"e{number}", retry=number)
            await slack.until(lambda: len(slack.acks) == 4)
            await parts.dispatcher.drain(5)
            assert assistant.texts == ["when?"]

    asyncio.run(scenario())


def test_slack_may_ask_to_reconnect() -> None:
    async def scenario() -> None:
        async with connected() as (slack, _, _):
            await slack.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
            await slack.until(lambda: len(slack.sockets) == 2)
            await slack.send("events_api", event_body(message("when?")), "e1")
            await slack.until(lambda: slack.of("chat.postMessage"))

    asyncio.run(scenario())


def test_a_watch_replaces_a_connection_that_died_silently() -> None:
    async def scenario() -> None:
        async with connected() as (slack, socket, _):
            socket.check_every, socket.silent_after, socket.dead_after = 0.05, 0.3, 60.0
            # The SDK's own check ends with its task, as it does in the field.
            socket.client.current_session_monitor.cancel()  # type: ignore[union-attr]
            slack.silent = True
            watching = asyncio.create_task(socket.watch())
            # The SDK itself notices after its ping interval of ten seconds at the earliest.
            await slack.until(lambda: len(slack.sockets) >= 2, 8)
            slack.silent = False
            began = time.time()
            await slack.send("events_api", event_body(message("when?")), "e1")
            await slack.until(lambda: slack.of("chat.postMessage"))
            assert socket.last_heard >= began
            watching.cancel()

    asyncio.run(scenario())


def test_a_watch_leaves_a_quiet_but_living_connection_alone() -> None:
    async def scenario() -> None:
        async with connected() as (slack, socket, parts):
            client = socket.client
            client.ping_interval = 0.05
            client.current_session_monitor.cancel()  # type: ignore[union-attr]
            client.current_session_monitor = asyncio.ensure_future(client.monitor_current_session())
            socket.check_every, socket.silent_after = 0.05, 0.4
            began = time.monotonic()
            watching = asyncio.create_task(socket.watch())
            await asyncio.sleep(1.2)
            assert parts.metrics._last["slack"] > began, "its pings were heard"
            assert len(slack.sockets) == 1
            watching.cancel()

    asyncio.run(scenario())


def test_silence_on_new_connections_too_ends_the_run_with_a_word() -> None:
    async def scenario() -> None:
        async with connected() as (slack, socket, _):
            slack.silent = True
            socket.check_every, socket.dead_after = 0.02, 0.1
            with pytest.raises(PlatformError, match="silent"):
                await asyncio.wait_for(socket.watch(), 5)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ({"bot_token": "xoxb-wrong"}, "bot token"),
        ({"app_token": "wrong"}, "app-level token"),
    ],
)
def test_a_refused_token_is_named_and_not_shown(
    tokens: dict[str, str], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        with pytest.raises(PlatformError, match=words) as caught:
            async with connected(**tokens):
                pass
        assert "wrong" not in str(caught.value)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scenario())
    assert "wrong" not in caplog.text


@pytest.mark.slow
def test_a_start_without_a_network_is_explained() -> None:
    async def scenario() -> None:
        nowhere = f"http://127.0.0.1:{free_port()}/api/"
        with pytest.raises(PlatformError, match="cannot be reached"):
            async with bot_parts(ScriptedAssistant(), nowhere):
                pass
        async with SlackDouble() as slack, bot_parts(ScriptedAssistant(), slack.api_url) as parts:
            parts.bot._api_url = nowhere
            socket = SlackSocket(parts.bot, parts.incoming, app_token="xapp-1")
            with pytest.raises(PlatformError, match="cannot be reached"):
                await socket.open()
            await socket.shut()

    asyncio.run(scenario())


def test_settings_in_the_environment_for_http_do_not_confuse_socket_mode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bolt would make an OAuth app of it, and drop the bot token."""
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "from-the-environment")

    async def scenario() -> None:
        async with connected() as (slack, _, _):
            await slack.send("events_api", event_body(message("when?")), "e1")
            await slack.until(lambda: slack.of("chat.postMessage"))
            assert {call.token for call in slack.calls if call.method == "chat.postMessage"} == {"xoxb-one"}

    asyncio.run(scenario())
