"""Two replicas under load, one of them killed: is every question answered exactly once?

    python -m benchmarks.service_load [--deliveries 20000] [--rate 60] [--write]

Two `assemblybot serve` share a Redis, behind a balancer. Both platforms deliver at a steady rate,
whether or not the replicas keep up; three deliveries in ten are repetitions. Midway one replica is
killed with SIGKILL and started again. Twice the corpus changes and the index is built anew.

What a killed process was sending at that very moment may have arrived or not; the service does not
repeat it. It is counted by itself, as `unsure`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.deliveries import Balancer, Delivery, plan
from benchmarks.figures import ROOT, options, percentile, report
from benchmarks.rig import Replica, Rig, Sent

_DOWN_FOR = 1.0
_SHOW_TWICE = 5.0
_SWAPPED_WITHIN = 60.0


async def run(chosen: argparse.Namespace) -> dict[str, Any]:
    """Everything, from an empty machine to the figures."""
    deliveries = plan(chosen.deliveries, chosen.rate, chosen.repeated, chosen.seed)
    connector = aiohttp.TCPConnector(limit=200)
    timeout = aiohttp.ClientTimeout(total=10)
    async with (
        Rig.running(2, chosen.corpus) as rig,
        aiohttp.ClientSession(connector=connector, timeout=timeout) as client,
    ):
        balancer = Balancer(rig.replicas, client)
        began = time.monotonic() + 0.5
        span = deliveries[-1].at
        sending = [asyncio.create_task(_on_time(balancer, d, began)) for d in deliveries]
        faults = asyncio.create_task(_faults(rig, client, began, span))
        await asyncio.gather(*sending)
        delivered = time.monotonic() - began
        happened = await faults
        wanted = len({delivery.question for delivery in deliveries})
        await _until_quiet(rig, wanted, chosen.patience)
        sent = await rig.platforms.sent()
        happened |= await _counted(rig, client)
    return _figures(deliveries, delivered, sent, balancer, happened)


async def _counted(rig: Rig, client: aiohttp.ClientSession) -> dict[str, int]:
    """What the replicas counted since they last started, and which index they use at the end."""

    async def sum_of(name: str, label: str = "") -> int:
        return round(sum([await replica.metric(client, name, label) for replica in rig.replicas]))

    outcomes = ("new", "duplicate", "reclaimed", "unsure")
    found = {o: await sum_of("assemblybot_deliveries_total", f'outcome="{o}"') for o in outcomes}
    newest = f'version="{rig.index_version()}"'
    end = time.monotonic() + _SWAPPED_WITHIN
    while (using := await sum_of("assemblybot_index_info", newest)) < len(rig.replicas):
        if time.monotonic() > end:
            break
        await asyncio.sleep(1.0)
    return {
        **found,
        "replicas_on_the_newest_index": using,
        "outages_of_redis": sum(replica.logged("Redis does not answer") for replica in rig.replicas),
    }


async def _on_time(balancer: Balancer, delivery: Delivery, began: float) -> None:
    await asyncio.sleep(max(0.0, began + delivery.at - time.monotonic()))
    await balancer.deliver(delivery)


async def _faults(rig: Rig, client: aiohttp.ClientSession, began: float, span: float) -> dict[str, Any]:
    """A kill at half of the time; an index built at a quarter and another at three quarters."""
    killed, *builds = await asyncio.gather(
        _kill_one(rig.replicas[0], client, began + span / 2),
        *(_changed_corpus(rig, number, began + part * span) for number, part in ((1, 0.25), (2, 0.75))),
    )
    return {**killed, "index_built_s": builds}


async def _kill_one(victim: Replica, client: aiohttp.ClientSession, when: float) -> dict[str, Any]:
    await asyncio.sleep(max(0.0, when - time.monotonic()))
    waiting = await victim.metric(client, "assemblybot_waiting_questions")
    victim.kill()
    killed = time.monotonic()
    await asyncio.sleep(_DOWN_FOR)
    victim.start()
    await victim.until_ready(client)
    return {
        "killed_with_questions_waiting": round(waiting),
        "killed_replica_ready_again_s": round(time.monotonic() - killed, 1),
    }


async def _changed_corpus(rig: Rig, number: int, when: float) -> float:
    """Add a document and build the index; returns the seconds that the build took."""
    await asyncio.sleep(max(0.0, when - time.monotonic()))
    folder = rig.corpus / f"note-{number}"
    folder.mkdir()
    text = f"A note\n\nNote {number} was added to the documents while questions were being answered.\n"
    (folder / "note.txt").write_text(text, encoding="utf-8")
    (folder / "document.toml").write_text(
        f'title = "Note {number}"\nlanguage = "en"\nfile = "note.txt"\n', encoding="utf-8"
    )
    return round(await rig.build_index(), 1)


async def _until_quiet(rig: Rig, wanted: int, patience: float) -> None:
    """Wait until all are answered or none was for `patience` seconds; then let doubles show."""
    count, since = -1, time.monotonic()
    while count < wanted and time.monotonic() - since < patience:
        now = await rig.platforms.count()
        if now != count:
            count, since = now, time.monotonic()
        await asyncio.sleep(0.5)
    await asyncio.sleep(_SHOW_TWICE)


def _figures(
    deliveries: list[Delivery],
    delivered: float,
    sent: list[Sent],
    balancer: Balancer,
    happened: dict[str, Any],
) -> dict[str, Any]:
    asked = {delivery.question for delivery in deliveries}
    times = Counter(message.question for message in sent)
    waits = [message.at - balancer.sent[message.question] for message in sent]
    last = max((message.at for message in sent), default=0.0) - min(balancer.sent.values())
    acks = {name: [1000 * ack for ack in took] for name, took in balancer.acks.items()}
    return {
        "deliveries": len(deliveries),
        "repetitions": len(deliveries) - len(asked),
        "deliveries_per_second": round(len(deliveries) / delivered, 1),
        "questions": len(asked),
        "answered_once": sum(times[question] == 1 for question in asked),
        "lost": sum(times[question] == 0 for question in asked),
        "doubled": sum(count > 1 for count in times.values()),
        "doubled_on": Counter(q.partition(":")[0] for q, count in times.items() if count > 1),
        "apologies": sum(message.apology for message in sent),
        "answers_per_second": round(len(sent) / last, 1) if last > 0 else 0.0,
        "answer_p50_s": round(percentile(waits, 50), 3),
        "answer_p99_s": round(percentile(waits, 99), 3),
        "ack_p50_ms": {name: round(percentile(took, 50), 1) for name, took in acks.items()},
        "ack_p99_ms": {name: round(percentile(took, 99), 1) for name, took in acks.items()},
        "passed_to_the_other_replica": balancer.passed_on,
        "never_acknowledged": balancer.given_up,
        **happened,
    }


def main() -> int:
    """Print the figures; exit status 1 when a question was lost, doubled, or only apologised to."""
    parser = options(__doc__)
    parser.add_argument("--deliveries", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=60.0, help="deliveries a second")
    parser.add_argument("--repeated", type=float, default=0.3, help="share of repetitions")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds without an answer to give up")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    result = asyncio.run(run(chosen))
    report("service-load", result, write=chosen.write)
    good = result["answered_once"] == result["questions"] and not result["apologies"]
    print("PASS" if good else "FAIL")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
