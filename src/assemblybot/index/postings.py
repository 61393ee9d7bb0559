"""The arrays of lexical postings, and how they are made from lists of terms.

The weight of a term in a view is BM25's share of it without idf (Lucene's variant):
tf / (tf + k1 · (1 - b + b · length / average length)). Terms are known by a 64-bit hash, so
that a vocabulary of any size is one sorted array that is mapped, not read.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexBuildError
from assemblybot.index import scale
from assemblybot.index.vocabulary import term_hash

_K1: Final = 1.5
_B: Final = 0.75
_TERMS_A_RUN: Final = 4_000_000
# In a large index, a term that more than this share of the views holds tells them hardly apart:
# it keeps its idf but no postings, which would be most of all.
COMMON: Final = 0.1


@dataclass(frozen=True, slots=True)
class Postings:
    """Term t, known by `terms[t]`, is held by `frequencies[t]` views: those in
    `views[starts[t] : starts[t + 1]]`, ascending, with `weights` in the same places (none for
    a common term). `average` is the mean length of the `count` views, in terms.
    """

    terms: NDArray[np.uint64]
    frequencies: NDArray[np.int32]
    starts: NDArray[np.int64]
    views: NDArray[np.int32]
    weights: NDArray[np.float16]
    count: int
    average: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings of some views in a row: `terms[i]` has the next `counts[i]` of `views`."""

    terms: NDArray[np.int64]
    counts: NDArray[np.int64]
    views: NDArray[np.int32]
    times: NDArray[np.uint16]


def build_postings(views: Iterable[Sequence[str]], average: float | None = None) -> Postings:
    """Postings of one list of terms a view; the same lists always give the same arrays.

    `average` is the mean length to weigh by, when these views join others; which terms are common
    is then for `extended` to say. Raises IndexBuildError in the unlikely case that two terms have
    the same hash.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    lengths, ids, runs, first = array("i"), array("i"), [], 0
    for terms in views:
        ids.extend(map(numbers.__getitem__, terms))
        lengths.append(len(terms))
        if len(ids) >= _TERMS_A_RUN:
            runs.append(_run(ids, lengths[first:], first))
            ids, first = array("i"), len(lengths)
    runs.append(_run(ids, lengths[first:], first))
    hashes = np.fromiter(map(term_hash, numbers), dtype=np.uint64, count=len(numbers))
    if len(np.unique(hashes)) < len(hashes):
        raise IndexBuildError("Two terms of the corpus have the same hash. Change one of its documents.")
    of_views = np.asarray(lengths, dtype=np.float32)
    mean = average if average is not None else float(of_views.mean()) if len(of_views) else 0.0
    norms = _K1 * (1 - _B + _B * of_views / max(mean, 1e-9))
    return _assembled(hashes, runs, norms.astype(np.float32), mean, pruned=average is None)


def _run(ids: array[int], lengths: array[int], first: int) -> _Run:
    """Count the terms of consecutive views, the first of which is view `first`."""
    size = max(len(lengths), 1)
    views = np.repeat(np.arange(len(lengths)), lengths)
    keys, times = np.unique(np.asarray(ids, dtype=np.int64) * size + views, return_counts=True)
    terms, counts = np.unique(keys // size, return_counts=True)
    held = (first + keys % size).astype(np.int32)
    return _Run(terms, counts, held, np.minimum(times, 65535).astype(np.uint16))


def _assembled(
    hashes: NDArray[np.uint64],
    runs: Sequence[_Run],
    norms: NDArray[np.float32],
    average: float,
    *,
    pruned: bool,
) -> Postings:
    """Runs put together, terms in the order of their hashes; common ones without postings if `pruned`."""
    frequencies = np.zeros(len(hashes), dtype=np.int64)
    for run in runs:
        frequencies[run.terms] += run.counts
    kept = frequencies <= (_most_held(len(norms)) if pruned else len(norms))
    order = np.argsort(hashes)
    starts = np.concatenate([[0], np.cumsum(np.where(kept, frequencies, 0)[order])])
    views = np.empty(starts[-1], dtype=np.int32)
    weights = np.empty(starts[-1], dtype=np.float16)
    following = np.empty(len(hashes), dtype=np.int64)
    following[order] = starts[:-1]
    for run in runs:
        places = _places(following[run.terms], run.counts)
        held = np.repeat(kept[run.terms], run.counts)
        times = run.times[held].astype(np.float32)
        views[places[held]] = run.views[held]
        weights[places[held]] = times / (times + norms[run.views[held]])
        following[run.terms] += run.counts
    return Postings(
        hashes[order], frequencies[order].astype(np.int32), starts, views, weights, len(norms), average
    )


def _most_held(count: int) -> float:
    """How many of `count` views may hold a term that keeps its postings."""
    return COMMON * count if count >= scale.MANY_VIEWS else count


def _places(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """`counts[i]` consecutive places from `starts[i]` on, for every i, one after the other."""
    ends = np.cumsum(counts)
    places: NDArray[np.int64] = np.repeat(starts - (ends - counts), counts) + np.arange(counts.sum())
    return places


def extended(base: Postings, more: Postings) -> Postings:
    """`base` with the views of `more`, none of them pruned, after its own.

    A common term of `base` stays without postings, and one that is common now loses them.
    """
    terms = np.union1d(base.terms, more.terms)
    frequencies = np.zeros(len(terms), dtype=np.int32)
    sizes = np.zeros(len(terms), dtype=np.int64)
    places: list[Any] = []
    for part in (base, more):
        at = np.searchsorted(terms, part.terms)
        frequencies[at] += part.frequencies
        places.append((at, np.diff(part.starts)))
    at, held = places[0]
    common = frequencies > _most_held(base.count + more.count)
    common[at] |= held == 0
    for at, held in places:
        sizes[at] += held
    sizes[common] = 0
    starts = np.concatenate([[0], np.cumsum(sizes)])
    views = np.empty(starts[-1], dtype=np.int32)
    weights = np.empty(starts[-1], dtype=np.float16)
    following = starts[:-1].copy()
    for part, offset, (at, held) in zip((base, more), (0, base.count), places, strict=True):
        kept = np.repeat(~common[at], held)
        target = _places(following[at], held)[kept]
        views[target] = np.asarray(part.views)[kept] + offset
        weights[target] = np.asarray(part.weights)[kept]
        following[at] += held
    return Postings(terms, frequencies, starts, views, weights, base.count + more.count, base.average)
