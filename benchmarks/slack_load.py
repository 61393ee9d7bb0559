"""Slack over HTTP under load: is every question answered exactly once, and how fast is the ack?

    python -m benchmarks.slack_load                  # 10,000 events, the shipped model
    python -m benchmarks.slack_load --rate 300 --events 3000

The bot runs in a process of its own. This one plays Slack: it sends signed events at a steady
rate, whether or not the bot keeps up, and takes what the bot posts. Three events in ten are
repetitions: half the `message` twin of an `app_mention`, half a retry of the same event, up to two
seconds later. One question in fifty is first heard of by a retry, as after a real loss.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.doubles.slack_api import SlackDouble  # noqa: E402
from tests.doubles.slack_payloads import SECRET, event_body, in_channel, mention, signed  # noqa: E402

QUESTIONS = ROOT / "tests" / "data" / "dev.jsonl"
TARGET_MS = 100.0


@dataclass
class Delivery:
    """One request: when to send it, and which question it tells of."""

    at: float
    body: dict[str, Any]
    question: str
    retry: int = 0


@dataclass
class Measured:
    """What came of it, in seconds."""

    acks: list[float] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)


def plan(events: int, rate: float, duplicates: float, seed: int) -> list[Delivery]:
    """`events` deliveries at `rate` a second, that share of them repetitions."""
    chance = random.Random(seed)
    texts = [json.loads(row)["question"] for row in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    unique = round(events * (1 - duplicates))
    deliveries: list[Delivery] = []
    for number in range(unique):
        when, at = f"1763980000.{number:06d}", number * events / unique / rate
        # A number makes each question new to every cache.
        text, user = f"{texts[number % len(texts)]} ({number})", f"U{number}"
        body = event_body(mention(text, ts=when, user=user), f"EvA{number}")
        deliveries.append(Delivery(at, body, when, retry=1 if number % 50 == 0 else 0))
    for again in chance.sample(deliveries, events - unique):
        event, later = again.body["event"], again.at + chance.uniform(0.0, 2.0)
        if chance.random() < 0.5:
            twin = in_channel(event["text"], ts=again.question, user=event["user"])
            deliveries.append(Delivery(later, event_body(twin, f"EvB{again.question}"), again.question))
        else:
            deliveries.append(Delivery(later, again.body, again.question, retry=again.retry + 1))
    return sorted(deliveries, key=lambda delivery: delivery.at)


def serve(port: int, api_url: str) -> None:
    """The bot, in its own process, until it is told to end."""
    asyncio.run(_serve(port, api_url))


async def _serve(port: int, api_url: str) -> None:
    from assemblybot.chat.slack import build_http_routes
    from assemblybot.session import Pseudonyms, SqliteStore
    from assemblybot.settings import load_settings
    from assemblybot.startup import open_assistant

    store = await SqliteStore.open()
    http = build_http_routes(
        open_assistant(load_settings()),
        store,
        Pseudonyms(b"k" * 32),
        signing_secret=SECRET,
        bot_token="xoxb-one",
        api_url=api_url,
    )
    app = web.Application()
    app.add_routes([*http.routes, web.get("/ready", lambda _: _ready())])
    await http.start()
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await runner.cleanup()
    await http.close()
    await store.close()


async def _ready() -> web.Response:
    return web.Response(text="ok")


async def send(
    session: aiohttp.ClientSession, url: str, delivery: Delivery, began: float, measured: Measured
) -> None:
    """Send one request on time and note how long its acknowledgement took."""
    await asyncio.sleep(max(0.0, began + delivery.at - time.monotonic()))
    raw, headers = signed(delivery.body, retry=delivery.retry)
    start = time.monotonic()
    measured.sent.setdefault(delivery.question, start)
    async with session.post(url, data=raw.encode(), headers=headers) as answer:
        await answer.read()
        measured.acks.append(time.monotonic() - start)
        if answer.status != 200:
            measured.refused[answer.status] += 1


async def run(arguments: argparse.Namespace) -> int:
    """Play Slack; returns 0 when every question was answered once and acks were quick."""
    deliveries = plan(arguments.events, arguments.rate, arguments.duplicates, arguments.seed)
    questions = {delivery.question for delivery in deliveries}
    measured = Measured()
    async with SlackDouble(checks=False) as slack:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        bot = multiprocessing.get_context("spawn").Process(
            target=serve, args=(port, slack.api_url), daemon=True
        )
        bot.start()
        try:
            base = f"http://127.0.0.1:{port}"
            connector = aiohttp.TCPConnector(limit=200)
            async with aiohttp.ClientSession(connector=connector) as session:
                await _until_ready(session, base)
                began = time.monotonic() + 0.5
                await asyncio.gather(
                    *(send(session, f"{base}/slack/events", d, began, measured) for d in deliveries)
                )
                heard = time.monotonic()
                await _until_quiet(slack, len(questions), arguments.patience)
                # Anything posted twice has its chance to show.
                await asyncio.sleep(3.0)
        finally:
            bot.terminate()
            bot.join()
        posts = [call for call in slack.calls if call.method == "chat.postMessage"]
    return report(measured, posts, questions, heard - began, len(deliveries))


async def _until_ready(session: aiohttp.ClientSession, base: str) -> None:
    async with asyncio.timeout(120):
        while True:
            try:
                async with session.get(f"{base}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.2)


async def _until_quiet(slack: SlackDouble, wanted: int, patience: float) -> None:
    """Wait until all are answered, or nothing was posted for `patience` seconds."""
    count, since = -1, time.monotonic()
    while count < wanted and time.monotonic() - since < patience:
        now = sum(call.method == "chat.postMessage" for call in slack.calls)
        if now != count:
            count, since = now, time.monotonic()
        await asyncio.sleep(0.2)


def report(measured: Measured, posts: Sequence[Any], questions: set[str], seconds: float, sent: int) -> int:
    """Print the figures; 0 when they are what is promised."""
    times = Counter(str(call.args["thread_ts"]) for call in posts)
    once = sum(times[question] == 1 for question in questions)
    # A polite line instead of an answer is no answer.
    busy = sum("Too many questions" in call.args["text"] for call in posts)
    waited = [call.at - measured.sent[str(call.args["thread_ts"])] for call in posts]
    acks_ms = [1000 * took for took in measured.acks]
    p99 = percentile(acks_ms, 99)
    print(f"events sent          {sent:>9,}  in {seconds:.1f} s ({sent / seconds:.0f}/s)")
    print(f"questions in them    {len(questions):>9,}")
    print(f"answered once        {once:>9,}")
    print(f"never                {sum(times[q] == 0 for q in questions):>9,}")
    print(f"more than once       {sum(n > 1 for n in times.values()):>9,}")
    print(f"told to come back    {busy:>9,}")
    print(f"not acknowledged     {sum(measured.refused.values()):>9,}")
    for name, values in (("ack, ms", acks_ms), ("answer, ms", [1000 * w for w in waited])):
        shown = "  ".join(f"p{p} {percentile(values, p):.1f}" for p in (50, 95, 99, 100))
        print(f"{name:<20} {shown}")
    good = once == len(questions) and not busy and not measured.refused and p99 <= TARGET_MS
    print("PASS" if good else "FAIL")
    return 0 if good else 1


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of `values` lie; the greatest for 100."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else float("nan")


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=30.0, help="events a second")
    parser.add_argument("--duplicates", type=float, default=0.3)
    parser.add_argument("--patience", type=float, default=30.0, help="seconds without an answer to give up")
    parser.add_argument("--seed", type=int, default=1)
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
