"""How fast `assemblybot serve` acknowledges while it answers: p50 and p99 at a steady rate.

    python benchmarks/service_ack.py [--rate 200] [--seconds 20] [--write]

Questions come by turns over the Telegram webhook and Slack's events, each from another person and
each a different text, whether or not the service keeps up; the first few, which load what is loaded when
it is first used, are not counted. Three processes: the service, the two
platforms (the doubles of the tests), and this one, which sends. `--write` keeps the figures in
benchmarks/results/service-ack.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.doubles.slack_api import SlackDouble  # noqa: E402
from tests.doubles.slack_payloads import SECRET, event_body, mention, signed  # noqa: E402
from tests.doubles.telegram_api import TOKEN, TelegramApi  # noqa: E402
from tests.doubles.telegram_updates import person, said  # noqa: E402

WARM_UP = 40
QUESTIONS = ROOT / "tests" / "data" / "dev.jsonl"
RESULT = ROOT / "benchmarks" / "results" / "service-ack.json"
WEBHOOK_SECRET = "benchmark-secret-of-32-characters"
GOAL_MS = 50.0


def play(pipe: Connection) -> None:
    """Both platforms, until told to end."""

    async def main() -> None:
        async with TelegramApi(validate=False) as telegram, SlackDouble(checks=False) as slack:
            pipe.send((telegram.base_url.removesuffix("/bot"), slack.api_url))
            await asyncio.to_thread(pipe.recv)

    asyncio.run(main())


@contextmanager
def service(port: int, telegram: str, slack: str) -> Iterator[None]:
    """`assemblybot serve` on `port`, told to stop at the end."""
    with tempfile.TemporaryDirectory() as state:
        environment = os.environ | {
            "PORT": str(port),
            "STATE_DIR": state,
            "PUBLIC_URL": "https://bot.example.org",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TELEGRAM_API_URL": telegram,
            "TELEGRAM_PER_SECOND": "1000",
            "SLACK_BOT_TOKEN": "xoxb-one",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack,
            "LOG_LEVEL": "ERROR",
            "DRAIN_SECONDS": "1",
        }
        running = subprocess.Popen([sys.executable, "-m", "assemblybot", "serve"], env=environment)
        try:
            yield
        finally:
            running.terminate()
            running.wait(60)


class Sender:
    """Sends deliveries to the service and keeps how long each acknowledgement took, in seconds."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self._base = f"http://127.0.0.1:{port}"
        self.acks: dict[str, list[float]] = {"telegram": [], "slack": []}
        self.refused: Counter[int] = Counter()
        self.waiting = 0.0

    async def send(self, number: int, text: str) -> None:
        """One question: an update for an even number, an event for an odd one."""
        channel = "slack" if number % 2 else "telegram"
        if channel == "slack":
            body = event_body(mention(text, user=f"U{number}"))
            raw, headers = signed(body)
            path = "/slack/events"
        else:
            raw = json.dumps({"update_id": number, **said(text, user=person(number + 1000))})
            headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
            path = "/telegram/webhook"
        begin = time.perf_counter()
        async with self._session.post(self._base + path, data=raw.encode(), headers=headers) as answer:
            await answer.read()
            self.acks[channel].append(time.perf_counter() - begin)
            if answer.status != 200:
                self.refused[answer.status] += 1

    async def metric(self, name: str) -> float:
        """Sum of one metric over its labels."""
        async with self._session.get(f"{self._base}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return sum(
            float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((name + "{", name + " "))
        )

    async def warm_up(self) -> None:
        """Ask the first questions, which load what is loaded when it is first used."""
        for number in range(WARM_UP):
            await self.send(1_000_000 + number, f"What was decided in Marrakech? ({number})")
        async with asyncio.timeout(60):
            while await self.metric("assemblybot_waiting_questions"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        self.acks = {channel: [] for channel in self.acks}

    async def most_waiting(self) -> None:
        """Keep the greatest number of waiting questions, until cancelled."""
        while True:
            self.waiting = max(self.waiting, await self.metric("assemblybot_waiting_questions"))
            await asyncio.sleep(1.0)

    async def until_ready(self) -> None:
        """Raises TimeoutError when the service does not start within two minutes."""
        async with asyncio.timeout(120):
            while True:
                with suppress(aiohttp.ClientError):
                    async with self._session.get(f"{self._base}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.2)


async def load(port: int, rate: float, seconds: float) -> dict[str, float | int]:
    """Send at `rate`, wait for the queue to empty, and return the figures."""
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        sender = Sender(session, port)
        await sender.until_ready()
        await sender.warm_up()
        watching = asyncio.create_task(sender.most_waiting())
        begin, number, sending = time.perf_counter(), 0, set()
        while (now := time.perf_counter() - begin) < seconds:
            while number < now * rate:
                text = f"{texts[number % len(texts)]} ({number})"
                sending.add(asyncio.create_task(sender.send(number, text)))
                number += 1
            await asyncio.sleep(0.002)
        await asyncio.gather(*sending)
        answered_meanwhile = await sender.metric("assemblybot_questions_total") - WARM_UP
        took = time.perf_counter() - begin
        with suppress(TimeoutError):
            async with asyncio.timeout(120):
                while await sender.metric("assemblybot_waiting_questions"):  # noqa: ASYNC110
                    await asyncio.sleep(0.5)
        busy = await sender.metric("assemblybot_busy_total")
        watching.cancel()
        every = [ack for acks in sender.acks.values() for ack in acks]
        return {
            "rate": rate,
            "deliveries": number,
            "not_acknowledged": sum(sender.refused.values()),
            "ack_p50_ms": percentile(every, 50),
            "ack_p99_ms": percentile(every, 99),
            "ack_max_ms": percentile(every, 100),
            "telegram_p99_ms": percentile(sender.acks["telegram"], 99),
            "slack_p99_ms": percentile(sender.acks["slack"], 99),
            "answered_per_second": round(answered_meanwhile / took, 1),
            "told_busy": int(busy),
            "most_waiting": int(sender.waiting),
            "load_average": round(os.getloadavg()[0], 2),
            "cores": os.cpu_count() or 0,
            "python": platform.python_version(),
        }


def percentile(seconds: list[float], percent: int) -> float:
    """Milliseconds below which `percent` of the values lie; the greatest for 100."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2) if ordered else 0.0


def main() -> int:
    """Measure and print; 0 when everything was acknowledged within the goal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=200.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {RESULT.name}")
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    platforms = multiprocessing.get_context("spawn").Process(target=play, args=(theirs,))
    platforms.start()
    telegram, slack = ours.recv()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    try:
        with service(port, telegram, slack):
            figures = asyncio.run(load(port, options.rate, options.seconds))
    finally:
        ours.send("end")
        platforms.join()
    print(json.dumps(figures, indent=1))
    if options.write:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if figures["ack_p99_ms"] <= GOAL_MS and not figures["not_acknowledged"] else 1


if __name__ == "__main__":
    sys.exit(main())
