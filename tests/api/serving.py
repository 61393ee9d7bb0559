"""The HTTP API served for real on loopback, and requests to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from assemblybot.answering.assistant import Assistant
from assemblybot.api.keys import Allow
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.observe import Observer
from assemblybot.service import api
from assemblybot.service.app import build_app
from assemblybot.session import UserKey
from assemblybot.settings import Settings

KEY = "one-key-of-one-caller-here"
OTHER_KEY = "another-key-of-another-one"
PUBLIC_URL = "https://bot.example.org"
SETTINGS = Settings(_env_file=None, api_keys=SecretStr(f"{KEY}, {OTHER_KEY}"), public_url=PUBLIC_URL)  # type: ignore[call-arg]
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}

Client = TestClient[Any, Any]


async def without_limit(_: UserKey) -> float:
    return 0.0


@asynccontextmanager
async def calling(
    assistant: Assistant,
    allow: Allow = without_limit,
    most_waiting: int = 10,
    observer: Observer | None = None,
) -> AsyncIterator[Client]:
    """A client of the API over this assistant."""
    desk = AnswerDesk(assistant, most_waiting=most_waiting, observer=observer)
    try:
        server = TestServer(build_app(api.routes(SETTINGS, desk, allow)))
        async with TestClient(server) as client:
            yield client
    finally:
        desk.close()


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of the service, served from a thread for a client that knows no event loop."""
    ready, stop = threading.Event(), asyncio.Event()
    address: list[str] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with calling(assistant) as client:
            address.append(str(client.make_url("")))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(60)
    try:
        yield address[0].rstrip("/")
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
