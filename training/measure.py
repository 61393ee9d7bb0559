"""Figures of a reader on units that are left out of training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from batches import PASSAGE, Batch, Row, collate, encode
from reader import Reader
from units import Unit

ROWS_AT_ONCE = 16
LONGEST_ANSWER = 30
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one source: area under the curve, answered over unanswered (a source without answered rows: over
    those of all sources); share of units whose answered row is above its others; span F1 in tokens."""

    curve: float
    above: float | None
    overlap: float | None
    rows: int


def measured(
    model: Reader, tokenizer: Tokenizer, units: Sequence[Unit], most: int, device: torch.device
) -> dict[str, Figures]:
    """Figures by source, on at most about ``most`` units of each."""
    sources: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.held_out:
            sources[unit.group].append(unit)
    model.eval()
    seen: dict[str, tuple[Sequence[Row], list[int], Floats, list[float]]] = {}
    for name, own in sorted(sources.items()):
        kept = own[:: max(1, len(own) // most)][:most]
        rows = encode(tokenizer, [example for unit in kept for example in unit.examples])
        seen[name] = (
            rows,
            [n for n, unit in enumerate(kept) for _ in unit.examples],
            *_read(model, rows, device),
        )
    model.train()
    answered = np.concatenate([s[2][[row.answers for row in s[0]]] for s in seen.values()])
    return {name: _figures(*found, answered) for name, found in seen.items()}


def score(figures: dict[str, Figures]) -> float:
    """What checkpoints are chosen by: half the mean area under the curve, half the mean span F1."""
    curves = [found.curve for found in figures.values()]
    overlaps = [found.overlap for found in figures.values() if found.overlap is not None]
    return float((np.mean(curves) + np.mean(overlaps)) / 2) if overlaps else float(np.mean(curves))


@torch.no_grad()
def _read(model: Reader, rows: Sequence[Row], device: torch.device) -> tuple[Floats, list[float]]:
    """Log-odds of each row, and span F1 of the answered rows whose span is known."""
    logits = np.zeros(len(rows))
    overlaps: list[float] = []
    order = sorted(range(len(rows)), key=lambda n: len(rows[n].ids))
    for start in range(0, len(order), ROWS_AT_ONCE):
        part = order[start : start + ROWS_AT_ONCE]
        batch = collate([rows[n] for n in part], part).to(device)
        answers, spans = model(batch.ids, batch.segments, batch.mask)
        logits[part] = answers.cpu().numpy()
        overlaps += _overlaps(batch, spans)
    return logits, overlaps


def _overlaps(batch: Batch, spans: torch.Tensor) -> list[float]:
    """F1 in tokens of the likeliest span and the right one."""
    found = []
    length = spans.shape[1]
    allowed = torch.ones(length, length, device=spans.device).triu().tril(LONGEST_ANSWER - 1).bool()
    for number in torch.nonzero(batch.spans & (batch.answers > 0)).flatten().tolist():
        scores = spans[number].masked_fill((batch.segments[number] != PASSAGE)[:, None], -torch.inf)
        joint = (scores[:, None, 0] + scores[None, :, 1]).masked_fill(~allowed, -torch.inf)
        first, last = divmod(int(joint.argmax()), length)
        begin, end = batch.span[number].tolist()
        both = max(0, min(last, end) - max(first, begin) + 1)
        found.append(2 * both / (last - first + 1 + end - begin + 1))
    return found


def _figures(
    rows: Sequence[Row], units: Sequence[int], logits: Floats, overlaps: Sequence[float], answered: Floats
) -> Figures:
    right = np.array([row.answers for row in rows])
    same = np.equal.outer(units, units) & right[:, None] & ~right
    above = float(np.greater.outer(logits, logits)[same].mean()) if same.any() else None
    overlap = float(np.mean(overlaps)) if overlaps else None
    return Figures(
        _curve(logits[right] if right.any() else answered, logits[~right]), above, overlap, len(rows)
    )


def _curve(above: Floats, below: Floats) -> float:
    """Area under the curve: the share of pairs in the right order, ties half."""
    if not len(above) or not len(below):
        return 0.5
    return float((np.greater.outer(above, below) + 0.5 * np.equal.outer(above, below)).mean())
