"""What the service counts, for Prometheus: numbers by platform, collection and stage, no texts and no ids."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from functools import partial
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from assemblybot.answering.answer import Answer
from assemblybot.chat.observe import Counted, Observer, Stage
from assemblybot.logs import describe
from assemblybot.session.question_log import QuestionLog

_LOG = logging.getLogger(__name__)
PATH: Final = "/metrics"
#: Meaning and labels of each counter.
COUNTERS: Final[dict[Counted, tuple[str, tuple[str, ...]]]] = {
    "deliveries": (
        "Updates and events: new, duplicate, refused, reclaimed, in_doubt or too_old",
        ("platform", "outcome"),
    ),
    "retries": ("Deliveries the platform repeats, and requests sent again", ("platform",)),
    "rate_limited": ("Times the platform asked to wait (429)", ("platform",)),
    "throttled": ("Users told to slow down", ("platform",)),
    "busy": ("Questions turned away because too many waited, or this one too long", ("platform",)),
    "ratings": ("Ratings of answers: helpful, not_helpful, taken_back", ("platform", "rating")),
    "rating_reasons": ("Why answers did not help", ("platform", "reason")),
    "reindex": ("New indexes: swapped, refused as unfit, or failed to build", ("collection", "outcome")),
}
_NO_LOGS: Final[Mapping[str, QuestionLog]] = {}
_STAGES: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics(Observer):
    """One registry for one service; every name begins with `assemblybot_`.

    Answers are also written to the log of their collection in `logs`, where there is one.
    """

    def __init__(self, logs: Mapping[str, QuestionLog] = _NO_LOGS) -> None:
        self.keeps_questions = bool(logs)
        self._logs = logs
        self._writing: set[asyncio.Task[None]] = set()
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        counter = partial(Counter, namespace="assemblybot", registry=self.registry)
        gauge = partial(Gauge, namespace="assemblybot", registry=self.registry)
        histogram = partial(Histogram, namespace="assemblybot", registry=self.registry, buckets=_STAGES)
        by_verdict = ("platform", "collection", "language", "verdict")
        self._questions = counter("questions", "Questions answered or refused", by_verdict)
        self._stages = histogram("stage_seconds", "Time of one stage of one question", ["stage"])
        self._acks = histogram("ack_seconds", "Time from a platform's request to its answer", ["platform"])
        self._counters = {what: counter(what, *about) for what, about in COUNTERS.items()}
        self._index = gauge("index_info", "The indexes in use", ["collection", "version", "model"])
        silence = "Seconds since anything came from a platform"
        self._updated = gauge("seconds_since_update", silence, ["platform"])
        self._last: dict[str, float] = {}
        self._indexes: dict[str, tuple[str, str]] = {}
        self.waiting = gauge("waiting_questions", "Questions taken and not answered yet")
        self.degraded = gauge("session_degraded", "1 while local state stands in for Redis")
        tasks = gauge("tasks", "Tasks of the event loop")
        tasks.set_function(lambda: float(len(asyncio.all_tasks())))

    def answered(self, platform: str, answer: Answer) -> None:
        self._questions.labels(platform, answer.collection, answer.language, str(answer.verdict)).inc()
        for stage, seconds in answer.timings.items():
            self._stages.labels(stage).observe(seconds)
        if log := self._logs.get(answer.collection):
            task = asyncio.create_task(_write(log, answer))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing)

    def took(self, stage: Stage, seconds: float) -> None:
        self._stages.labels(stage).observe(seconds)

    def acknowledged(self, platform: str, seconds: float) -> None:
        self._acks.labels(platform).observe(seconds)

    def count(self, what: Counted, *labels: str, times: int = 1) -> None:
        self._counters[what].labels(*labels).inc(times)

    def heard(self, platform: str) -> None:
        self._last[platform] = time.monotonic()

    def silent_since_start(self, platform: str) -> None:
        """Begin to count the seconds since `platform` was heard of."""
        self.heard(platform)
        self._updated.labels(platform).set_function(lambda: time.monotonic() - self._last[platform])

    def uses_index(self, collection: str, version: str, model: str) -> None:
        """A collection is answered from that index now, and from no other."""
        if before := self._indexes.get(collection):
            self._index.remove(collection, *before)
        self._indexes[collection] = version, model
        self._index.labels(collection, version, model).set(1)

    @property
    def routes(self) -> list[web.RouteDef]:
        """`/metrics`."""
        return [web.get(PATH, self._show)]

    async def _show(self, _: web.Request) -> web.Response:
        body = generate_latest(self.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _write(log: QuestionLog, answer: Answer) -> None:
    try:
        await log.add(answer)
    except OSError as error:
        _LOG.error("A question was not kept: %s", describe(error))
