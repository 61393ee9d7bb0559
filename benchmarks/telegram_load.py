"""1,000 chats ask Telegram at once: questions per second, p99, none lost and none doubled.

Run from the repository root, with the development extra installed:

    python benchmarks/telegram_load.py                  # as fast as the bot can
    python benchmarks/telegram_load.py --per-second 30  # at the pace that Telegram allows

The bot runs as it does in production: real index and model, SQLite sessions in a file. The
double of the Bot API runs in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.doubles.telegram_api import TOKEN, TelegramApi  # noqa: E402
from tests.doubles.telegram_updates import person, said  # noqa: E402

from assemblybot.chat.telegram import run_polling  # noqa: E402
from assemblybot.session import Pseudonyms, SqliteStore  # noqa: E402
from assemblybot.settings import load_settings  # noqa: E402
from assemblybot.startup import open_assistant  # noqa: E402

FIRST_CHAT = 10_000


def questions() -> list[str]:
    """Different questions in five languages, so that no cache answers for the model."""
    lines = (ROOT / "tests" / "data" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in lines]


def serve(chats: int, asked: list[str], latency: float, pipe: Connection) -> None:
    """The other side: ask once from each chat, wait for as many answers, report."""

    async def main() -> None:
        async with TelegramApi(validate=False, latency=latency) as api:
            pipe.send(api.base_url)
            await asyncio.to_thread(pipe.recv)
            start = time.monotonic()
            for i in range(chats):
                again = f" ({i})" if i >= len(asked) else ""
                api.push(said(asked[i % len(asked)] + again, user=person(FIRST_CHAT + i)))
            with contextlib.suppress(AssertionError):  # what is lost shows in the report
                await api.until(lambda: len(api.messages) >= chats, 300)
            await asyncio.sleep(1.0)
            sends = [call for call in api.calls if call.method == "sendMessage" and call.done]
            result = {
                "times": sorted(call.at - start for call in sends),
                "per_chat": Counter(call.parameters["chat_id"] for call in sends),
            }
            pipe.send(result)
            await asyncio.to_thread(pipe.recv)

    asyncio.run(main())


async def bot(base_url: str, pipe: Connection, per_second: int) -> dict[str, Any]:
    """Our side, until the other one has its answers."""
    assistant = open_assistant(load_settings())
    assistant.answer("warm")
    with tempfile.TemporaryDirectory() as folder:
        store = await SqliteStore.open(Path(folder) / "sessions.db")
        stop = asyncio.Event()
        names = Pseudonyms(b"benchmark-key-of-32-bytes-length")
        running = asyncio.create_task(
            run_polling(
                assistant, store, names, token=TOKEN, base_url=base_url, stop=stop, per_second=per_second
            )
        )
        await asyncio.sleep(1.0)
        pipe.send("go")
        result: dict[str, Any] = await asyncio.to_thread(pipe.recv)
        stop.set()
        await running
        pipe.send("stop")
        await store.close()
    return result


def main() -> int:
    """Print the figures; exit status 1 when an answer was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--per-second", type=int, default=100_000, help="messages; Telegram allows 30")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds the double takes for a request")
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=serve, args=(options.chats, questions(), options.latency, theirs))
    other.start()
    result = asyncio.run(bot(ours.recv(), ours, options.per_second))
    other.join()
    times = result["times"]
    per_chat: Counter[int] = result["per_chat"]
    lost = options.chats - len(per_chat)
    doubled = sum(count - 1 for count in per_chat.values())
    print(f"chats        {options.chats}")
    print(f"answered     {len(per_chat)}, lost {lost}, doubled {doubled}")
    if times:
        print(f"questions/s  {len(times) / times[-1]:.0f}")
        print(f"p50          {times[len(times) // 2]:.2f} s after all had asked at once")
        print(f"p99          {times[int(len(times) * 0.99)]:.2f} s")
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    raise SystemExit(main())
