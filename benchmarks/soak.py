"""Half load for half an hour: does memory stay flat, and do tasks and files go away again?

    python -m benchmarks.soak [--minutes 30] [--write]

One `assemblybot serve` with Redis. What it can do is measured first: the pace at which it answers
questions that come all at once. Then both platforms ask at half of that pace. The slope of the
resident memory is that of the least-squares line after the first fifth of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from benchmarks.deliveries import Balancer, Delivery, ask_steadily, questions
from benchmarks.figures import ROOT, options, report
from benchmarks.rig import Replica, Rig

_WARM_UP = 0.2
_SAMPLE_EVERY = 5.0
_AT_ONCE = 300
_MB = 1024 * 1024
_METRICS = {
    "tasks": "assemblybot_tasks",
    "open_files": "process_open_fds",
}


async def run(chosen: argparse.Namespace) -> dict[str, Any]:
    """Measure the pace, then soak."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        Rig.running(1, chosen.corpus) as rig,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100), timeout=timeout) as client,
    ):
        balancer = Balancer(rig.replicas, client)
        coming = questions(rate=1.0)
        capacity = await _capacity(rig, balancer, coming)
        rate = chosen.rate or capacity / 2
        asked_before = await rig.platforms.count()
        samples: list[dict[str, float]] = []
        sampling = asyncio.create_task(_sample(rig.replicas[0], client, samples))
        asked = await ask_steadily(balancer, coming, rate, chosen.minutes * 60)
        await _until_answered(rig, asked_before + asked, seconds=60)
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
        answered = await rig.platforms.count() - asked_before
    return {
        "minutes": chosen.minutes,
        "capacity_per_second": round(capacity, 1),
        "questions_per_second": round(rate, 1),
        "questions": asked,
        "answers": answered,
        **_figures(samples),
    }


async def _capacity(rig: Rig, balancer: Balancer, coming: Iterator[Delivery]) -> float:
    """Answers a second when many questions come at once."""
    for count in (20, _AT_ONCE):  # the first few warm everything up
        before, began = await rig.platforms.count(), time.monotonic()
        await asyncio.gather(*(balancer.deliver(d) for d in itertools.islice(coming, count)))
        await _until_answered(rig, before + count, seconds=300)
    return count / (time.monotonic() - began)


async def _until_answered(rig: Rig, wanted: int, seconds: float) -> None:
    """Wait until so many messages were sent, at most so long; what is missing shows in the figures."""
    end = time.monotonic() + seconds
    while await rig.platforms.count() < wanted and time.monotonic() < end:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.1)


async def _sample(replica: Replica, client: aiohttp.ClientSession, samples: list[dict[str, float]]) -> None:
    began = time.monotonic()
    while True:
        found = {name: await replica.metric(client, metric) for name, metric in _METRICS.items()}
        found["resident_mb"] = replica.resident / _MB
        samples.append({"seconds": time.monotonic() - began, **found})
        await asyncio.sleep(_SAMPLE_EVERY)


def _figures(samples: list[dict[str, float]]) -> dict[str, Any]:
    warm = [sample for sample in samples if sample["seconds"] >= _WARM_UP * samples[-1]["seconds"]]
    hours = np.array([sample["seconds"] for sample in warm]) / 3600

    def of(name: str) -> list[float]:
        return [sample[name] for sample in warm]

    slope = float(np.polyfit(hours, np.array(of("resident_mb")), 1)[0])
    return {
        "resident_mb_at_first": round(of("resident_mb")[0], 1),
        "resident_mb_at_last": round(of("resident_mb")[-1], 1),
        "slope_mb_per_hour": round(slope, 2),
        "tasks": {"least": min(of("tasks")), "most": max(of("tasks")), "at_last": of("tasks")[-1]},
        "open_files": {
            "least": min(of("open_files")),
            "most": max(of("open_files")),
            "at_last": of("open_files")[-1],
        },
        "samples": [[round(s["seconds"]), round(s["resident_mb"], 1), s["tasks"]] for s in samples[::12]],
    }


def main() -> int:
    """Print the figures; exit status 1 when answers are missing."""
    parser = options(__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, help="questions a second instead of half of what it can do")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    chosen = parser.parse_args()
    result = asyncio.run(run(chosen))
    report("soak", result, write=chosen.write)
    return 0 if result["answers"] == result["questions"] else 1


if __name__ == "__main__":
    sys.exit(main())
