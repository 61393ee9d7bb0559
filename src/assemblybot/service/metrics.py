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
from assemblybot.chat.observe import Observer, Stage
from assemblybot.logs import describe
from assemblybot.session.base import Reason
from assemblybot.session.question_log import QuestionLog

_LOG = logging.getLogger(__name__)
PATH: Final = "/metrics"
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
        by_outcome = ("platform", "outcome")
        self._deliveries = counter("deliveries", "Updates and events, by what became of them", by_outcome)
        retries = "Deliveries the platform repeats, and requests sent again"
        self._retries = counter("retries", retries, ["platform"])
        self._limited = counter("rate_limited", "Times the platform asked to wait (429)", ["platform"])
        self._throttled = counter("throttled", "Users told to slow down", ["platform"])
        self._busy = counter("busy", "Questions turned away because too many waited", ["platform"])
        ratings = "Ratings of answers: helpful, not_helpful, taken_back"
        self._ratings = counter("ratings", ratings, ["platform", "rating"])
        self._reasons = counter("rating_reasons", "Why answers did not help", ["platform", "reason"])
        outcomes = "New indexes, by what became of them"
        self._reindex = counter("reindex", outcomes, ["collection", "outcome"])
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

    def refused(self, platform: str) -> None:
        self.delivered(platform, "refused")

    def resent(self, platform: str) -> None:
        self._retries.labels(platform).inc()

    def rate_limited(self, platform: str) -> None:
        self._limited.labels(platform).inc()

    def throttled(self, platform: str) -> None:
        self._throttled.labels(platform).inc()

    def busy(self, platform: str) -> None:
        self._busy.labels(platform).inc()

    def rated(self, platform: str, value: int) -> None:
        rating = "taken_back" if value == 0 else "helpful" if value > 0 else "not_helpful"
        self._ratings.labels(platform, rating).inc()

    def explained(self, platform: str, reason: Reason) -> None:
        self._reasons.labels(platform, reason).inc()

    def delivered(self, platform: str, outcome: str, count: int = 1) -> None:
        """`outcome`: new, duplicate, refused, reclaimed, in_doubt or too_old."""
        self._deliveries.labels(platform, outcome).inc(count)

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

    def reindexed(self, collection: str, outcome: str) -> None:
        """`outcome`: swapped, refused for a new index that is not fit, or failed for a build of one."""
        self._reindex.labels(collection, outcome).inc()

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
