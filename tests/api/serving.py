"""The HTTP API served for real on loopback, and requests to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from assemblybot.answering.assistant import Assistant
from assemblybot.api.keys import Allow
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.observe import Observer
from assemblybot.service import api
from assemblybot.service.server import build_app
from assemblybot.session import UserKey
from assemblybot.settings import Settings
from tests.servers import from_a_thread

KEY = "one-key-of-one-caller-here"
OTHER_KEY = "another-key-of-another-one"
PUBLIC_URL = "https://bot.example.org"
SETTINGS = Settings(_env_file=None, api_keys=SecretStr(f"{KEY}, {OTHER_KEY}"), public_url=PUBLIC_URL)
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
    others: Sequence[str] = (),
    besides: Iterable[Assistant] = (),
    settings: Settings = SETTINGS,
) -> AsyncIterator[Client]:
    """A client of the API over this assistant, and over `besides`, which answer for some of `others`."""
    queue = AnswerQueue(assistant, others=others, most_waiting=most_waiting, observer=observer)
    for beside in besides:
        queue.replace(beside)
    try:
        server = TestServer(build_app(api.routes(settings, queue, allow)))
        async with TestClient(server) as client:
            yield client
    finally:
        queue.close()


@asynccontextmanager
async def _address(assistant: Assistant) -> AsyncIterator[str]:
    async with calling(assistant) as client:
        yield str(client.make_url("")).rstrip("/")


def served(assistant: Assistant) -> AbstractContextManager[str]:
    """The address of the service, served from a thread."""
    return from_a_thread(_address(assistant))
