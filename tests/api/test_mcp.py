"""The MCP server, asked by the SDK's own client: in one process, over standard input, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import httpx2
import jsonschema
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from assemblybot.answering.assistant import Assistant
from assemblybot.api.keys import Allow, Keys
from assemblybot.api.mcp import build, http_app, run_http
from assemblybot.api.openapi import schema
from assemblybot.api.operations import Operations
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import SettingsError
from assemblybot.session.base import Throttle
from assemblybot.settings import Settings
from tests.api.serving import AUTHORIZED, KEY, OTHER_KEY, PUBLIC_URL, SETTINGS, without_limit
from tests.doubles.assistants import ScriptedAssistant

TOOLS = {"ask": "Answer", "search": "Found", "read_passage": "Excerpt", "list_sources": "Sources"}


def play(scenario: Callable[[Client], Awaitable[None]], scripted: ScriptedAssistant | None = None) -> None:
    """Run `scenario` with a client in this process."""

    async def run() -> None:
        queue = AnswerQueue((scripted or ScriptedAssistant()).as_assistant())
        try:
            async with Client(build(Operations(queue, "mcp", PUBLIC_URL))) as client:
                await scenario(client)
        finally:
            queue.close()

    asyncio.run(run())


def refusal(result: Any) -> str:
    assert result.is_error and result.structured_content is None
    return str(result.content[0].text)


def fits(result: Any, model: str) -> Any:
    """The structured content, which is what the published schema says and what the text says."""
    assert not result.is_error, result
    jsonschema.validate(result.structured_content, {**schema(), "$ref": f"#/$defs/{model}"})
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def test_tools_only_read_and_say_what_they_return() -> None:
    async def scenario(client: Client) -> None:
        found = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(found) == set(TOOLS)
        for name, tool in found.items():
            assert tool.description and tool.annotations and tool.annotations.read_only_hint
            assert tool.output_schema and tool.output_schema["title"] == TOOLS[name]

    play(scenario)


def test_ask_and_read_around() -> None:
    async def scenario(client: Client) -> None:
        said = fits(await client.call_tool("ask", {"question": "When did it meet?"}), "Answer")
        assert said["verdict"] == "answered"
        first = said["citations"][0]
        assert first["link"].startswith(f"{PUBLIC_URL}/read/marrakech-2025#p3:~:text=")
        around = fits(await client.call_tool("read_passage", {"passage": first["passage"]}), "Excerpt")
        assert around["passage"]["text"] == first["text"]
        assert [len(around[side]) for side in ("before", "after")] == [1, 1]
        off = fits(await client.call_tool("ask", {"question": "off the point"}), "Answer")
        assert (off["verdict"], off["citations"]) == ("not_in_corpus", [])
        assert fits(await client.call_tool("list_sources", {}), "Sources")["total"] == 1

    play(scenario)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {"question": "?!"}, "no readable text"),
        ("ask", {"question": ""}, "at least 1 character"),
        ("ask", {"question": "a" * 2001}, "at most 2000 characters"),
        ("ask", {"question": 5}, "valid string"),
        ("ask", {}, "required"),
        ("ask", {"question": "When?", "language": "de"}, "language"),
        ("search", {"query": "When?", "most": 1000}, "less than or equal to 20"),
        ("read_passage", {"passage": "marrakech-2025#999"}, "no passage"),
        ("read_passage", {"passage": "../etc#1"}, "no passage"),
        ("read_passage", {"passage": "a#" + "9" * 5000}, "at most 300 characters"),
        ("list_sources", {"offset": -1}, "greater than or equal to 0"),
        ("ask", {"question": "break the unmistakable"}, "no answer just now"),
    ],
)
def test_what_cannot_be_done_is_said(
    tool: str, arguments: dict[str, Any], says: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def scenario(client: Client) -> None:
        assert says in refusal(await client.call_tool(tool, arguments))

    play(scenario)
    assert "unmistakable" not in caplog.text


@pytest.mark.slow
def test_over_standard_input(settings: Settings) -> None:
    environment = {
        **os.environ,
        "CORPUS_DIR": str(settings.corpus_dir),
        "INDEX_DIR": str(settings.index_dir),
        "MODEL": settings.model,
        "PUBLIC_URL": PUBLIC_URL,
    }
    server = StdioServerParameters(command=sys.executable, args=["-m", "assemblybot", "mcp"], env=environment)

    async def scenario() -> None:
        async with Client(stdio_client(server)) as client:
            asked = {"question": "How many delegates came?"}
            said = fits(await client.call_tool("ask", asked), "Answer")
            assert said["citations"][0]["passage"] == "marrakech-2025#12"
            found = fits(await client.call_tool("search", {"query": "delegates", "most": 2}), "Found")
            assert len(found["passages"]) == 2

    asyncio.run(scenario())


@contextmanager
def served(allow: Allow, queue: AnswerQueue | None = None, settings: Settings = SETTINGS) -> Iterator[str]:
    """The address of the server over HTTP, served from a thread."""
    queue = queue or AnswerQueue(ScriptedAssistant().as_assistant())
    keys = Keys.configured(settings, allow)
    assert keys is not None
    server = uvicorn.Server(
        uvicorn.Config(
            http_app(Operations(queue, "mcp", PUBLIC_URL), keys), log_config=None, access_log=False, ws="none"
        )
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        server.should_exit = True
        thread.join()
    queue.close()


@asynccontextmanager
async def http_client(url: str, headers: dict[str, str]) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as connection,
        Client(streamable_http_client(url, http_client=connection)) as client,
    ):
        yield client


def test_over_http_and_each_key_has_its_own_limit() -> None:
    async def scenario(url: str) -> None:
        async with http_client(url, AUTHORIZED) as client:
            for _ in range(2):
                fits(await client.call_tool("ask", {"question": "When did it meet?"}), "Answer")
            assert "asked all" in refusal(await client.call_tool("ask", {"question": "When?"}))
            fits(await client.call_tool("read_passage", {"passage": "marrakech-2025#3"}), "Excerpt")
        async with http_client(url, {"Authorization": f"Bearer {OTHER_KEY}"}) as client:
            fits(await client.call_tool("ask", {"question": "When did it meet?"}), "Answer")

    with served(Throttle("2 per minute").allow) as url:
        asyncio.run(scenario(url))


def test_over_http_a_key_is_kept_to_its_collections(assistant: Assistant, besides: list[Assistant]) -> None:
    queue = AnswerQueue(assistant, others=("press", "course"))
    for beside in besides:
        queue.replace(beside)
    settings = Settings(_env_file=None, collections="press, course", collection_keys=f"press={KEY}")

    async def scenario(url: str) -> None:
        async with http_client(url, AUTHORIZED) as client:
            said = fits(await client.call_tool("ask", {"question": "What was promised?"}), "Answer")
            assert said["collection"] == "press"
            sources = fits(await client.call_tool("list_sources", {}), "Sources")["sources"]
            assert [source["document"] for source in sources] == ["harbour"]
            for other in ("default", "course", "nowhere"):
                for tool, arguments in (
                    ("ask", {"question": "What was promised?"}),
                    ("search", {"query": "harbour"}),
                    ("read_passage", {"passage": "harbour#3"}),
                    ("list_sources", {}),
                ):
                    refused = await client.call_tool(tool, {**arguments, "collection": other})
                    assert "no collection of that name" in refusal(refused)

    with served(without_limit, queue, settings) as url:
        asyncio.run(scenario(url))


def test_over_http_nothing_without_a_key() -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    with served(without_limit) as url:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            answer = httpx.post(url, json=body, headers={**accept, **headers})
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        large = httpx.post(url, content=b"a" * 70_000, headers={**accept, **AUTHORIZED})
        assert large.status_code == 413


def test_over_http_a_key_must_be_set() -> None:
    with pytest.raises(SettingsError, match="API_KEYS"):
        run_http(Settings(_env_file=None), ScriptedAssistant().as_assistant)
