"""What the channels report for metrics: numbers and names of stages, never texts or ids."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from assemblybot.answering.answer import Answer

Stage = Literal["encode", "search", "render", "send"]
#: What is counted: see `COUNTERS` of the service for their meaning and labels.
Counted = Literal[
    "deliveries", "retries", "rate_limited", "throttled", "busy", "ratings", "rating_reasons", "reindex"
]


class Observer:
    """Keeps nothing; `Metrics` of the service counts."""

    #: Whether the questions of answers are kept, so that users may be told.
    keeps_questions = False

    def answered(self, platform: str, answer: Answer) -> None:
        """A question was answered; the answer says how long encoding and searching took."""

    def took(self, stage: Stage, seconds: float) -> None:
        """One stage of one question took so many seconds."""

    @contextmanager
    def timing(self, stage: Stage) -> Iterator[None]:
        """Time what happens inside as `stage`, also when it fails."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.took(stage, time.perf_counter() - begin)

    def heard(self, platform: str) -> None:
        """A delivery or an empty poll came from `platform`, or its connection is alive."""

    def acknowledged(self, platform: str, seconds: float) -> None:
        """A platform's request was answered, so many seconds after it was read."""

    def count(self, what: Counted, *labels: str, times: int = 1) -> None:
        """Something happened; the labels are those of its counter, the platform first."""
