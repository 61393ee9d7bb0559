"""The service over HTTP between the doubles of both platforms, in this process or in one of its own."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from assemblybot.answering.assistant import Assistant
from assemblybot.service.run import serve
from assemblybot.settings import Settings
from tests.doubles.slack_api import SlackDouble
from tests.doubles.slack_payloads import SECRET, signed
from tests.doubles.telegram_api import TOKEN, TelegramApi
from tests.doubles.telegram_updates import Json
from tests.servers import free_port

WEBHOOK_SECRET = "s" * 32
#: Platforms send again what was answered with 503: a disk may be too busy for a moment.
PLATFORM_TRIES = 5


@dataclass
class Platforms:
    """Both doubles, and requests as the real ones send them to a service on `port`."""

    telegram: TelegramApi
    slack: SlackDouble
    client: aiohttp.ClientSession
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """Settings of a service that both platforms call."""
        return {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.base_url.removesuffix("/bot"),
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "PUBLIC_URL": "https://bot.example.org",
            "SLACK_BOT_TOKEN": "xoxb-one",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": self.slack.api_url,
            "RATE_LIMIT": "100000 per minute",
            "PORT": str(self.port),
        }

    async def get(self, path: str) -> tuple[int, str]:
        async with self.client.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, body: bytes, headers: dict[str, str], tries: int = 1) -> int:
        """Send `body`, again while the service says 503, at most `tries` times; returns the last status."""
        url = f"http://127.0.0.1:{self.port}{path}"
        async with self.client.post(url, data=io.BytesIO(body), headers=headers) as answer:
            await answer.read()
        if answer.status != 503 or tries == 1:
            return answer.status
        await asyncio.sleep(0.5)
        return await self.post(path, body, headers, tries - 1)

    async def update(
        self, update: Json, number: int, secret: str = WEBHOOK_SECRET, tries: int = PLATFORM_TRIES
    ) -> int:
        """Telegram calls the webhook."""
        body = json.dumps({"update_id": number, **update}).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return await self.post("/telegram/webhook", body, headers, tries)

    async def event(self, body: dict[str, Any], tries: int = PLATFORM_TRIES, **how: Any) -> int:
        """Slack calls with an event."""
        raw, headers = signed(body, **how)
        return await self.post("/slack/events", raw.encode(), headers, tries)

    async def until_ready(self, seconds: float = 300.0) -> None:
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    if (await self.get("/readyz"))[0] == 200:
                        return
                await asyncio.sleep(0.05)

    async def until_metric(self, name: str, value: float) -> None:
        """Wait until a metric has that value."""
        async with asyncio.timeout(60):
            while await self.metric(name) != value:  # noqa: ASYNC110 - another's number
                await asyncio.sleep(0.01)

    async def metric(self, name: str) -> float:
        """Value of one metric, with its labels in the order of the output; 0 when it is not there."""
        lines = (await self.get("/metrics"))[1].splitlines()
        return next((float(line.split(" ")[-1]) for line in lines if line.split(" ")[0] == name), 0.0)


@asynccontextmanager
async def platforms() -> AsyncIterator[Platforms]:
    async with TelegramApi() as telegram, SlackDouble() as slack, aiohttp.ClientSession() as client:
        yield Platforms(telegram, slack, client, free_port())
    assert not telegram.wrong, telegram.wrong


@asynccontextmanager
async def serving(
    around: Platforms, settings: Settings, assistant: Assistant, state: Path, **changes: Any
) -> AsyncIterator[asyncio.Event]:
    """The service in this process until the end of the block; the event stops it."""
    values = {name.lower(): value for name, value in around.environment.items()}
    folders = {"corpus_dir": settings.corpus_dir, "index_dir": settings.index_dir, "model": settings.model}
    chosen = Settings(_env_file=None, **{**values, **folders, "state_dir": state, **changes})
    stop = asyncio.Event()
    running = asyncio.create_task(serve(chosen, [assistant], stop))
    ready = asyncio.create_task(around.until_ready())
    try:
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        await ready
        yield stop
    finally:
        ready.cancel()
        stop.set()
        await running


SERVE = (sys.executable, "-m", "assemblybot", "serve")


@asynccontextmanager
async def process(
    around: Platforms,
    settings: Settings,
    state: Path,
    log: Path = Path(os.devnull),
    command: Sequence[str] = SERVE,
    **changes: str,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`assemblybot serve` in a process of its own, ready; killed at the end when it still lives.

    All that it writes goes to the file `log`.
    """
    environment = (
        os.environ | around.environment | {"STATE_DIR": str(state), "MODEL": settings.model} | changes
    )
    with log.open("ab") as written:
        running = await asyncio.create_subprocess_exec(
            *command,
            *("--corpus", str(settings.corpus_dir), "--index", str(settings.index_dir)),
            env=environment,
            stdout=written,
            stderr=written,
        )
    try:
        await around.until_ready()
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()
