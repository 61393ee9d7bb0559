"""The bot against local-slack, somebody else's server (npm, MIT), in both ways of connecting.

It sends every event to every socket, tells of a mention twice, does not know the agent panel, and
signs its requests: what our own doubles get wrong, it may get right. Skipped where npm or the
package is not to be had.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from assemblybot.chat.slack import SlackHttp, SlackSocket
from tests.chat.slack.harness import bot_parts
from tests.doubles.assistants import ScriptedAssistant
from tests.servers import free_port

pytestmark = pytest.mark.slow
PACKAGE, VERSION = "local-slack-linux-x64", "0.1.8"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assemblybot-tests"
SECRET = "a-secret-for-local-slack"


@pytest.fixture(scope="module")
def binary() -> Path:
    """The server, installed once from the npm registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("local-slack needs npm, and there is none here")
    CACHE.mkdir(parents=True, exist_ok=True)
    found = CACHE / "node_modules" / PACKAGE / "bin" / "local-slack"
    if not found.exists():
        install = [npm, "install", "--prefix", str(CACHE), "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            subprocess.run([*install, f"{PACKAGE}@{VERSION}"], check=True, capture_output=True, timeout=120)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"{PACKAGE} cannot be installed here: {type(error).__name__}")
    return found


class LocalSlack:
    """The control API of a running server."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.api_url = f"{base}/api/"
        self._session = session
        self._base = f"{base}/_control"

    async def do(self, what: str, **body: Any) -> Any:
        async with self._session.post(f"{self._base}/{what}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def get(self, what: str) -> Any:
        async with self._session.get(f"{self._base}/{what}") as answer:
            return await answer.json()

    async def by_bot(self, channel: str) -> list[dict[str, Any]]:
        messages = (await self.get(f"messages/{channel}"))["messages"]
        return [message for message in messages if message.get("bot_id")]

    async def eventually(self, channel: str, count: int) -> list[dict[str, Any]]:
        """What the bot said in `channel`: `count` messages, and still so a moment later."""
        async with asyncio.timeout(60):
            while len(await self.by_bot(channel)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        said = await self.by_bot(channel)
        assert len(said) == count, [message["text"][:60] for message in said]
        return said


@asynccontextmanager
async def local_slack(binary: Path, folder: Path, request_url: str | None) -> AsyncIterator[LocalSlack]:
    """A server with one channel, one direct conversation, and one app."""
    app = {
        "appId": "A0APP",
        "botUserId": "U0BOT",
        "botToken": "xoxb-local",
        "appToken": "xapp-local",
        "signingSecret": SECRET,
    }
    app |= {"mode": "events", "requestUrl": request_url} if request_url else {"mode": "socket"}
    config = {
        "workspace": {"name": "Test", "domain": "test", "teamId": "T0LOCAL"},
        "users": [{"id": "U0ASKER", "name": "asker"}, {"id": "U0OTHER", "name": "other"}],
        "channels": [
            {"id": "C0ROOM", "name": "room", "members": ["U0ASKER", "U0OTHER", "U0BOT"]},
            {
                "id": "D0DIRECT",
                "name": "dm",
                "is_im": True,
                "is_channel": False,
                "members": ["U0ASKER", "U0BOT"],
            },
        ],
        "apps": [app],
    }
    path, port = folder / "config.json", free_port()
    path.write_text(json.dumps(config))
    process = await asyncio.create_subprocess_exec(
        binary, "--config", path, "--port", str(port), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            server = LocalSlack(session, f"http://localhost:{port}")
            async with asyncio.timeout(60):
                while True:
                    try:
                        await server.get("state")
                        break
                    except aiohttp.ClientConnectionError:
                        await asyncio.sleep(0.1)
            yield server
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def over_sockets(binary: Path, folder: Path) -> AsyncIterator[LocalSlack]:
    """Two replicas that share their state, each told everything."""
    async with local_slack(binary, folder, None) as server, AsyncExitStack() as stack:
        for _ in range(2):
            parts = await stack.enter_async_context(
                bot_parts(ScriptedAssistant(), server.api_url, bot_token="xoxb-local", state=folder)
            )
            socket = SlackSocket(parts.bot, parts.incoming, app_token="xapp-local")
            stack.push_async_callback(socket.shut)
            await socket.open()
        yield server


@asynccontextmanager
async def over_http(binary: Path, folder: Path) -> AsyncIterator[LocalSlack]:
    """The bot behind signed requests."""
    port = free_port()
    async with (
        local_slack(binary, folder, f"http://127.0.0.1:{port}/slack/events") as server,
        bot_parts(ScriptedAssistant(), server.api_url, bot_token="xoxb-local") as parts,
    ):
        app = web.Application()
        app.add_routes(SlackHttp(parts.bot, parts.incoming, signing_secret=SECRET).routes)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield server
        await runner.cleanup()


@pytest.mark.parametrize("connect", [over_sockets, over_http], ids=lambda way: way.__name__)
def test_the_ways_to_ask(connect: Callable[..., Any], binary: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with connect(binary, tmp_path) as slack:
            told = await slack.do("message", channel="C0ROOM", user="U0ASKER", text="<@U0BOT> when?")
            (answer,) = await slack.eventually("C0ROOM", 1)
            assert answer["thread_ts"] == told["message"]["ts"]
            assert answer["text"].startswith("The proceedings of the 93rd session")

            await slack.do("message", channel="C0ROOM", user="U0OTHER", text="just talk")
            await slack.do(
                "edit-message",
                channel="C0ROOM",
                ts=told["message"]["ts"],
                user="U0ASKER",
                text="<@U0BOT> who?",
            )
            await slack.do(
                "message", channel="C0ROOM", user="U0ASKER", text="and then?", thread_ts=answer["thread_ts"]
            )
            assert len(await slack.eventually("C0ROOM", 2)) == 2

            buttons = next(b for b in answer["blocks"] if b["type"] == "actions")["elements"]
            element = next(button for button in buttons if button["action_id"] == "next_passage")
            await slack.do(
                "interact", channel="C0ROOM", messageTs=answer["ts"], user="U0ASKER", action=element
            )
            third = (await slack.eventually("C0ROOM", 3))[-1]
            assert "Other passages" in third["text"]

            await slack.do("command", channel="C0ROOM", user="U0ASKER", command="/assembly", text="when?")
            private = (await slack.eventually("C0ROOM", 4))[-1]
            assert private["ephemeral_to"] == "U0ASKER"

            await slack.do("message", channel="D0DIRECT", user="U0ASKER", text="متى انعقدت الجمعية؟")
            (direct,) = await slack.eventually("D0DIRECT", 1)
            assert direct["text"].startswith("انطلقت في مراكش")

            await slack.do("open-home", user="U0ASKER")
            async with asyncio.timeout(60):
                while "views.publish" not in str(await slack.get("log")):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)

    asyncio.run(scenario())
