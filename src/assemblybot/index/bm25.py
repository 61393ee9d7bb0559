"""The lexical retriever: BM25 over the terms of every entry.

Scores are given as a share of what an entry could reach at most for the question, so that they
compare over questions: an entry scores at most the sum of the idf of all question terms, known or not.
Formula of idf: ln(1 + (N - df + 0.5) / (df + 0.5)).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexDamagedError
from assemblybot.index.base import ALL, Rows, Scores
from assemblybot.index.manifest import REBUILD
from assemblybot.index.postings import MOST_TIMES, TIMES_BITS, Postings, build_postings, extended, term_hash

#: Files of a vocabulary, and of the postings beside it.
VOCABULARY: Final = ("terms", "frequencies", "starts")
_ARRAYS: Final = (*VOCABULARY, "packed", "norms")
_SHAPE: Final = "shape.json"
_NUMBERS: Final = ("average", "common")
# Postings of a question's rarest terms that a search reads; the other terms only add to what
# these have found.
_READ: Final = 300_000
# Entries that the rarest terms find, for each that is asked for.
_WIDER: Final = 4
_BLOCK: Final = 256


class LexicalIndex(ABC):
    """The terms of entries 0 … n-1. How often and where they stand is known to the subclass.

    Term t, known by its hash `terms[t]` (uint64, ascending), is held by `frequencies[t]` (int32) of `count`
    entries. Its postings are number `starts[t]` to `starts[t + 1]` (int64), none if it is too common.
    """

    def __init__(
        self,
        terms: NDArray[np.uint64],
        frequencies: NDArray[np.int32],
        starts: NDArray[np.int64],
        count: int,
    ) -> None:
        self.terms = terms
        self.frequencies = frequencies
        self.starts = starts
        self._count = count
        self._unknown_idf = float(np.log1p((count + 0.5) / 0.5))

    @abstractmethod
    def search(self, terms: Sequence[str], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """Scores, best first, and rows of up to `k` entries that hold some of `terms`."""

    @abstractmethod
    def scores(self, terms: Sequence[str], rows: Rows = ALL) -> Scores:
        """Share of the highest reachable score, in [0, 1], of each entry in `rows` (ascending)."""

    def __len__(self) -> int:
        return self._count

    def weigh(self, terms: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
        """Numbers and idf of the distinct terms that are scored, and the highest reachable score.

        An entry reaches at most the sum of the idf of all terms, known or not, but not common ones.
        """
        known, unknown = self._numbers(terms)
        scored = known[self.starts[known] < self.starts[known + 1]]
        frequencies = self.frequencies[scored]
        idf = np.log1p((len(self) - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
        return scored, idf, max(float(idf.sum()) + self._unknown_idf * unknown, 1e-9)

    def knows(self, term: str) -> bool:
        """True when some entry holds `term`."""
        return self._numbers([term])[1] == 0

    def _numbers(self, terms: Sequence[str]) -> tuple[NDArray[np.int64], int]:
        """Numbers of the distinct terms that some entry holds, and how many there are besides."""
        hashes = np.array(sorted(map(term_hash, set(terms))), dtype=np.uint64)
        at = np.searchsorted(self.terms, hashes)
        at = at[at < len(self.terms)]
        known = at[self.terms[at] == hashes[: len(at)]]
        return known, len(hashes) - len(known)


def load_arrays(folder: Path, names: Iterable[str]) -> dict[str, Any]:
    """Arrays of these names, mapped. Raises OSError or ValueError."""
    # As plain arrays, since every slice of a `memmap` is a `memmap`, which takes microseconds to make.
    return {
        name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
        for name in names
    }


class BM25(LexicalIndex):
    """An inverted index in memory or mapped from disk."""

    def __init__(self, postings: Postings) -> None:
        super().__init__(postings.terms, postings.frequencies, postings.starts, postings.count)
        self._postings = postings

    @classmethod
    def build(cls, terms: Iterable[Sequence[str]], common: float = 1.0) -> BM25:
        """Index one list of terms an entry.

        In a large index, a term that more than the share `common` of the entries holds has no postings.
        """
        return cls(build_postings(terms, common))

    @classmethod
    def load(cls, folder: Path, count: int) -> BM25:
        """Map saved postings of `count` entries. Raises IndexDamagedError."""
        try:
            shape = json.loads((folder / _SHAPE).read_text(encoding="utf-8"))
            arrays = load_arrays(folder, _ARRAYS)
            postings = Postings(**arrays, **shape)
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamagedError(f"The word postings of the index cannot be read. {REBUILD}") from error
        if postings.count != count:
            raise IndexDamagedError(f"The word postings do not fit the manifest. {REBUILD}")
        return cls(postings)

    def extended(self, terms: Iterable[Sequence[str]]) -> BM25:
        """With the terms of more entries, weighed by the mean length of those there are."""
        return BM25(extended(self._postings, build_postings(terms, average=self._postings.average)))

    def save(self, folder: Path) -> None:
        """Write the postings into an existing folder."""
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self._postings, name), allow_pickle=False)
        shape = {name: getattr(self._postings, name) for name in _NUMBERS}
        (folder / _SHAPE).write_text(json.dumps(shape) + "\n", encoding="utf-8")

    def search(self, terms: Sequence[str], k: int) -> tuple[Scores, NDArray[np.int64]]:
        """See `LexicalIndex`. The rarest terms find, all terms score."""
        numbers, weights, _ = self.weigh(terms)
        frequencies = self._postings.frequencies[numbers]
        rarest = np.argsort(frequencies, kind="stable")
        read = int(np.searchsorted(np.cumsum(frequencies[rarest]), _READ))
        total = np.zeros(-(-len(self) // _BLOCK) * _BLOCK, dtype=np.float32)
        for at in rarest[: max(read, 1)]:
            entries, shares = self._postings.unpacked(self._postings.of(numbers[at]))
            total[entries] += weights[at] * shares
        rows = np.sort(_highest(total, _WIDER * k))
        scores = self.scores(terms, rows)
        best = np.lexsort((rows, -scores))[:k]
        return scores[best], rows[best]

    def scores(self, terms: Sequence[str], rows: Rows = ALL) -> Scores:
        """See `LexicalIndex`."""
        numbers, weights, reachable = self.weigh(terms)
        parts = [(self._postings.of(number), idf) for number, idf in zip(numbers, weights, strict=True)]
        if isinstance(rows, slice):
            return (self._all(parts) / reachable).astype(np.float32)[rows]
        total, norms = np.zeros(len(rows), dtype=np.float32), self._postings.norms[rows]
        wanted = rows.astype(np.uint32)
        least = wanted << TIMES_BITS
        for packed, idf in parts:
            at = np.searchsorted(packed, least)
            at[at == len(packed)] = 0
            found = packed[at]
            times = np.where(found >> TIMES_BITS == wanted, found & MOST_TIMES, 0).astype(np.float32)
            total += idf * (times / (times + norms))
        return total / np.float32(reachable)

    def weights_by_entry(self) -> Iterator[dict[int, float]]:
        """Term numbers and weights of each entry in turn; entries without terms give nothing."""
        terms = np.repeat(np.arange(len(self._postings.terms)), np.diff(self._postings.starts))
        entries, weights = self._postings.unpacked(self._postings.packed)
        order = np.argsort(entries, kind="stable")
        first = np.searchsorted(entries[order], np.arange(len(self) + 1))
        for begin, end in pairwise(first.tolist()):
            held = order[begin:end]
            yield dict(zip(terms[held].tolist(), weights[held].tolist(), strict=True))

    def _all(self, parts: Sequence[tuple[NDArray[np.uint32], np.float32]]) -> NDArray[np.float64]:
        if not parts:
            return np.zeros(len(self))
        entries, weights = self._postings.unpacked(np.concatenate([packed for packed, _ in parts]))
        idf = np.repeat([idf for _, idf in parts], [len(packed) for packed, _ in parts])
        return np.bincount(entries, weights=idf * weights, minlength=len(self)).astype(np.float64, copy=False)


def _highest(scores: Scores, k: int) -> NDArray[np.int64]:
    """Rows of the up to `k` highest positive scores; `scores` holds whole blocks.

    At least k scores reach the k-th highest maximum of a block, so only such are sorted.
    """
    maxima = scores.reshape(-1, _BLOCK).max(axis=1)
    least = np.partition(maxima, -k)[-k] if len(maxima) > k else np.float32(0)
    rows = np.flatnonzero((scores >= least) & (scores > 0))
    return rows[np.argsort(-scores[rows], kind="stable")[:k]]
