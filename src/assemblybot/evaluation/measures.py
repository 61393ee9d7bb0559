"""What is measured of outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Final, Literal

import numpy as np

#: `encode`, `search` and `read` as the assistant timed them, `total` around the whole answer.
STAGES: Final = ("encode", "search", "read", "total")
PERCENTILES: Final = (50, 95, 99)
_BINS: Final = 10
_Z95: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `rank` is the position of the first right citation (0: none was right). `best_right` says
    whether the first citation is right, or would have been had the question not been refused.
    `threshold` is the confidence from which it is answered, `unsure` that it was
    answered with a caveat. `seconds` by stage, where it was needed.
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
class Share:
    """`hits` of `count`."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        """Share in [0, 1]; not a number when nothing was counted."""
        return self.hits / self.count if self.count else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval (Wilson 1927), 95 %."""
        if not self.count:
            return math.nan, math.nan
        n, p, z = self.count, self.value, _Z95
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(middle - reach, 0.0), min(middle + reach, 1.0)


def share(conditions: Iterable[bool]) -> Share:
    """How many of the conditions hold."""
    held = list(conditions)
    return Share(sum(held), len(held))


def groups(outcomes: Sequence[Outcome], by: Literal["language", "type"]) -> dict[str, list[Outcome]]:
    """Outcomes by the language or the type of their question, in the order of the names."""
    names = sorted({getattr(o, by) for o in outcomes})
    return {name: [o for o in outcomes if getattr(o, by) == name] for name in names}


def recall(outcomes: Sequence[Outcome], k: int = 1) -> Share:
    """R@k over the answerable questions; a refusal counts as wrong."""
    return share(0 < o.rank <= k for o in outcomes if o.answerable)


def mean_reciprocal_rank(outcomes: Sequence[Outcome]) -> float:
    """MRR@10 over the answerable questions."""
    ranks = [o.rank for o in outcomes if o.answerable]
    return sum(1 / rank for rank in ranks if 0 < rank <= 10) / len(ranks) if ranks else math.nan


def refusals(outcomes: Sequence[Outcome], *, answerable: bool) -> Share:
    """How many of the answerable (or unanswerable) questions were refused."""
    return share(o.refused for o in outcomes if o.answerable is answerable)


def answered_unsurely(outcomes: Sequence[Outcome]) -> Share:
    """How many of the answerable questions were answered with a caveat."""
    return share(o.unsure for o in outcomes if o.answerable)


def sure_and_wrong(outcomes: Sequence[Outcome]) -> Share:
    """How many of the unanswerable questions were answered without one."""
    return share(not (o.refused or o.unsure) for o in outcomes if not o.answerable)


def refusal_precision(outcomes: Sequence[Outcome]) -> Share:
    """How many of the refusals were right."""
    return share(not o.answerable for o in outcomes if o.refused)


def risk(outcomes: Sequence[Outcome]) -> Share:
    """How many of the answers given are wrong.

    An answer to an unanswerable question is wrong; to another one, when its first citation is.
    """
    return share(not o.best_right for o in outcomes if not o.refused)


def risk_coverage(outcomes: Sequence[Outcome]) -> list[Share]:
    """The risk when only the surest 1, 2, … questions are answered (El-Yaniv and Wiener 2010)."""
    surest = sorted(outcomes, key=lambda o: -o.confidence)
    wrong = np.cumsum([not o.best_right for o in surest])
    return [Share(int(hits), answered) for answered, hits in enumerate(wrong, start=1)]


def aurc(outcomes: Sequence[Outcome]) -> float:
    """Mean risk over all coverages (AURC, Geifman et al. 2019); 0 is best."""
    return float(np.mean([risk.value for risk in risk_coverage(outcomes)]))


def reliability(outcomes: Sequence[Outcome]) -> Iterator[tuple[float, Share]]:
    """Mean confidence and for how many the first passage is right, in bins of equal width; no empty one."""
    for number in range(_BINS):
        inside = [o for o in outcomes if min(int(o.confidence * _BINS), _BINS - 1) == number]
        if inside:
            mean = sum(o.confidence for o in inside) / len(inside)
            yield mean, share(o.best_right for o in inside)


def expected_calibration_error(outcomes: Sequence[Outcome]) -> float:
    """ECE (Naeini et al. 2015) of confidence as the probability to be right."""
    gaps = (right.count * abs(mean - right.value) for mean, right in reliability(outcomes))
    return sum(gaps) / len(outcomes)


def mcnemar(wins: int, losses: int) -> float:
    """Two-sided exact p of `wins` against `losses`, each equally likely (McNemar 1947)."""
    discordant = wins + losses
    tail = sum(math.comb(discordant, k) for k in range(min(wins, losses) + 1))
    return min(1.0, 2.0 * tail / float(2**discordant))


def seconds(outcomes: Sequence[Outcome], stage: str) -> list[float]:
    """Seconds that the questions which needed `stage` spent in it, in file order."""
    return [o.seconds[stage] for o in outcomes if stage in o.seconds]


def percentiles(times: Sequence[float]) -> list[float]:
    """`PERCENTILES` of some times, in their unit (linear interpolation)."""
    return [float(value) for value in np.percentile(times, PERCENTILES)]
