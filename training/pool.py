"""Draws training batches: weighted, disturbed, English kept in, similar lengths together."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from data import Pair
from encode import batches, pad
from noise import disturb

CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Batch:
    """Student tokens, the teacher rows they should land on, and which texts are English."""

    ids: Tensor
    mask: Tensor
    rows: list[int]
    english: Tensor


class Pool:
    """An endless stream of batches from weighted pairs and their teacher rows."""

    def __init__(self, pairs: Sequence[Pair], rows: Sequence[int], tokenizer: Tokenizer, seed: int) -> None:
        self._pairs, self._rows, self._tokenizer = pairs, rows, tokenizer
        self._cumulative = list(itertools.accumulate(pair.weight for pair in pairs))
        self._chance = random.Random(seed)

    def _text(self, pair: Pair, english: float, noise: float) -> tuple[str, bool]:
        if self._chance.random() < english:
            return pair.english, True
        if self._chance.random() < noise:
            return disturb(pair.text, pair.lang, self._chance), False
        return pair.text, False

    def stream(self, tokens: int, english: float, noise: float) -> Iterator[Batch]:
        """Batches of about ``tokens`` tokens; ``english`` and ``noise`` are shares of the texts."""
        everything = range(len(self._pairs))
        while True:
            drawn = self._chance.choices(everything, cum_weights=self._cumulative, k=CHUNK)
            texts = [self._text(self._pairs[i], english, noise) for i in drawn]
            encoded = [e.ids for e in self._tokenizer.encode_batch([text for text, _ in texts])]
            groups = batches([len(ids) for ids in encoded], tokens)
            self._chance.shuffle(groups)
            for group in groups:
                ids, mask = pad([encoded[i] for i in group])
                kept = torch.tensor([texts[i][1] for i in group])
                yield Batch(ids, mask, [self._rows[drawn[i]] for i in group], kept)


def device(name: str) -> torch.device:
    """``auto`` is a GPU where there is one."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)
