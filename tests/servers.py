"""Real servers for tests, on sockets of their own; nothing they keep outlives them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest


def free_port() -> int:
    """One that nobody listens on, below those that the system gives to whoever asks for any."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class RedisServer:
    """A `redis-server` on a Unix socket (or a loopback port) that can be stopped, frozen and started."""

    def __init__(self, folder: Path, port: int | None = None, *, append_only: bool = False) -> None:
        self._socket = folder / "redis.sock"
        self._port = port
        self._append_only = "yes" if append_only else "no"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """Where it keeps its files."""
        return self._socket.parent

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0" if self._port else f"unix://{self._socket}"

    def start(self) -> None:
        """Start, empty, and wait until it listens."""
        self._process = subprocess.Popen(
            [
                "redis-server",
                *("--port", str(self._port or 0), "--bind", "127.0.0.1"),
                *("--unixsocket", str(self._socket), "--save", "", "--appendonly", self._append_only),
            ],
            stdout=subprocess.DEVNULL,
            cwd=self._socket.parent,
        )
        limit = time.monotonic() + 20
        while not self._listens():
            assert self._process.poll() is None, "redis-server ended at once"
            assert time.monotonic() < limit, "redis-server does not listen"
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill it; what it knew is lost."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections and says nothing, as a machine that hangs does."""
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(self._socket))
            probe.sendall(b"PING\r\n")
            return probe.recv(64).startswith(b"+PONG")
        return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def running_redis(port: int | None = None, *, append_only: bool = False) -> Iterator[RedisServer]:
    """A started server, with an append-only file if asked for; skips the test where none is installed."""
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server (Debian: apt install redis-server)")
    # Not under pytest's folder: the path of a Unix socket must be short.
    with (
        tempfile.TemporaryDirectory(prefix="redis-") as folder,
        RedisServer(Path(folder), port, append_only=append_only) as server,
    ):
        yield server


@contextmanager
def from_a_thread(serving: AbstractAsyncContextManager[str]) -> Iterator[str]:
    """The address that `serving` gives, on an event loop in a thread, for a client that knows no loop."""
    ready, stop = threading.Event(), asyncio.Event()
    addresses: list[str] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with serving as address:
            addresses.append(address)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(60)
    try:
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
