"""Units drawn by a mixture of sources, as rows of tokens, in batches of like length."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from units import Example, Unit

BEGIN, PAD, END = 0, 1, 2
SPECIAL, QUESTION, CONTEXT, PASSAGE = range(4)
LONGEST, LONGEST_QUESTION, LONGEST_CONTEXT = 232, 60, 32
#: units drawn at once and sorted by length
POOL = 160

#: shares of the sources: first mostly public reading data, later mostly near misses
FIRST = {
    "span-en": 0.20, "span-fr": 0.12, "span-ar": 0.07, "span-es": 0.03, "span-x": 0.09, "pair": 0.12,
    "unans": 0.05, "domain": 0.18, "near": 0.08, "talk": 0.05, "document": 0.05,
}  # fmt: skip
LATER = {
    "span-en": 0.10, "span-fr": 0.06, "span-ar": 0.05, "span-es": 0.03, "span-x": 0.06, "pair": 0.07,
    "unans": 0.04, "domain": 0.14, "near": 0.38, "talk": 0.07, "document": 0.10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """An example as tokens; ``span`` are its first and last token, both 0 for "no answer"."""

    ids: list[int]
    segments: list[int]
    answers: bool
    span: tuple[int, int]
    spans: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Batch:
    """``ids``, ``segments``, ``mask`` ``(n, t)``; ``answers``, ``spans``, ``weights``, ``units`` ``(n,)``;
    ``span`` ``(n, 2)``. ``units`` numbers the unit of each row."""

    ids: Tensor
    segments: Tensor
    mask: Tensor
    answers: Tensor
    span: Tensor
    spans: Tensor
    weights: Tensor
    units: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def encode(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Row]:
    """One row for each example, cut to ``LONGEST`` tokens."""
    texts = [text for e in examples for text in (e.question, e.context, e.passage)]
    found = tokenizer.encode_batch(texts, add_special_tokens=False)
    rows = []
    for number, example in enumerate(examples):
        asked, above, told = found[3 * number : 3 * number + 3]
        question, context = asked.ids[:LONGEST_QUESTION], above.ids[:LONGEST_CONTEXT]
        head = [BEGIN, *question, END, *context, END]
        kinds = [SPECIAL, *[QUESTION] * len(question), SPECIAL, *[CONTEXT] * len(context), SPECIAL]
        passage = told.ids[: LONGEST - len(head) - 1]
        span, known = _tokens(example, told.offsets[: len(passage)], len(head))
        segments = [*kinds, *[PASSAGE] * len(passage), SPECIAL]
        rows.append(Row([*head, *passage, END], segments, example.answers, span, known, example.weight))
    return rows


def _tokens(example: Example, offsets: Sequence[tuple[int, int]], first: int) -> tuple[tuple[int, int], bool]:
    """First and last token of the span, and whether the span head may learn them."""
    if not example.spans or example.span is None:
        return (0, 0), example.spans
    begin, end = example.span
    inside = [n for n, (a, b) in enumerate(offsets) if a < b and b > begin and a < end]
    if not inside:  # cut off
        return (0, 0), False
    return (first + inside[0], first + inside[-1]), True


def collate(rows: Sequence[Row], units: Sequence[int]) -> Batch:
    """Rows padded to the longest."""
    longest = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), longest), PAD)
    segments, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = torch.tensor(row.ids)
        segments[number, : len(row.ids)] = torch.tensor(row.segments)
        mask[number, : len(row.ids)] = 1
    answers = torch.tensor([float(row.answers) for row in rows])
    span = torch.tensor([row.span for row in rows])
    spans = torch.tensor([row.spans for row in rows])
    weights = torch.tensor([row.weight for row in rows])
    return Batch(ids, segments, mask, answers, span, spans, weights, torch.tensor(units))


class Pool:
    """Training units by source; each source is gone through in a new order before it repeats."""

    def __init__(self, units: Sequence[Unit], tokenizer: Tokenizer, tokens: int, seed: int) -> None:
        self._tokenizer, self._tokens, self._rng = tokenizer, tokens, random.Random(seed)
        self._sources: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            if not unit.held_out:
                self._sources[unit.group].append(unit)
        self._left: dict[str, list[Unit]] = defaultdict(list)

    def batches(self, mixture: Mapping[str, float]) -> Iterator[Batch]:
        """Batches of at most ``tokens`` tokens after padding, from ``POOL`` units."""
        rows = self._rows(mixture)
        groups: list[list[int]] = [[]]
        count = 0
        for number in sorted(range(len(rows)), key=lambda n: max(len(row.ids) for row in rows[n])):
            longest = max(len(row.ids) for row in rows[number])
            count += len(rows[number])
            if groups[-1] and longest * count > self._tokens:
                groups.append([])
                count = len(rows[number])
            groups[-1].append(number)
        self._rng.shuffle(groups)
        for group in groups:
            yield collate([row for n in group for row in rows[n]], [n for n in group for _ in rows[n]])

    def _rows(self, mixture: Mapping[str, float]) -> list[list[Row]]:
        """The rows of each drawn unit; one without question or passage is left out."""
        units = [self._draw(mixture) for _ in range(POOL)]
        flat = iter(encode(self._tokenizer, [example for unit in units for example in unit.examples]))
        found = [[next(flat) for _ in unit.examples] for unit in units]
        return [rows for rows in found if all({QUESTION, PASSAGE} <= set(row.segments) for row in rows)]

    def _draw(self, mixture: Mapping[str, float]) -> Unit:
        names = [name for name in mixture if name in self._sources]
        name = self._rng.choices(names, [mixture[name] for name in names])[0]
        if not self._left[name]:
            self._left[name] = self._rng.sample(self._sources[name], len(self._sources[name]))
        return self._left[name].pop()
