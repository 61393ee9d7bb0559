"""The reader served for real on loopback, with or without a model behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.conversation import Conversation
from assemblybot.chat.observe import Observer
from assemblybot.service.reader import PLATFORM, Reader, within
from assemblybot.service.server import build_app
from tests.servers import from_a_thread


@asynccontextmanager
async def serving(queue: AnswerQueue) -> AsyncIterator[TestServer]:
    """The reader of each collection of `queue`, under the application that the service has."""

    def routes() -> list[web.RouteDef]:
        return Reader(Conversation(PLATFORM, queue, low_priority=True)).routes

    others = [name for name in queue.collections if name != queue.collection]
    inside = [route for name in others for route in within(queue, name, routes())]
    server = TestServer(build_app([*routes(), *inside]))
    async with server:
        yield server


@asynccontextmanager
async def reading(
    assistant: Assistant,
    most_waiting: int = 10,
    observer: Observer | None = None,
    besides: Sequence[Assistant] = (),
) -> AsyncIterator[TestClient[Any, Any]]:
    """A client of the reader that follows no redirect by itself; `besides` answer for other collections."""
    names = [beside.index.collection for beside in besides]
    queue = AnswerQueue(assistant, others=names, most_waiting=most_waiting, observer=observer)
    for beside in besides:
        queue.replace(beside)
    try:
        async with serving(queue) as server, TestClient(server) as client:
            yield client
    finally:
        queue.close()


@asynccontextmanager
async def _address(assistant: Assistant, besides: Sequence[Assistant]) -> AsyncIterator[str]:
    async with reading(assistant, besides=besides) as client:
        yield str(client.make_url("/read/"))


def served(assistant: Assistant, *besides: Assistant) -> AbstractContextManager[str]:
    """The address of the reader's first page, served from a thread for a browser."""
    return from_a_thread(_address(assistant, besides))
