"""`assemblybot mcp --http` as a process of its own, asked by the SDK's own client."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mcp import MCPError

from assemblybot.api.verify import verified
from assemblybot.errors import PortError, SettingsError
from tests.api.serving import AUTHORIZED, KEY, OTHER_KEY, PUBLIC_URL
from tests.api.test_mcp import fits, http_client, refusal
from tests.conftest import MODEL, write_small
from tests.conversations.reports import write_reports
from tests.servers import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings over two reports of a bridge, with the small corpus as another collection."""
    write_reports(tmp_path / "corpus", languages=("en",))
    write_small(tmp_path / "collections" / "press")
    return {
        **os.environ,
        "CORPUS_DIR": str(tmp_path / "corpus"),
        "INDEX_DIR": str(tmp_path / "index"),
        "COLLECTIONS": "press",
        "COLLECTIONS_DIR": str(tmp_path / "collections"),
        "MODEL": str(MODEL),
        "PUBLIC_URL": PUBLIC_URL,
        "API_KEYS": KEY,
        "COLLECTION_KEYS": f"press={OTHER_KEY}",
        "RATE_LIMIT": "2 per hour",
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
    }


def started(environment: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assemblybot", "mcp", "--http"],
        env=environment,
        cwd=folder,  # where there is no .env
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(environment: dict[str, str], folder: Path) -> Iterator[str]:
    """The address of the server, which listens; afterwards it is told to stop, and does."""
    process = started(environment, folder)
    assert process.stderr
    try:
        said = next((line for line in process.stderr if "MCP on http://" in line), None)
        assert said, "it ended before it listened"
        yield said.split("MCP on ")[1].split()[0].strip("'\"")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        process.communicate()


def test_documents_that_differ_are_told_with_links_that_can_be_verified(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async def scenario(url: str) -> None:
        async with http_client(url, AUTHORIZED) as client:
            asked = {"question": "How much did the footbridge cost?"}
            said = fits(await client.call_tool("ask", asked), "Answer")
            assert said["sources_differ"] is True
            cited = [(one["passage"], one["date"]) for one in said["citations"]]
            assert cited == [("en-newer#3", "2025-02-03"), ("en-older#3", "2020-02-03")]
            found = verified([one["link"] for one in said["citations"]], lambda _: tmp_path / "corpus")
            assert [finding.passage for finding in found] == ["en-newer#3", "en-older#3"]
            around = fits(await client.call_tool("read_passage", {"passage": "en-older#3"}), "Excerpt")
            assert around["passage"]["text"] == said["citations"][1]["text"]
            assert fits(await client.call_tool("list_sources", {}), "Sources")["total"] == 2
            found = fits(await client.call_tool("search", {"query": "footbridge", "most": 4}), "Found")
            assert len(found["passages"]) == 4
            assert "asked all" in refusal(await client.call_tool("ask", asked))

    with serving(environment, tmp_path) as url:
        asyncio.run(scenario(url))


def test_each_key_asks_what_it_may(environment: dict[str, str], tmp_path: Path) -> None:
    asked = {"question": "What was promised?"}

    async def scenario(url: str) -> None:
        async with http_client(url, {"Authorization": f"Bearer {OTHER_KEY}"}) as client:
            said = fits(await client.call_tool("ask", asked), "Answer")
            assert (said["collection"], said["citations"][0]["document"]) == ("press", "harbour")
            refused = await client.call_tool("ask", {**asked, "collection": "default"})
            assert "no collection of that name" in refusal(refused)
        async with http_client(url, AUTHORIZED) as client:
            said = fits(await client.call_tool("ask", {**asked, "collection": "press"}), "Answer")
            assert said["collection"] == "press"
        for headers in ({}, {"Authorization": f"Bearer {KEY}x"}):
            with pytest.raises(ExceptionGroup) as refused_at_once:
                async with http_client(url, headers) as client:
                    await client.list_tools()
            assert refused_at_once.group_contains(MCPError, match="error response")

    with serving(environment, tmp_path) as url:
        asyncio.run(scenario(url))


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"API_KEYS": "", "COLLECTION_KEYS": ""}, SettingsError.exit_code, "API_KEYS or COLLECTION_KEYS"),
        ({"API_KEYS": "short"}, SettingsError.exit_code, "API_KEYS"),
        ({"COLLECTION_KEYS": f"nowhere={OTHER_KEY}"}, SettingsError.exit_code, "COLLECTIONS"),
        ({"PORT": "no"}, SettingsError.exit_code, "PORT"),
        ({"PORT": "taken"}, PortError.exit_code, "in use"),
    ],
)
def test_what_it_cannot_be_started_with(
    environment: dict[str, str], tmp_path: Path, changed: dict[str, str], code: int, says: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = {name: port if value == "taken" else value for name, value in changed.items()}
        process = started(environment | given, tmp_path)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in said) == (code, False)
    last = said.strip().splitlines()[-1]
    assert last.startswith("assemblybot: ") and says in last
    assert KEY not in said and OTHER_KEY not in said
    if "taken" not in changed.values():
        assert not (tmp_path / "index").exists()  # it says so before it builds one
