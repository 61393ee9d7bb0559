"""The reader served for real on loopback, with or without a model behind it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.observe import Observer
from assemblybot.service.app import build_app
from assemblybot.service.reader import Reader


@asynccontextmanager
async def serving(desk: AnswerDesk) -> AsyncIterator[TestServer]:
    """The reader of `desk`, under the application that the service has."""
    async with TestServer(build_app(Reader(desk).routes)) as server:
        yield server


@asynccontextmanager
async def reading(
    assistant: Assistant, most_waiting: int = 10, observer: Observer | None = None
) -> AsyncIterator[TestClient[Any, Any]]:
    """A client of the reader that follows no redirect by itself."""
    desk = AnswerDesk(assistant, most_waiting=most_waiting, observer=observer)
    try:
        async with serving(desk) as server, TestClient(server) as client:
            yield client
    finally:
        desk.close()


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of the reader's first page, served from a thread for a browser."""
    ready, stop = threading.Event(), asyncio.Event()
    address: list[str] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        desk = AnswerDesk(assistant)
        async with serving(desk) as server:
            address.append(str(server.make_url("/read/")))
            ready.set()
            await stop.wait()
        desk.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(30)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
