"""What a stranger sends to a service, byte by byte, and how long the event loop is held up meanwhile."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from coverage import Coverage

from assemblybot import Assistant
from assemblybot.settings import Settings
from tests.service.harness import Platforms, platforms, serving

FORM = "application/x-www-form-urlencoded"
#: No acknowledgement waits longer for what a stranger sends, in seconds; three times as long where each line
#: that runs is counted.
LONGEST_STALL, LONGEST_COUNTED = 0.1, 0.3


@asynccontextmanager
async def no_stall() -> AsyncIterator[None]:
    """The event loop pauses for no longer than `LONGEST_STALL` while the block runs.

    In seconds of the processor, which a machine with other work does not change. Collections of
    garbage, which last longer the more tests the process has run, wait meanwhile.
    """
    late = [0.0]
    gc.collect()
    gc.disable()

    async def tick() -> None:
        while True:
            begin = time.thread_time()
            await asyncio.sleep(0.001)
            late.append(time.thread_time() - begin)

    ticking = asyncio.create_task(tick())
    try:
        yield
        await asyncio.sleep(0.002)  # so that the last pause is counted
    finally:
        ticking.cancel()
        gc.enable()
    longest = LONGEST_STALL if Coverage.current() is None else LONGEST_COUNTED
    assert max(late) < longest, f"held up for {max(late):.2f} s"


@asynccontextmanager
async def attacked(
    settings: Settings, assistant: Assistant, state: Path, **changes: Any
) -> AsyncIterator[Platforms]:
    """The service in this process; nothing that the block does may hold up its event loop."""
    async with (
        platforms() as around,
        serving(around, settings, assistant, state, **changes),
        no_stall(),
    ):
        yield around


async def raw(port: int, sent: bytes) -> bytes:
    """All that the service answers to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def request(path: str, body: bytes = b"", *, method: str = "POST", **headers: str) -> bytes:
    """A request; `headers` with underscores for hyphens."""
    known = {"Host": "x", "Content-Type": FORM, "Content-Length": str(len(body)), "Connection": "close"}
    known |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in known.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def status(answer: bytes) -> int:
    """The status of an answer; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer else 0
