"""What a stranger may send before anything is trusted: refused at once, at no cost to others."""

from __future__ import annotations

import asyncio
import gc
import gzip
import logging
import resource
import time
from functools import cache
from pathlib import Path

import psutil
import pytest
from aiohttp import web

from assemblybot import Assistant, logs
from assemblybot.service import server
from assemblybot.settings import Settings
from tests.doubles.slack_payloads import event_body, message
from tests.doubles.telegram_updates import said
from tests.service.harness import WEBHOOK_SECRET, Platforms, platforms, process, serving
from tests.service.hostile import FORM, attacked, no_stall, raw, request, status

PATHS = ("/read/", "/telegram/webhook", "/slack/events", "/healthz", "/nowhere")
ENCODINGS = ("gzip", "deflate", "br", "zstd", "GZIP", "identity, gzip", "x")
CHARSETS = ("punycode", "utf-7", "idna", "unicode_escape", "hz", "cp037", "latin-1", "nonsense")


@cache
def _bomb() -> bytes:
    """60 kB that a quarter of a second is needed to inflate."""
    return gzip.compress(b"question=" + b"a" * 60_000_000)


@pytest.mark.parametrize("path", PATHS)
def test_an_encoded_body_is_refused_before_it_costs_anything(
    settings: Settings, assistant: Assistant, tmp_path: Path, path: str
) -> None:
    bomb = _bomb()

    async def scenario() -> None:
        async with attacked(settings, assistant, tmp_path) as around:
            for method in ("POST", "GET"):
                sent = request(path, bomb, method=method, Content_Encoding="gzip")
                assert status(await raw(around.port, sent)) in (405, 415, 404)
            for encoding in ENCODINGS:
                secret = {"X_Telegram_Bot_Api_Secret_Token": WEBHOOK_SECRET}
                sent = request(path, b"garbage", Content_Encoding=encoding, **secret)
                assert status(await raw(around.port, sent)) == 415

    asyncio.run(scenario())


