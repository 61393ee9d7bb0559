"""Outcomes as lines of text: overall, by language, by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome, Share
from assemblybot.evaluation.run import summary

_HEADINGS: Final = ("", "n", "R@1", "95 %", "R@3", "MRR@10", "refused", "unanswerable refused")


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A table with one row for all, each language and each type; then the overall figures."""
    rows = [_HEADINGS, _row("all", outcomes)]
    for groups in (measures.groups(outcomes, "language"), measures.groups(outcomes, "type")):
        rows.extend(_row(name, group) for name, group in groups.items())
    figures = [
        f"{name}: {value:.3f}" if isinstance(value, float) else f"{name}: {value}"
        for name, value in summary(outcomes).items()
    ]
    return [*_aligned(rows), "", *figures]


def ablation_lines(found: Iterable[tuple[str, Sequence[Outcome]]]) -> list[str]:
    """One row a variant: R@1 of all answerable questions with its interval, and R@3."""
    rows = [("", "R@1", "95 %", "R@3")]
    for name, outcomes in found:
        first = measures.recall(outcomes)
        rows.append((name, _share(first), _interval(first), _share(measures.recall(outcomes, 3))))
    return list(_aligned(rows))


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    first = measures.recall(outcomes)
    return (
        name,
        str(len(outcomes)),
        _share(first),
        _interval(first),
        _share(measures.recall(outcomes, 3)),
        f"{measures.mean_reciprocal_rank(outcomes):.3f}" if first.count else "",
        _share(measures.refusals(outcomes, answerable=True)),
        _share(measures.refusals(outcomes, answerable=False)),
    )


def _share(share: Share) -> str:
    return f"{share.value:.3f}" if share.count else ""


def _interval(share: Share) -> str:
    low, high = share.interval
    return f"{low:.2f}–{high:.2f}" if share.count else ""


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
