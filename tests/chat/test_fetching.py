"""Files that are fetched: how much, how long, from where."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from assemblybot.chat import fetching
from assemblybot.chat.fetching import (
    LARGEST_FILE,
    FetchError,
    Links,
    Sent,
    download,
    is_public,
    readable_name,
)
from assemblybot.corpus.side_files import Description


async def _large(request: web.Request) -> web.StreamResponse:
    """More than a file may hold; how much is not said before."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(LARGEST_FILE // 2**20 + 2):
        await answer.write(b"x" * 2**20)
    return answer


async def _slow(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"x")
        await asyncio.sleep(0.01)


@asynccontextmanager
async def host() -> AsyncIterator[BaseTestServer]:
    async def file(request: web.Request) -> web.Response:
        return web.Response(text="A file.")

    async def leads(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def round(_: web.Request) -> web.Response:
        raise web.HTTPFound("/round")

    async def gone(_: web.Request) -> web.Response:
        raise web.HTTPNotFound

    app = web.Application()
    for path, handler in {
        "/f": file,
        "/to": leads,
        "/round": round,
        "/gone": gone,
        "/large": _large,
        "/slow": _slow,
    }.items():
        app.router.add_get(path, handler)
    async with TestServer(app) as server:
        yield server


def fetch(path: str, target: Path, **options: Any) -> str:
    """What arrived; or the key of the words for why nothing did."""

    async def main() -> str:
        async with host() as server, aiohttp.ClientSession() as session:
            try:
                await download(session, URL(str(server.make_url("/"))).join(URL(path)), target, **options)
            except FetchError as error:
                return error.key
            return target.read_text()

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "options", "outcome"),
    [
        ("/f", {}, "A file."),
        ("/f", {"size": 7}, "A file."),
        ("/f", {"size": 9}, "documents-not-fetched"),
        ("/f", {"size": LARGEST_FILE + 1}, "documents-too-large"),
        ("/gone", {}, "documents-not-fetched"),
        ("/large", {}, "documents-too-large"),
        ("/to?to=/f", {}, "documents-not-fetched"),
        ("/to?to=/f", {"follow": lambda _: True}, "A file."),
        (
            "/to?to=http://elsewhere.example/f",
            {"follow": lambda to: to.host == "127.0.0.1"},
            "documents-not-fetched",
        ),
        ("/to?to=/to?to=/f", {"follow": lambda to: to.path == "/to"}, "documents-not-fetched"),
        ("/to?to=/to%3Fto=/to%253Fto=/f", {"follow": lambda _: True}, "A file."),
        ("/round", {"follow": lambda _: True}, "documents-not-fetched"),
    ],
)
def test_a_file_arrives_whole_and_from_where_it_may_or_not_at_all(
    tmp_path: Path, path: str, options: dict[str, Any], outcome: str
) -> None:
    assert fetch(path, tmp_path / "f", **options) == outcome


def test_a_host_that_does_not_come_to_an_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_LONGEST_SECONDS", 0.2)
    assert fetch("/slow", tmp_path / "f") == "documents-not-fetched"


@pytest.mark.parametrize(
    "link",
    [
        "http://files.example.org/a.txt",
        "https://files.example.org:8443/a.txt",
        "https://someone@files.example.org/a.txt",
        "https://elsewhere.example/a.txt",
        "https://files.example.org.elsewhere.example/a.txt",
        "https://127.0.0.1/a.txt",
        "https://[::1]/a.txt",
        "https://[",
        "https:///a.txt",
        "file:///etc/passwd",
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_before_anything_is_asked(tmp_path: Path, link: str) -> None:
    with pytest.raises(FetchError, match=r"files\.example\.org") as caught:
        asyncio.run(Links(frozenset({"files.example.org"})).fetch(Sent(link=link), tmp_path))
    assert caught.value.key == "documents-link-refused"


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.7"], ["169.254.169.254"]])
def test_an_allowed_host_with_a_private_address_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    def resolved(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    async def main() -> None:
        monkeypatch.setattr(
            asyncio.get_running_loop(), "getaddrinfo", lambda *a, **k: asyncio.to_thread(resolved, *a, **k)
        )
        await Links(frozenset({"files.example.org"})).fetch(
            Sent(link="https://files.example.org/a.txt"), tmp_path
        )

    with pytest.raises(FetchError) as caught:
        asyncio.run(main())
    assert caught.value.key == "documents-private"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("Report 2025.PDF", "Report 2025.pdf"),
        ("../../etc/تقرير.txt", "تقرير.txt"),
        ("C:\\a\\b.md", "b.md"),
        ("a\u202efdp.txt", "afdp.txt"),
        ("a\x00b\n.txt", "a b.txt"),
        (" .html.txt", "html.txt"),
        ("م" * 500 + ".docx", "م" * 60 + ".docx"),
    ],
)
def test_a_name_is_made_fit_for_a_disk(sent: str, name: str) -> None:
    assert readable_name(sent) == name


@pytest.mark.parametrize("sent", ["", ".txt", "a.exe", "a.txt/", "a", "a.txt.zip", "..", "a.pdf\u202e.exe"])
def test_a_type_that_is_not_read_is_refused(sent: str) -> None:
    with pytest.raises(FetchError, match=r"\.docx") as caught:
        readable_name(sent)
    assert caught.value.key == "documents-wrong-type"


@given(st.text())
def test_every_name_is_one_that_a_document_may_have(stem: str) -> None:
    name = readable_name(f"{stem}a.txt")
    assert name.endswith(".txt")
    assert len(name.encode()) < 200
    assert Description.model_validate({"title": "t", "language": "en", "file": name}).file == name
