"""What both platforms deliver: questions, and repetitions of them; sent to replicas as they would."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tests.doubles.slack_payloads import event_body, in_channel, mention, signed
from tests.doubles.telegram_updates import person, said

from benchmarks.figures import development_questions
from benchmarks.rig import SLACK, TELEGRAM, WEBHOOK_SECRET, Replica

_TEXTS = development_questions()
_FIRST_USER = 10_000
_REPEATED_WITHIN = 5.0
# A platform waits before it sends again what nobody took.
_SENT_AGAIN = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Delivery:
    """One request of a platform: when it is due, in seconds, and which question it tells of."""

    at: float
    platform: str
    question: str
    body: dict[str, Any]
    retry: int = 0


def questions(rate: float) -> Iterator[Delivery]:
    """New questions without end, at `rate` a second, on each platform in turn, each by a user of its own."""
    for number in itertools.count():
        # The number makes each text new to every cache.
        text, user = f"{_TEXTS[number % len(_TEXTS)]} ({number})", _FIRST_USER + number
        if number % 2:
            when = f"1763980000.{number:06d}"
            body = event_body(mention(text, ts=when, user=f"U{user}"), f"EvA{number}")
            yield Delivery(number / rate, SLACK, f"{SLACK}:{when}", body)
        else:
            body = {"update_id": number + 1, **said(text, user=person(user))}
            yield Delivery(number / rate, TELEGRAM, f"{TELEGRAM}:{user}", body)


def plan(count: int, rate: float, repeated: float, seed: int) -> list[Delivery]:
    """`count` deliveries at `rate` a second; the share `repeated` of them repeats earlier ones.

    Slack repeats an event under a retry header, or tells of a mention as a `message` too; Telegram
    sends the same update again. One event in fifty is first heard of as a retry, as after a loss.
    """
    chance = random.Random(seed)
    new = round(count * (1 - repeated))
    made = list(itertools.islice(questions(rate * (1 - repeated)), new))
    made = [
        Delivery(d.at, d.platform, d.question, d.body, retry=int(d.platform == SLACK and n % 50 == 1))
        for n, d in enumerate(made)
    ]
    again = [_repetition(d, chance) for d in chance.choices(made, k=count - new)]
    return sorted([*made, *again], key=lambda delivery: delivery.at)


def _repetition(first: Delivery, chance: random.Random) -> Delivery:
    later = first.at + chance.uniform(0.0, _REPEATED_WITHIN)
    if first.platform == TELEGRAM:
        return Delivery(later, TELEGRAM, first.question, first.body)
    if chance.random() < 0.5:
        event = first.body["event"]
        twin = in_channel(event["text"], ts=event["ts"], user=event["user"])
        return Delivery(later, SLACK, first.question, event_body(twin, f"EvB{event['ts']}"))
    return Delivery(later, SLACK, first.question, first.body, retry=first.retry + 1)


@dataclass
class Balancer:
    """Gives each delivery to one replica in turn, and to the next when that one does not take it.

    What none takes is sent again a little later, as platforms do.
    """

    replicas: list[Replica]
    client: aiohttp.ClientSession
    acks: dict[str, list[float]] = field(default_factory=lambda: {TELEGRAM: [], SLACK: []})
    sent: dict[str, float] = field(default_factory=dict)
    passed_on: int = 0
    given_up: int = 0

    def __post_init__(self) -> None:
        self._turn = itertools.count()

    async def deliver(self, delivery: Delivery) -> None:
        """Until one replica has acknowledged it; the time that it took counts from its last sending."""
        self.sent.setdefault(delivery.question, time.monotonic())
        for wait in (*_SENT_AGAIN, 0.0):
            for _ in self.replicas:
                replica = self.replicas[next(self._turn) % len(self.replicas)]
                began = time.monotonic()
                if await self._taken(replica, delivery):
                    self.acks[delivery.platform].append(time.monotonic() - began)
                    return
                self.passed_on += 1
            await asyncio.sleep(wait)
        self.given_up += 1

    async def _taken(self, replica: Replica, delivery: Delivery) -> bool:
        if delivery.platform == SLACK:
            raw, headers = signed(delivery.body, retry=delivery.retry)
            path, body = "/slack/events", raw.encode()
        else:
            headers = {
                "Content-Type": "application/json",
                "X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET,
            }
            path, body = "/telegram/webhook", json.dumps(delivery.body, ensure_ascii=False).encode()
        try:
            async with self.client.post(replica.url + path, data=body, headers=headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


async def ask_steadily(balancer: Balancer, coming: Iterator[Delivery], rate: float, seconds: float) -> int:
    """Ask at `rate` a second for so long, whether or not replicas keep up; returns how many that were."""
    began, asked, underway = time.monotonic(), 0, set[asyncio.Task[None]]()
    while (now := time.monotonic() - began) < seconds:
        if asked < now * rate:
            task = asyncio.create_task(balancer.deliver(next(coming)))
            underway.add(task)
            task.add_done_callback(underway.discard)
            asked += 1
        else:
            await asyncio.sleep(asked / rate - now)
    await asyncio.gather(*underway)
    return asked
