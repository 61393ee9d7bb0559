"""Two runs on the same questions, pair by pair."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assemblybot.errors import AssemblybotError
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.record import Record
from assemblybot.evaluation.run import Case, Run


@dataclass(frozen=True, slots=True)
class Change:
    """A question that one of two runs got right and the other wrong."""

    before: Outcome
    now: Case


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run won and lost against a baseline, in file order.

    `p` is the probability of a split at least as uneven if neither were better.
    """

    wins: tuple[Change, ...]
    losses: tuple[Change, ...]
    both_right: int
    both_wrong: int

    @property
    def p(self) -> float:
        """McNemar's exact test, two-sided."""
        return mcnemar(len(self.wins), len(self.losses))


def compare(run: Run, baseline: Record) -> Comparison:
    """Pair the questions of two runs. Raises AssemblybotError when they asked different ones."""
    if run.digest != baseline.digest:
        raise AssemblybotError(
            "The baseline was measured on other questions, so nothing can be paired. "
            "Measure both on the same file."
        )
    pairs = [Change(before, now) for before, now in zip(baseline.outcomes, run.cases, strict=True)]
    return Comparison(
        wins=tuple(pair for pair in pairs if pair.now.outcome.right and not pair.before.right),
        losses=tuple(pair for pair in pairs if pair.before.right and not pair.now.outcome.right),
        both_right=sum(pair.before.right and pair.now.outcome.right for pair in pairs),
        both_wrong=sum(not pair.before.right and not pair.now.outcome.right for pair in pairs),
    )


def mcnemar(wins: int, losses: int) -> float:
    """Two-sided exact p of `wins` against `losses`, each equally likely (McNemar 1947)."""
    discordant = wins + losses
    tail = sum(math.comb(discordant, k) for k in range(min(wins, losses) + 1))
    return min(1.0, 2.0 * tail / float(2**discordant))
