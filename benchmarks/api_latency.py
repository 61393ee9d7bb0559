"""What MCP and HTTP add to the time of one answer.

    python -m benchmarks.api_latency [--write]

The same questions go, one after another, to `AnswerQueue.answer` in this process, to `POST /api/ask` of the
service's application on loopback, and to the tool `ask` over MCP: by streamable HTTP on loopback, and by the
standard input of `assemblybot mcp`. Each is asked in all ways in turn, because what else the machine does
then slows all of them alike; and once in each way before it is timed, because a process keeps what its models
made of the last texts, so that the first way to ask would pay for the others. What a way adds is the median
of its differences from the same question in this process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import httpx2
import uvicorn
from aiohttp import web
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from pydantic import SecretStr

from assemblybot.api.keys import Keys
from assemblybot.api.mcp import http_app
from assemblybot.api.operations import Operations
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.service import api
from assemblybot.service.server import build_app
from assemblybot.session import UserKey
from assemblybot.settings import load_settings
from assemblybot.startup import open_assistant
from benchmarks.figures import development_questions, options, percentile, report

_KEY = "benchmark-key-of-32-characters!!"
_AUTHORIZED = {"Authorization": f"Bearer {_KEY}"}
_QUESTIONS = 100
Ask = Callable[[str], Awaitable[object]]


async def _without_limit(_: UserKey) -> float:
    return 0.0


@asynccontextmanager
async def _by_http(queue: AnswerQueue) -> AsyncIterator[Ask]:
    settings = load_settings().model_copy(update={"api_keys": SecretStr(_KEY)})
    runner = web.AppRunner(build_app(api.routes(settings, queue, _without_limit)), access_log=None)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/ask"
        async with aiohttp.ClientSession(headers=_AUTHORIZED) as session:

            async def ask(question: str) -> object:
                async with session.post(url, json={"question": question}) as answer:
                    answer.raise_for_status()
                    return await answer.json()

            yield ask
        await runner.cleanup()


@asynccontextmanager
async def _by_mcp_http(queue: AnswerQueue) -> AsyncIterator[Ask]:
    keys = Keys.configured(load_settings().model_copy(update={"api_keys": SecretStr(_KEY)}), _without_limit)
    assert keys is not None
    app = http_app(Operations(queue, "mcp"), keys)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - another's flag
            await asyncio.sleep(0.01)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        async with (
            httpx2.AsyncClient(headers=_AUTHORIZED) as connection,
            Client(streamable_http_client(url, http_client=connection)) as client,
        ):
            yield _tool(client)
        server.should_exit = True
        await serving


@asynccontextmanager
async def _by_mcp_stdio() -> AsyncIterator[Ask]:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "assemblybot", "mcp"], env=dict(os.environ)
    )
    async with Client(stdio_client(command)) as client:
        yield _tool(client)


def _tool(client: Client) -> Ask:
    async def ask(question: str) -> object:
        result = await client.call_tool("ask", {"question": question})
        if result.is_error:
            raise RuntimeError(result.content)
        return result.structured_content

    return ask


async def measure() -> dict[str, list[float]]:
    """Milliseconds of each answer, by the way it was asked for."""
    queue = AnswerQueue(open_assistant(load_settings()))
    questions = development_questions()[:_QUESTIONS]
    async with AsyncExitStack() as stack:
        stack.callback(queue.close)
        ways: dict[str, Ask] = {
            "in_process": queue.answer,
            "http": await stack.enter_async_context(_by_http(queue)),
            "mcp_http": await stack.enter_async_context(_by_mcp_http(queue)),
            "mcp_stdio": await stack.enter_async_context(_by_mcp_stdio()),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for question in questions:
            for ask in ways.values():
                await ask(question)
            for name, ask in ways.items():
                begin = time.perf_counter()
                await ask(question)
                times[name].append(1000 * (time.perf_counter() - begin))
    return times


def main() -> None:
    """Measure and print; the index must be built (it is, after `make run`)."""
    chosen = options(__doc__).parse_args()
    logging.basicConfig(level=logging.WARNING)  # else the SDK logs each request
    times = asyncio.run(measure())
    here = times["in_process"]
    added = {
        f"{name}_adds_p50_ms": [there - own for there, own in zip(each, here, strict=True)]
        for name, each in times.items()
        if name != "in_process"
    }
    figures = {
        "questions": len(here),
        **{f"{name}_p50_ms": round(percentile(each, 50), 2) for name, each in times.items()},
        **{name: round(percentile(each, 50), 2) for name, each in added.items()},
    }
    report("api-latency", figures, write=chosen.write)


if __name__ == "__main__":
    main()
