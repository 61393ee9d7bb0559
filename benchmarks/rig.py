"""A service as it is run for real, on one machine: replicas, Redis, and the platforms around them.

The platforms are the doubles of the tests, in a process of their own. Everything listens on loopback.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import aiohttp
import psutil
from tests.doubles.slack_api import SlackDouble
from tests.doubles.slack_payloads import SECRET
from tests.doubles.telegram_api import TOKEN, TelegramApi
from tests.servers import RedisServer, free_port

from assemblybot.index.manifest import Manifest
from assemblybot.index.store import IndexStore
from assemblybot.messages import say
from assemblybot.text.language import INTERFACE_LANGUAGES
from benchmarks.figures import ROOT

WEBHOOK_SECRET = "benchmark-secret-of-32-characters"
TELEGRAM, SLACK = "telegram", "slack"
# Their first words; what a platform's renderer puts around them differs.
_NO_ANSWERS = [say(language, key)[:20] for language in INTERFACE_LANGUAGES for key in ("busy", "failed")]


@dataclass
class Sent:
    """A message that the service sent: to which question, when, and whether it is an apology."""

    question: str
    at: float
    apology: bool


def _play(pipe: Connection) -> None:
    """Both platforms, until told to end."""

    async def main() -> None:
        async with TelegramApi(validate=False) as telegram, SlackDouble(checks=False) as slack:
            pipe.send((telegram.base_url.removesuffix("/bot"), slack.api_url))
            while (order := await asyncio.to_thread(pipe.recv)) != "end":
                if order == "count":
                    pipe.send(
                        sum(call.done and call.method == "sendMessage" for call in telegram.calls)
                        + sum(call.method == "chat.postMessage" for call in slack.calls)
                    )
                else:
                    pipe.send([*_sent_by_telegram(telegram), *_sent_by_slack(slack)])

    asyncio.run(main())


def _sent_by_telegram(telegram: TelegramApi) -> Iterator[Sent]:
    for call in telegram.calls:
        if call.done and call.method == "sendMessage":
            question = f"{TELEGRAM}:{call.parameters['chat_id']}"
            yield Sent(question, call.at, _is_apology(call.parameters["text"]))


def _sent_by_slack(slack: SlackDouble) -> Iterator[Sent]:
    for call in slack.calls:
        if call.method == "chat.postMessage":
            yield Sent(f"{SLACK}:{call.args['thread_ts']}", call.at, _is_apology(call.args["text"]))


def _is_apology(text: str) -> bool:
    return any(words in text for words in _NO_ANSWERS)


class Platforms:
    """The other process: addresses of both APIs, and what was sent to them."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.telegram_url, self.slack_url = pipe.recv()

    async def count(self) -> int:
        """Messages so far."""
        return int(await asyncio.to_thread(self._ask, "count"))

    async def sent(self) -> list[Sent]:
        """All messages."""
        found: list[Sent] = await asyncio.to_thread(self._ask, "sent")
        return found

    def _ask(self, what: str) -> Any:
        self._pipe.send(what)
        return self._pipe.recv()


@contextmanager
def platforms() -> Iterator[Platforms]:
    """Telegram and Slack."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_play, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Platforms(ours)
    finally:
        ours.send("end")
        process.join(10)
        process.kill()


@dataclass
class Replica:
    """One `assemblybot serve`."""

    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self.process
        return self.process.pid

    @property
    def resident(self) -> int:
        """Bytes in memory, of the process and those it has started."""
        process = psutil.Process(self.pid)
        return sum(one.memory_info().rss for one in (process, *process.children()))

    def start(self) -> None:
        """Start it; it is ready some seconds later."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assemblybot", "serve"],
                env=self.environment | {"PORT": str(self.port)},
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
            )

    def kill(self) -> None:
        """SIGKILL."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def logged(self, words: str) -> int:
        """How often its log says this."""
        return self.log.read_text(encoding="utf-8").count(words)

    async def until_ready(self, client: aiohttp.ClientSession, seconds: float = 180) -> None:
        """Wait for `/readyz`. Raises TimeoutError, RuntimeError."""
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with client.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                if self.process and self.process.poll() is not None:
                    raise RuntimeError(f"A replica ended: {self.log.read_text()[-2000:]}")
                await asyncio.sleep(0.2)

    async def metric(self, client: aiohttp.ClientSession, name: str, label: str = "") -> float:
        """Sum of one metric over its labels, or over those with `label`, such as `outcome="new"`."""
        async with client.get(f"{self.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        rows = [line.rpartition(" ") for line in lines if not line.startswith("#")]
        return sum(float(value) for row, _, value in rows if row.partition("{")[0] == name and label in row)


@dataclass
class Rig:
    """Everything that runs."""

    folder: Path
    corpus: Path
    environment: dict[str, str]
    platforms: Platforms
    replicas: list[Replica]

    async def build_index(self) -> float:
        """`assemblybot index build`, beside the replicas; returns the seconds it took."""
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "assemblybot", "index", "build", "--if-stale"),
            env=self.environment,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
        )
        if await process.wait():
            raise RuntimeError("The index was not built.")
        return time.monotonic() - began

    def index_version(self) -> str:
        """Of the newest index on disk."""
        return Manifest.read(IndexStore(self.folder / "index").current()).version

    @classmethod
    @asynccontextmanager
    async def running(cls, count: int, corpus: Path = ROOT / "corpus") -> AsyncIterator[Self]:
        """`count` replicas on a copy of `corpus`, ready to answer."""
        with (
            tempfile.TemporaryDirectory(prefix="rig-") as name,
            platforms() as around,
            RedisServer(Path(name)) as redis,
        ):
            folder = Path(name)
            shutil.copytree(corpus, folder / "corpus")
            # Building takes its time; what is there already is only checked.
            shutil.copytree(ROOT / "index", folder / "index")
            environment = service_environment(folder / "state", around) | {
                "CORPUS_DIR": str(folder / "corpus"),
                "INDEX_DIR": str(folder / "index"),
                "THREADS": "1",
                "REDIS_URL": redis.url,
            }
            replicas = [Replica(free_port(), environment, folder / f"{n}.log") for n in range(count)]
            rig = cls(folder, folder / "corpus", environment, around, replicas)
            await rig.build_index()
            try:
                async with aiohttp.ClientSession() as client:
                    for replica in replicas:
                        replica.start()
                    for replica in replicas:
                        await replica.until_ready(client)
                yield rig
            finally:
                for replica in replicas:
                    replica.kill()


def service_environment(state: Path, around: Platforms) -> dict[str, str]:
    """Variables of a service between `around`, with the index of the repository and SQLite."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH", "LANG")
    }
    return kept | {
        "CORPUS_DIR": str(ROOT / "corpus"),
        "INDEX_DIR": str(ROOT / "index"),
        "STATE_DIR": str(state),
        "MODEL": str(ROOT / "models" / "assembly-e5"),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "TELEGRAM_API_URL": around.telegram_url,
        # Telegram's 30 messages a second for one bot are not what is measured.
        "TELEGRAM_PER_SECOND": "1000",
        "PUBLIC_URL": "https://bot.example",
        "SLACK_BOT_TOKEN": "xoxb-one",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": around.slack_url,
        "LOG_JSON": "true",
    }
