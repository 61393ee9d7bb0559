"""From what was found to the figures of the table; the same rules for every system."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from assemblybot.evaluation.measures import share


@dataclass(frozen=True, slots=True)
class Question:
    """A development question; no gold quotes: the article does not answer it."""

    text: str
    gold: tuple[str, ...]


def holds(cited: str, gold: Sequence[str]) -> bool:
    """What is cited contains one of the gold quotes; runs of white space count as one space."""
    text = " ".join(cited.split())
    return any(" ".join(quote.split()) in text for quote in gold)


def best_threshold(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """The score from which to answer that refuses most rightly: Youden's J is at its highest.

    Between two scores the threshold lies half way, so that it favours neither side; where no number lies
    between them, it is the higher.
    """
    scores = sorted({*answerable, *unanswerable})
    places = [scores[0]]
    for low, high in pairwise(scores):
        middle = (low + high) / 2
        places.append(middle if middle > low else high)

    def youden(threshold: float) -> float:
        kept = sum(score >= threshold for score in answerable) / len(answerable)
        refused = sum(score < threshold for score in unanswerable) / len(unanswerable)
        return kept + refused

    return max(places, key=youden)


def separation(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """Chance that an answerable question scores above an unanswerable one (area under the ROC)."""
    above = np.subtract.outer(np.array(answerable), np.array(unanswerable))
    return float((above > 0).mean() + (above == 0).mean() / 2)


def figures(questions: Sequence[Question], found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Figures of one row; each share as hits, count, value and Wilson bounds."""
    pairs = list(zip(questions, found, strict=True))
    known = [(q, f) for q, f in pairs if q.gold]
    unknown = [f for q, f in pairs if not q.gold]
    milliseconds = sorted(1000 * f["seconds"] for f in found)
    shares = {
        "r1": share(holds(f["cited"], q.gold) for q, f in known),
        "answered_right": share(not f["refused"] and holds(f["cited"], q.gold) for q, f in known),
        "unanswerable_refused": share(f["refused"] for f in unknown),
        "answerable_refused": share(f["refused"] for _, f in known),
    }
    return {
        **{
            name: {
                "hits": s.hits,
                "count": s.count,
                "value": round(s.value, 4),
                "interval": [round(bound, 4) for bound in s.interval],
            }
            for name, s in shares.items()
        },
        "separation": round(separation([f["score"] for _, f in known], [f["score"] for f in unknown]), 4),
        "cited_characters": round(statistics.median(len(f["cited"]) for f in found)),
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 2),
        "p99_ms": round(float(np.percentile(milliseconds, 99)), 2),
    }
