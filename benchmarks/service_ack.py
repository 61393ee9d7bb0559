"""How fast `assemblybot serve` acknowledges while it answers: p50 and p99 at a steady rate.

    python -m benchmarks.service_ack [--rate 200] [--seconds 20] [--write]

One service as it is started by hand: SQLite, and as many threads as it takes by itself. Questions come
by turns over the Telegram webhook and Slack's events, each from another person and each a different
text, whether or not the service keeps up; the first few, which load what is loaded when it is first
used, are not counted. Three processes: the service, the two platforms (the doubles of the tests), and
this one, which sends.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
from tests.servers import free_port

from benchmarks.deliveries import Balancer, ask_steadily, questions
from benchmarks.figures import options, percentile, report
from benchmarks.rig import Replica, platforms, service_environment

WARM_UP = 40
GOAL_MS = 50.0


async def run(rate: float, seconds: float) -> dict[str, Any]:
    """A service from its start to its end; the figures of the time between."""
    with tempfile.TemporaryDirectory(prefix="ack-") as name, platforms() as around:
        environment = service_environment(Path(name) / "state", around) | {"LOG_LEVEL": "ERROR"}
        service = Replica(free_port(), environment, Path(name) / "service.log")
        service.start()
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as client:
                await service.until_ready(client)
                return await loaded(service, client, rate, seconds)
        finally:
            service.kill()


async def loaded(
    service: Replica, client: aiohttp.ClientSession, rate: float, seconds: float
) -> dict[str, Any]:
    """Warm up, ask at `rate` for so long, and wait for the queue to empty."""
    coming = questions(rate)
    first = Balancer([service], client)
    for delivery in itertools.islice(coming, WARM_UP):
        await first.deliver(delivery)
    await until_idle(service, client)
    counted, waiting = Balancer([service], client), list[float]()
    watching = asyncio.create_task(watch(service, client, waiting))
    began = time.perf_counter()
    asked = await ask_steadily(counted, coming, rate, seconds)
    answered = await service.metric(client, "assemblybot_questions_total") - WARM_UP
    took = time.perf_counter() - began
    await until_idle(service, client)
    watching.cancel()
    acks = {name: [1000 * ack for ack in each] for name, each in counted.acks.items()}
    every = list(itertools.chain.from_iterable(acks.values()))
    return {
        "rate": rate,
        "deliveries": asked,
        "not_acknowledged": counted.passed_on,
        "ack_p50_ms": round(percentile(every, 50), 2),
        "ack_p99_ms": round(percentile(every, 99), 2),
        "ack_max_ms": round(percentile(every, 100), 2),
        **{f"{name}_p99_ms": round(percentile(each, 99), 2) for name, each in acks.items()},
        "answered_per_second": round(answered / took, 1),
        "told_busy": int(await service.metric(client, "assemblybot_busy_total")),
        "most_waiting": int(max(waiting, default=0)),
    }


async def until_idle(service: Replica, client: aiohttp.ClientSession) -> None:
    """Wait until no question waits, two minutes at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(120):
            while await service.metric(client, "assemblybot_waiting_questions"):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


async def watch(service: Replica, client: aiohttp.ClientSession, waiting: list[float]) -> None:
    """Note the number of waiting questions every second, until cancelled."""
    while True:
        waiting.append(await service.metric(client, "assemblybot_waiting_questions"))
        await asyncio.sleep(1.0)


def main() -> int:
    """Measure and print; 0 when everything was acknowledged within the goal."""
    parser = options(__doc__)
    parser.add_argument("--rate", type=float, default=200.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args()
    figures = asyncio.run(run(chosen.rate, chosen.seconds))
    report("service-ack", figures, write=chosen.write)
    return 0 if figures["ack_p99_ms"] <= GOAL_MS and not figures["not_acknowledged"] else 1


if __name__ == "__main__":
    sys.exit(main())
