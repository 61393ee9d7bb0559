"""What is measured of a run, each share with its Wilson interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.evaluation.questions import GoldQuestion

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, what was answered, and the rank of the first right citation (0: none)."""

    question: GoldQuestion
    answer: Answer
    rank: int

    @property
    def refused(self) -> bool:
        """True when no citation was given."""
        return self.answer.verdict is not Verdict.ANSWERED


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `count`; `low` and `high` bound the true share with 95 % confidence."""

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
        return middle - reach, middle + reach


def outcome(question: GoldQuestion, answer: Answer) -> Outcome:
    """Compare the citations with the gold places: right when they overlap."""
    rank = 0
    for position, citation in enumerate(answer.citations, start=1):
        if any(
            citation.document == document and citation.start < end and start < citation.end
            for document, start, end in question.places
        ):
            rank = position
            break
    return Outcome(question, answer, rank)


def share(conditions: Iterable[bool]) -> Share:
    """How many of the conditions hold."""
    held = list(conditions)
    return Share(sum(held), len(held))


def first_right(outcomes: Sequence[Outcome], within: int = 1) -> Share:
    """R@k over the answerable questions; a refusal counts as wrong."""
    return share(0 < o.rank <= within for o in outcomes if o.question.answerable)


def reciprocal_rank(outcomes: Sequence[Outcome], depth: int = 10) -> float:
    """MRR@depth over the answerable questions."""
    ranks = [o.rank for o in outcomes if o.question.answerable]
    return sum(1 / rank for rank in ranks if 0 < rank <= depth) / len(ranks) if ranks else math.nan


def refusals(outcomes: Sequence[Outcome], *, answerable: bool) -> Share:
    """How many of the answerable (or unanswerable) questions were refused."""
    return share(o.refused for o in outcomes if o.question.answerable is answerable)


def refusal_precision(outcomes: Sequence[Outcome]) -> Share:
    """How many of the refusals were right."""
    return share(not o.question.answerable for o in outcomes if o.refused)


def calibration_error(outcomes: Sequence[Outcome], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) of confidence as chance to be answerable."""
    total = 0.0
    for number in range(bins):
        inside = [o for o in outcomes if min(int(o.answer.confidence * bins), bins - 1) == number]
        if inside:
            confidence = sum(o.answer.confidence for o in inside) / len(inside)
            actual = sum(o.question.answerable for o in inside) / len(inside)
            total += len(inside) / len(outcomes) * abs(confidence - actual)
    return total
