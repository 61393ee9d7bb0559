"""A whole question and a whole swap of a service with many documents.

    python -m benchmarks.scale.service [--documents 25000] [--write]

One `assemblybot serve` with Telegram (a double) on an index of small synthetic documents (`many.py`).
Measured from outside: `/readyz`, asked twice a second; questions one after another, from the webhook to
the message, those whose passage a document holds and those whose passage none holds; how much of that the
cross-encoder took, which reads more passages when none answers; the commands; the first page of the
reader; and a new index, with `/healthz` asked all the while: the longest time it took is how long the
event loop stood still.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

import aiohttp
from benchmarks.figures import ROOT, options, percentile, report
from benchmarks.rig import WEBHOOK_SECRET, Platforms, Replica, platforms, service_environment
from benchmarks.scale.many import QuickEmbedder, asked, documents, two_indexes, write_files
from tests.doubles import telegram_updates as telegram
from tests.servers import free_port

from assemblybot.embedding import load_embedder

MODEL = ROOT / "models" / "assembly-e5"
_EACH = 20
_CHECKS = 40
_PAUSE = 0.01
_AFTER_SWAP = 5.0


def pointed(folder: Path, name: str) -> None:
    """Make a build the current one, as `assemblybot index build` does."""
    aside = folder / ".building-CURRENT"
    aside.write_text(f"{name}\n", encoding="ascii")
    aside.replace(folder / "CURRENT")


class Asker:
    """Sends messages to the webhook of one service."""

    def __init__(self, replica: Replica, around: Platforms, client: aiohttp.ClientSession) -> None:
        self._replica = replica
        self._around = around
        self._client = client
        self._people = 100

    async def ask(self, text: str) -> float:
        """Milliseconds until the message that replies to `text`, each from a person of their own."""
        before = await self._around.count()
        self._people += 1
        update = {
            "update_id": self._people,
            "message": telegram.message(text, user=telegram.person(self._people)),
        }
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        began = time.monotonic()
        async with self._client.post(
            f"{self._replica.url}/telegram/webhook", json=update, headers=headers
        ) as answer:
            answer.raise_for_status()
        while await self._around.count() == before:  # noqa: ASYNC110 - another process counts
            await asyncio.sleep(0.002)
        return 1000 * ((await self._around.sent())[-1].at - began)

    async def get(self, path: str) -> float:
        """Milliseconds that a page takes."""
        began = time.monotonic()
        async with self._client.get(f"{self._replica.url}{path}") as answer:
            await answer.read()
        return 1000 * (time.monotonic() - began)


@asynccontextmanager
async def watched(asker: Asker) -> AsyncIterator[list[float]]:
    """Milliseconds that each `/healthz` takes meanwhile."""
    took: list[float] = []

    async def watch() -> None:
        while True:
            took.append(await asker.get("/healthz"))
            await asyncio.sleep(_PAUSE)

    watching = asyncio.create_task(watch())
    try:
        yield took
    finally:
        watching.cancel()


async def measured(
    replica: Replica, around: Platforms, index: Path, new: str, asked_for: tuple[list[str], list[str]]
) -> dict[str, Any]:
    """The figures of a service that is started here."""
    held, lacked = asked_for
    began = time.monotonic()
    replica.start()
    async with aiohttp.ClientSession() as client:
        asker = Asker(replica, around, client)
        await replica.until_ready(client)
        figures: dict[str, Any] = {"ready_s": round(time.monotonic() - began, 1)}
        await asker.ask(held[0])
        checks = []
        for _ in range(_CHECKS):
            checks.append(await asker.get("/readyz"))
            await asyncio.sleep(0.5)
        figures["readyz_p50_ms"], figures["readyz_longest_ms"] = _rounded(percentile(checks, 50), max(checks))
        figures["questions_each"] = len(held)
        for name, questions, verdict in (("held", held, "answered"), ("lacked", lacked, "not_in_corpus")):
            told = partial(replica.metric, client, "assemblybot_questions_total", f'verdict="{verdict}"')
            read = partial(replica.metric, client, "assemblybot_stage_seconds_sum", 'stage="read"')
            before, read_before = await told(), await read()
            took = [await asker.ask(question) for question in questions]
            seconds = (await read() - read_before) / len(questions)
            figures[f"{name}_p50_ms"], figures[f"{name}_mean_ms"], figures[f"{name}_mean_of_reading_ms"] = (
                _rounded(percentile(took, 50), mean(took), 1000 * seconds)
            )
            figures[f"{name}_{verdict}"] = round(await told() - before)
        figures["sources_ms"], figures["start_ms"], figures["help_ms"] = _rounded(
            *[await asker.ask(command) for command in ("/sources", "/start", "/help")]
        )
        figures["first_page_of_reader_ms"] = round(await asker.get("/read/"), 1)
        async with watched(asker) as idle:
            await asyncio.sleep(_AFTER_SWAP)
        async with watched(asker) as meanwhile:
            began = time.monotonic()
            pointed(index, new)
            while not await replica.metric(client, "assemblybot_index_info", f'version="{new}"'):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            figures["swap_s"] = round(time.monotonic() - began, 1)
            first = [await asker.ask(question) for question in (lacked[0], held[0])]
            await asyncio.sleep(_AFTER_SWAP)
        figures["first_lacked_after_swap_ms"], figures["first_held_after_swap_ms"] = _rounded(*first)
        figures["longest_stall_idle_ms"], figures["longest_stall_at_swap_ms"] = _rounded(
            max(idle), max(meanwhile)
        )
        figures["resident_mb"] = replica.resident // 2**20
    return figures


def _rounded(*values: float) -> list[float]:
    return [round(value, 1) for value in values]


def tell(stage: str) -> None:
    """What is under way, to standard error."""
    print(f"{time.strftime('%T')} {stage}", file=sys.stderr, flush=True)


def main() -> None:
    """Make the documents and both indexes, start the service, measure."""
    parser = options(__doc__)
    parser.add_argument("--documents", type=int, default=25_000)
    chosen = parser.parse_args()
    held, lacked = asked()
    tell("encoding")
    embedder = QuickEmbedder(load_embedder(str(MODEL)), [one.passage for one in held])
    with tempfile.TemporaryDirectory(prefix="many-") as name, platforms() as around:
        folder = Path(name)
        corpus, index = folder / "corpus", folder / "index"
        tell("writing documents")
        listed = list(documents(chosen.documents, held))
        write_files(listed, corpus)
        tell("building two indexes")
        first, new = two_indexes(listed, corpus, embedder, index)
        del listed
        pointed(index, first)
        asked_held, asked_lacked = (
            [q for one in part for q in one.questions][:_EACH] for part in (held, lacked)
        )
        tell("serving")
        environment = {
            key: value
            for key, value in service_environment(folder / "state", around).items()
            if not key.startswith("SLACK")
        }
        environment |= {"CORPUS_DIR": str(corpus), "INDEX_DIR": str(index), "THREADS": "1"}
        replica = Replica(free_port(), environment, folder / "log")
        try:
            figures = asyncio.run(measured(replica, around, index, new, (asked_held, asked_lacked)))
        finally:
            replica.kill()
    report("scale-service", {"documents": chosen.documents, **figures}, write=chosen.write)


if __name__ == "__main__":
    main()
