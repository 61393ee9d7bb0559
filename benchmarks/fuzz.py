"""Webhook bodies that no platform sends, against the whole service: no 5xx, no crash, and it answers after.

    python -m benchmarks.fuzz --bodies 100000 [--seed 11] [--write]

Real bodies of both platforms are changed in a few places or torn in their bytes, and posted with
the right secret and signature nine times of ten. Nothing may be answered with 5xx, no request may
reach the service's last resort, and afterwards it must be ready and answer a question. Bodies that
make no sense are refused before they are taken; what is taken all the same and cannot be dealt with
is left out, and a log line says so. Those are counted.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from tests.doubles.fuzzed import Fuzzer, Request
from tests.doubles.slack_api import SlackDouble
from tests.doubles.telegram_api import TelegramApi
from tests.doubles.telegram_updates import person, said
from tests.servers import free_port
from tests.service.harness import WEBHOOK_SECRET, Platforms, serving

from assemblybot.answering.assistant import Assistant
from assemblybot.render.telegram_state import parse
from assemblybot.settings import Settings, load_settings
from assemblybot.startup import open_assistant
from benchmarks.figures import options, report

_AT_ONCE = 16
_ROUND = 500
# A service that does nothing has about forty tasks.
_FEW_TASKS = 100
_ASKER = 424_242
#: How the log says that one delivery could not be dealt with.
_LEFT_OUT = ("A delivery failed", "a listener failed", "could not be read", "was not dealt with")


@dataclass
class Found:
    """What came back, what the last resort caught, and what was left out."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    answered_after: bool = False

    @property
    def wrong(self) -> bool:
        """Whether anything happened that must not."""
        return bool(self.failures) or not self.answered_after or any(s >= 500 for s in self.statuses)


class Failures(logging.Handler):
    """Counts what is logged as an error, and what is left out."""

    def __init__(self, found: Found) -> None:
        super().__init__(logging.WARNING)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        """Count `record` by its words."""
        words = f"{record.name}: {record.getMessage()}"[:300]
        if any(said in words for said in _LEFT_OUT):
            self._found.left_out[words] += 1
        elif record.levelno >= logging.ERROR:
            self._found.failures[words] += 1


async def fuzz(settings: Settings, assistant: Assistant, state: Path, bodies: int, seed: int) -> Found:
    """Post so many bodies to a service in this process."""
    found = Found()
    handler = Failures(found)
    # Not the root: the doubles, in this process too, may stumble over what they are sent.
    logging.getLogger("assemblybot").addHandler(handler)
    try:
        async with (
            TelegramApi(validate=False) as telegram,
            SlackDouble(checks=False) as slack,
            aiohttp.ClientSession() as client,
        ):
            around = Platforms(telegram, slack, client, free_port())
            # Telegram's 30 messages a second for one bot are not what is measured.
            async with serving(around, settings, assistant, state, telegram_per_second=1000):
                fuzzer = Fuzzer(seed, WEBHOOK_SECRET, slack.response_url())
                for start in range(0, bodies, _ROUND):
                    await _post(around, [fuzzer.request() for _ in range(min(_ROUND, bodies - start))], found)
                    await _quiet(around)
                found.answered_after = await _answers(around)
    finally:
        logging.getLogger("assemblybot").removeHandler(handler)
    return found


async def _post(around: Platforms, requests: list[Request], found: Found) -> None:
    async def some(mine: list[Request]) -> None:
        for request in mine:
            found.statuses[await around.post(request.path, request.body, request.headers)] += 1

    await asyncio.gather(*(some(requests[i::_AT_ONCE]) for i in range(_AT_ONCE)))


async def _quiet(around: Platforms) -> None:
    """Wait until little is in hand, so that no body is turned away for want of room."""
    while await around.metric("assemblybot_tasks") > _FEW_TASKS:  # noqa: ASYNC110 - another's number
        await asyncio.sleep(0.02)


async def _answers(around: Platforms) -> bool:
    """Whether the loop lives and a plain question is answered."""
    if (await around.get("/healthz"))[0] != 200 or (await around.get("/readyz"))[0] != 200:
        return False
    await around.update(said("Who wrote this article?", user=person(_ASKER)), 9_999_999)
    try:
        await around.telegram.until(lambda: bool(around.telegram.sent(_ASKER)), 20)
    except AssertionError:
        return False
    # The buttons of an answer know what it cites; an apology has none of them.
    rows = around.telegram.sent(_ASKER)[0].get("reply_markup", {}).get("inline_keyboard", [])
    return any(parse(button.get("callback_data", "")) for row in rows for button in row)


def main() -> int:
    """Fuzz, print, and 1 when anything was wrong."""
    parser = options(__doc__)
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=11)
    chosen = parser.parse_args()
    settings = load_settings()
    assistant = open_assistant(settings)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as state:
        found = asyncio.run(fuzz(settings, assistant, Path(state), chosen.bodies, chosen.seed))
    figures = {
        "bodies": chosen.bodies,
        "seed": chosen.seed,
        "statuses": {str(status): count for status, count in sorted(found.statuses.items())},
        "last_resort": sum(found.failures.values()),
        "left_out": sum(found.left_out.values()),
        "answered_after": found.answered_after,
        "seconds": round(time.monotonic() - begin),
    }
    report("fuzz", figures, write=chosen.write)
    for words, count in (found.failures + found.left_out).most_common(20):
        print(f"{count:6}  {words}")
    return int(found.wrong)


if __name__ == "__main__":
    sys.exit(main())
