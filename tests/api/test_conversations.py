"""The conversations shared with the chats, as far as no step leans on another, over HTTP and MCP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from mcp import Client

from assemblybot.api.mcp import build
from assemblybot.api.operations import Operations
from assemblybot.chat.answer_queue import AnswerQueue
from tests.api.serving import AUTHORIZED, PUBLIC_URL, calling
from tests.api.test_mcp import fits
from tests.conversations import Script, hold, load
from tests.conversations.reports import Assistants

ALONE = ("arabizi", "comparing", "darija", "english")
SCRIPTS = [script for script in load() if script.name in ALONE]
Ask = Callable[[str], Awaitable[Any]]


async def check(script: Script, assistants: Assistants, ask: Ask) -> None:
    """A program is answered as a person is, and reads whether the sources differ."""
    for exchange in hold(assistants[script.collection], script):
        said = await ask(exchange.said)
        cited = tuple(one["passage"] for one in said["citations"])
        assert (said["verdict"], cited) == exchange.shown[:2], exchange.said
        assert said["sources_differ"] is exchange.answer.sources_differ
        assert said["unsure"] is exchange.answer.is_unsure
        days = [one.day and one.day.isoformat() for one in exchange.answer.citations]
        assert [one["date"] for one in said["citations"]] == days


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_over_http(script: Script, assistants: Assistants) -> None:
    async def scenario() -> None:
        async with calling(assistants[script.collection]) as client:

            async def ask(question: str) -> Any:
                body = {"question": question}
                async with client.post("/api/ask", json=body, headers=AUTHORIZED) as answer:
                    return await answer.json()

            await check(script, assistants, ask)

    asyncio.run(scenario())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_over_mcp(script: Script, assistants: Assistants) -> None:
    async def scenario() -> None:
        queue = AnswerQueue(assistants[script.collection])
        try:
            async with Client(build(Operations(queue, "mcp", PUBLIC_URL))) as client:

                async def ask(question: str) -> Any:
                    return fits(await client.call_tool("ask", {"question": question}), "Answer")

                await check(script, assistants, ask)
        finally:
            queue.close()

    asyncio.run(scenario())
