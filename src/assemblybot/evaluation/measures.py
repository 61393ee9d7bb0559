"""What is measured of outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from assemblybot.evaluation.share import Share, share

#: `encode`, `search` and `read` as the assistant timed them, `total` around the whole answer.
STAGES: Final = ("encode", "search", "read", "total")
PERCENTILES: Final = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `rank` is the position of the first right citation (0: none was right). `best_right` says
    whether the first citation is right, or would have been had the question not been refused.
    `threshold` is the confidence from which it is answered, `unsure` that it was
    answered with a reserve. `seconds` by stage, where it was needed.
    """

    id: str
    language: str
    type: str
    answerable: bool
    refused: bool
    rank: int
    best_right: bool
    confidence: float
    threshold: float
    unsure: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def right(self) -> bool:
        """The first citation is right, or the refusal is."""
        return self.rank == 1 if self.answerable else self.refused


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of similar confidence: their mean confidence, and for how many the first passage is right."""

    confidence: float
    right: Share


@dataclass(frozen=True, slots=True)
class Coverage:
    """Were only the surest `answered` of `of` questions answered: how many of those wrongly."""

    answered: int
    of: int
    wrong: Share


def first_right(outcomes: Sequence[Outcome], within: int = 1) -> Share:
    """R@k over the answerable questions; a refusal counts as wrong."""
    return share(0 < o.rank <= within for o in outcomes if o.answerable)


def reciprocal_rank(outcomes: Sequence[Outcome], depth: int = 10) -> float:
    """MRR@depth over the answerable questions."""
    ranks = [o.rank for o in outcomes if o.answerable]
    return sum(1 / rank for rank in ranks if 0 < rank <= depth) / len(ranks) if ranks else math.nan


def refusals(outcomes: Sequence[Outcome], *, answerable: bool) -> Share:
    """How many of the answerable (or unanswerable) questions were refused."""
    return share(o.refused for o in outcomes if o.answerable is answerable)


def reserves(outcomes: Sequence[Outcome]) -> Share:
    """How many of the answerable questions were answered with a reserve."""
    return share(o.unsure for o in outcomes if o.answerable)


def sure_and_wrong(outcomes: Sequence[Outcome]) -> Share:
    """How many of the unanswerable questions were answered without one."""
    return share(not (o.refused or o.unsure) for o in outcomes if not o.answerable)


def refusal_precision(outcomes: Sequence[Outcome]) -> Share:
    """How many of the refusals were right."""
    return share(not o.answerable for o in outcomes if o.refused)


def reliability(outcomes: Sequence[Outcome], bins: int = 10) -> Iterator[Bin]:
    """Confidence against the share that is right, in bins of equal width; no empty one."""
    for number in range(bins):
        inside = [o for o in outcomes if min(int(o.confidence * bins), bins - 1) == number]
        if inside:
            mean = sum(o.confidence for o in inside) / len(inside)
            yield Bin(mean, share(o.answerable and o.best_right for o in inside))


def calibration_error(outcomes: Sequence[Outcome], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) of confidence as the probability to be right."""
    gaps = (b.right.count * abs(b.confidence - b.right.value) for b in reliability(outcomes, bins))
    return sum(gaps) / len(outcomes)


def risk(outcomes: Sequence[Outcome]) -> Share:
    """How many of the answers given are wrong.

    An answer to an unanswerable question is wrong; to another one, when its first citation is.
    """
    return share(not (o.answerable and o.best_right) for o in outcomes if not o.refused)


def risk_coverage(outcomes: Sequence[Outcome]) -> list[Coverage]:
    """The risk at each coverage, surest questions first (El-Yaniv and Wiener 2010)."""
    surest = sorted(outcomes, key=lambda o: -o.confidence)
    found, wrong = [], 0
    for answered, o in enumerate(surest, start=1):
        wrong += not (o.answerable and o.best_right)
        found.append(Coverage(answered, len(surest), Share(wrong, answered)))
    return found


def risk_area(outcomes: Sequence[Outcome]) -> float:
    """Mean risk over all coverages (AURC, Geifman et al. 2019); 0 is best."""
    curve = risk_coverage(outcomes)
    return sum(point.wrong.value for point in curve) / len(curve)


def seconds(outcomes: Sequence[Outcome], stage: str) -> list[float]:
    """Seconds that the questions which needed `stage` spent in it, in file order."""
    return [o.seconds[stage] for o in outcomes if stage in o.seconds]


def percentiles(times: Sequence[float]) -> tuple[float, ...]:
    """`PERCENTILES` of some times, in their unit (linear interpolation)."""
    return tuple(float(value) for value in np.percentile(times, PERCENTILES))
