"""One running bot over HTTP, and the double of Slack it talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from assemblybot.chat.slack import SlackHttp, build_http_routes
from assemblybot.session import Pseudonyms, SqliteStore
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_api import SlackDouble
from tests.doubles.slack_payloads import SECRET, event_body, signed

NAMES = Pseudonyms(b"k" * 32)


@dataclass
class Bot:
    """What a test needs of the bot and its surroundings."""

    slack: SlackDouble
    http: SlackHttp
    client: TestClient[Any, Any]
    store: SqliteStore
    assistant: Any

    async def post(self, body: dict[str, Any], **how: Any) -> int:
        """Send one signed request; the status it was answered with."""
        raw, headers = signed(body, **how)
        async with self.client.post("/slack/events", data=raw.encode(), headers=headers) as answer:
            await answer.read()
            return answer.status

    async def tell(self, event: dict[str, Any], **fields: Any) -> int:
        """Send an event, and wait until its work is done."""
        status = await self.post(event_body(event, **fields))
        await self.http.running.drain(5)
        return status

    async def act(self, body: dict[str, Any], **how: Any) -> int:
        """Send a command, click or shortcut, and wait until its work is done."""
        status = await self.post(body, **how)
        await self.http.running.drain(5)
        return status

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Messages posted to channels."""
        return self.slack.of("chat.postMessage")

    @property
    def private(self) -> list[dict[str, Any]]:
        """Messages sent to response URLs."""
        return [body for _, body in self.slack.responses]


@asynccontextmanager
async def running_bot(assistant: Any = None, **options: Any) -> AsyncIterator[Bot]:
    """A bot for one workspace, unless `options` say otherwise."""
    assistant = assistant or ScriptedAssistant()
    options.setdefault("bot_token", "xoxb-one")
    limit = options.pop("limit", "100000 per minute")
    async with SlackDouble() as slack:
        store = await SqliteStore.open(limit=limit)
        http = build_http_routes(
            assistant, store, NAMES, signing_secret=SECRET, api_url=slack.api_url, **options
        )
        app = web.Application()
        app.add_routes(http.routes)
        try:
            await http.start()
            async with TestClient(TestServer(app), cookie_jar=aiohttp.DummyCookieJar()) as client:
                yield Bot(slack, http, client, store, assistant)
        finally:
            await http.close(5)
            await store.close()
