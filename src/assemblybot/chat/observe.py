"""What channels tell of their work, for figures: numbers and names of stages, never texts or ids."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from assemblybot.answering.answer import Answer
from assemblybot.session.base import Reason

Stage = Literal["encode", "search", "render", "send"]


class Observer:
    """Hears and forgets; the service counts instead. `platform` is "telegram", "slack" or "reader"."""

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
        """Something came from `platform`, or it was asked and had nothing, or its connection lives."""

    def acknowledged(self, platform: str, seconds: float) -> None:
        """A platform's request was answered, so many seconds after it was read."""

    def refused(self, platform: str) -> None:
        """A delivery came without the right secret, or from someone who is not allowed."""

    def resent(self, platform: str) -> None:
        """A delivery came again by the platform's own word, or a request of ours left again."""

    def rate_limited(self, platform: str) -> None:
        """The platform asked to wait (429)."""

    def throttled(self, platform: str) -> None:
        """A user asked too much and was told to slow down."""

    def rated(self, platform: str, value: int) -> None:
        """An answer was rated: 1 is helpful, -1 not helpful, 0 takes a rating back."""

    def explained(self, platform: str, reason: Reason) -> None:
        """A user said why an answer did not help."""

    def busy(self, platform: str) -> None:
        """A question was turned away because too many were waiting, or waited too long."""
