"""The reader served for real on loopback, with or without a model behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.conversation import Conversation
from assemblybot.chat.observe import Observer
from assemblybot.service.reader import PLATFORM, Reader
from assemblybot.service.server import build_app
from tests.servers import from_a_thread


@asynccontextmanager
async def serving(queue: AnswerQueue) -> AsyncIterator[TestServer]:
    """The reader of `queue`, under the application that the service has."""
    server = TestServer(build_app(Reader(Conversation(PLATFORM, queue, low_priority=True)).routes))
    async with server:
        yield server


@asynccontextmanager
async def reading(
    assistant: Assistant, most_waiting: int = 10, observer: Observer | None = None
) -> AsyncIterator[TestClient[Any, Any]]:
    """A client of the reader that follows no redirect by itself."""
    queue = AnswerQueue(assistant, most_waiting=most_waiting, observer=observer)
    try:
        async with serving(queue) as server, TestClient(server) as client:
            yield client
    finally:
        queue.close()


@asynccontextmanager
async def _address(assistant: Assistant) -> AsyncIterator[str]:
    async with reading(assistant) as client:
        yield str(client.make_url("/read/"))


def served(assistant: Assistant) -> AbstractContextManager[str]:
    """The address of the reader's first page, served from a thread for a browser."""
    return from_a_thread(_address(assistant))