def test_no_codec_but_utf_8_is_tried(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    body = b"question=" + b"a" * 30_000 + b"-" + b"a" * 30_000

    async def scenario() -> None:
        async with attacked(settings, assistant, tmp_path) as around:
            for charset in CHARSETS:
                sent = request("/read/", body, Content_Type=f"{FORM}; charset={charset}")
                assert status(await raw(around.port, sent)) == 415
            for charset in ("utf-8", "UTF-8", '"utf-8"', "utf8"):
                sent = request("/read/", b"question=When%3F", Content_Type=f"{FORM}; charset={charset}")
                assert status(await raw(around.port, sent)) == 200

    asyncio.run(scenario())


DAMAGED = (
    b"FOO /secretive\r\n\r\n",
    b"GET /secretive HTTP/1.1\r\nHost: a b\r\nX: \x00secretive\r\n\r\n",
    b"GET /" + b"secretive" * 1_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nX-Secretive: " + b"secretive" * 2_000 + b"\r\n\r\n",
    b"POST /read/ HTTP/1.1\r\nHost: x\r\nContent-Length: secretive\r\n\r\n",
    b"GET /healthz\r\n\r\n",
    b"\x16\x03\x01secretive\r\n\r\n",
)


def test_what_cannot_be_parsed_is_answered_as_safely_as_anything_else(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with attacked(settings, assistant, tmp_path) as around:
            for sent in DAMAGED:
                answer = await raw(around.port, sent)
                assert status(answer) in (400, 505)
                for told in (b"python", b"aiohttp", b"secretive"):
                    assert told not in answer.lower()
                for header in (b"nosniff", b"frame-ancestors 'none'", b"no-store", b"Server: assemblybot"):
                    assert header in answer

    asyncio.run(scenario())


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_logged_of_strangers_holds_up_nothing(
    settings: Settings, assistant: Assistant, tmp_path: Path, as_json: bool
) -> None:
    odd = [request(path, b"garbage", Content_Encoding="gzip") for path in PATHS]

    async def scenario() -> None:
        async with attacked(settings, assistant, tmp_path) as around:
            for sent in (*DAMAGED, *odd) * 3:
                await raw(around.port, sent)

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure("INFO", as_json)
    try:
        asyncio.run(scenario())
    finally:
        root.handlers[:] = before
        root.setLevel(level)


@pytest.mark.slow
@pytest.mark.parametrize("json_lines", ["true", "false"])
def test_strangers_leave_no_word_in_the_log_and_do_not_fill_it(
    settings: Settings, tmp_path: Path, json_lines: str
) -> None:
    log = tmp_path / "log"
    odd = request("/read/", b"secretive", Content_Encoding="gzip")

    async def scenario() -> None:
        async with (
            platforms() as around,
            process(around, settings, tmp_path, log, LOG_JSON=json_lines) as service,
        ):
            before = len(log.read_text("utf-8").splitlines())
            worked = _worked(service.pid)
            for sent in (*DAMAGED, odd) * 10:
                await raw(around.port, sent)
            assert _worked(service.pid) - worked < 2.0
            written = log.read_text("utf-8")
            assert "secretive" not in written
            assert len(written.splitlines()) - before < 20

    asyncio.run(scenario())


def _worked(process: int) -> float:
    """Seconds of the processor that a process has used."""
    times = psutil.Process(process).cpu_times()
    return times.user + times.system


STARTS = (
    b"",
    b"POST /read/ HTTP/1.1\r\nX: ",
    b"POST /read/ HTTP/1.1\r\nHost: x\r\nContent-Type: "
    + FORM.encode()
    + b"\r\nContent-Length: 100\r\n\r\nq",
    b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nq",
)


def test_what_does_not_arrive_in_time_is_given_up(
    settings: Settings, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ARRIVES_WITHIN", 0.5)

    async def scenario() -> None:
        async with attacked(settings, assistant, tmp_path) as around:
            begin = time.monotonic()
            ended = await asyncio.gather(*(raw(around.port, sent) for sent in STARTS))
            assert time.monotonic() - begin < 5
            assert [answer[9:12] for answer in ended] == [b"", b"", b"408", b"405"]
            assert (await around.get("/healthz"))[0] == 200

    asyncio.run(scenario())


async def _half_open(port: int, count: int) -> list[asyncio.StreamWriter]:
    found = []
    for _ in range(count):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(STARTS[1])
        found.append(writer)
    return found


def test_bodies_on_their_way_fill_no_memory_and_keep_nobody_out(
    settings: Settings,
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(server, "MOST_ARRIVING", 2_500_000)
    bodies = {
        "whole": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 700000\r\n\r\n" + b"a" * 90_000,
        "chunked": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    }

    async def all_but_few_are_closed(around: Platforms, body: bytes) -> None:
        waiting = {asyncio.create_task(raw(around.port, body)) for _ in range(20)}
        while len(waiting) > 3:
            done, waiting = await asyncio.wait(waiting, timeout=8, return_when="FIRST_COMPLETED")
            assert done, "more than fit are kept"
            assert {one.result() for one in done} == {b""}
        assert await around.event(event_body(message("When did the assembly meet?"))) == 200
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            async with no_stall():
                for body in bodies.values():
                    await all_but_few_are_closed(around, body)
            # Nothing that was given up waits for the collector of garbage, which comes rarely.
            assert sum(type(one) is web.Request for one in gc.get_objects()) < 20
        assert "ERROR" not in {record.levelname for record in caplog.records}

    asyncio.run(scenario())


@pytest.mark.slow
def test_more_connections_than_there_are_descriptors_keep_nobody_out(
    settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    before = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def answered(around: Platforms, number: int) -> None:
        assert await around.update(said("When did the assembly meet?"), number) == 200
        await around.telegram.until(lambda: len(around.telegram.sent()) == number)

    async def scenario() -> None:
        async with platforms() as around:
            resource.setrlimit(resource.RLIMIT_NOFILE, (200, before[1]))
            starting = process(around, settings, tmp_path, log)
            async with starting:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
                held = await _half_open(around.port, 400)
                await answered(around, 1)
                assert (await around.get("/healthz"))[0] == 200
                await answered(around, 2)
                for writer in held:
                    writer.close()
        assert len(log.read_text("utf-8").splitlines()) < 40

    try:
        asyncio.run(scenario())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
