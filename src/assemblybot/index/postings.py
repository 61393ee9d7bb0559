"""An inverted index as arrays, and how they are made from lists of terms.

The weight of a term in an entry is BM25's share of it without idf (Lucene's variant):
tf / (tf + k1 · (1 - b + b · length / average length)). Terms are known by a 64-bit hash, so
that a vocabulary of any size is one sorted array that is mapped, not read. A posting is 32 bits:
the number of its entry, then tf in the lowest `TIMES_BITS`; most of an index is postings.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import IndexBuildError
from assemblybot.index import base

_K1: Final = 1.5
_B: Final = 0.75
_TERMS_A_RUN: Final = 4_000_000
TIMES_BITS: Final = 6
# Higher frequencies are cut to this one, for which tf / (tf + norm) is close to 1.
MOST_TIMES: Final = (1 << TIMES_BITS) - 1
MOST_ENTRIES: Final = 1 << (32 - TIMES_BITS)
#: Of a large index, the share of entries above which a term has no postings.
COMMON_WORDS: Final = 0.1


def term_hash(term: str) -> int:
    """64 bits by which a term is known."""
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class Postings:
    """Term t, known by `terms[t]`, is held by `frequencies[t]` entries: those of
    `packed[starts[t] : starts[t + 1]]`, ascending (none for a common term). `norms[v]` is
    k1 · (1 - b + b · length / average) of entry v; `average` is the mean length, in terms.
    A term that more than the share `common` of the entries of a large index holds tells them hardly
    apart: it keeps its frequency but no postings, which would be most of all.
    """

    terms: NDArray[np.uint64]
    frequencies: NDArray[np.int32]
    starts: NDArray[np.int64]
    packed: NDArray[np.uint32]
    norms: NDArray[np.float32]
    average: float
    common: float

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self.norms)

    def of(self, term: int) -> NDArray[np.uint32]:
        """The packed postings of the term of this number."""
        return self.packed[self.starts[term] : self.starts[term + 1]]

    def unpacked(self, packed: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """Entries of some postings and the weights of the terms in them."""
        entries = packed >> np.uint32(TIMES_BITS)
        times = (packed & np.uint32(MOST_TIMES)).astype(np.float32)
        return entries, times / (times + self.norms[entries])


class _Run(NamedTuple):
    """Postings of some entries in a row: term `terms[i]` has the next `counts[i]` of `packed`."""

    terms: NDArray[np.int64]
    counts: NDArray[np.int64]
    packed: NDArray[np.uint32]


def build_postings(
    entries: Iterable[Sequence[str]], common: float = 1.0, average: float | None = None
) -> Postings:
    """Postings of one list of terms an entry; the same lists always give the same arrays.

    `average` is the mean length to weigh by, when these entries join others. Raises IndexBuildError
    where there are too many entries for the bits of a posting, and in the unlikely case that two terms
    have the same hash.
    """
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    lengths, ids, first = array("i"), array("i"), 0
    runs: list[_Run] = []
    for terms in entries:
        ids.extend(map(numbers.__getitem__, terms))
        lengths.append(len(terms))
        if len(ids) >= _TERMS_A_RUN:
            runs.append(_run(ids, lengths[first:], first))
            ids, first = array("i"), len(lengths)
    runs.append(_run(ids, lengths[first:], first))
    hashes = np.fromiter(map(term_hash, numbers), dtype=np.uint64, count=len(numbers))
    if len(np.unique(hashes)) < len(hashes):
        raise IndexBuildError("Two terms of the corpus have the same hash. Change one of its documents.")
    of_entries = np.asarray(lengths, dtype=np.float32)
    mean = average if average is not None else float(of_entries.mean()) if len(of_entries) else 0.0
    norms = (_K1 * (1 - _B + _B * of_entries / max(mean, 1e-9))).astype(np.float32)
    order = np.argsort(hashes)
    number_of = np.argsort(order)
    runs = [run._replace(terms=number_of[run.terms]) for run in runs]
    frequencies = np.zeros(len(hashes), dtype=np.int64)
    for run in runs:
        frequencies[run.terms] += run.counts
    without: NDArray[np.bool_] = np.zeros(len(hashes), dtype=np.bool_)
    return _assembled(hashes[order], frequencies, without, runs, norms, mean, common)


def extended(old: Postings, new: Postings) -> Postings:
    """`old` with the entries of `new`, where no term is common, after its own.

    A common term of `old` stays without postings, and one that is common now loses them.
    Raises IndexBuildError where that makes too many entries.
    """
    terms = np.union1d(old.terms, new.terms)
    among_old, among_new = np.searchsorted(terms, old.terms), np.searchsorted(terms, new.terms)
    frequencies = np.zeros(len(terms), dtype=np.int64)
    frequencies[among_old] += old.frequencies
    frequencies[among_new] += new.frequencies
    without: NDArray[np.bool_] = np.zeros(len(terms), dtype=np.bool_)
    without[among_old] = np.diff(old.starts) == 0
    shift = np.uint32(old.count << TIMES_BITS)
    runs = [
        _Run(among_old, np.diff(old.starts), old.packed),
        _Run(among_new, np.diff(new.starts), new.packed + shift),
    ]
    norms = np.concatenate([old.norms, new.norms])
    return _assembled(terms, frequencies, without, runs, norms, old.average, old.common)


def _run(ids: array[int], lengths: array[int], first: int) -> _Run:
    """Count the terms of consecutive entries, the first of which is entry `first`."""
    size = max(len(lengths), 1)
    entries = np.repeat(np.arange(len(lengths)), lengths)
    keys, times = np.unique(np.asarray(ids, dtype=np.int64) * size + entries, return_counts=True)
    terms, counts = np.unique(keys // size, return_counts=True)
    held = first + keys % size
    return _Run(terms, counts, (held << TIMES_BITS | np.minimum(times, MOST_TIMES)).astype(np.uint32))


def _assembled(
    terms: NDArray[np.uint64],
    frequencies: NDArray[np.int64],
    without: NDArray[np.bool_],
    runs: Sequence[_Run],
    norms: NDArray[np.float32],
    average: float,
    common: float,
) -> Postings:
    """Runs put together; no postings for the terms that are `without` them already and for common ones."""
    if len(norms) > MOST_ENTRIES:
        raise IndexBuildError(
            f"One index holds at most {MOST_ENTRIES:,} entries, and this corpus makes {len(norms):,}. "
            "Split its documents over several corpora, each with an index of its own."
        )
    most = common * len(norms) if len(norms) >= base.MANY_ENTRIES else len(norms)
    kept = (frequencies <= most) & ~without
    starts = np.concatenate([[0], np.cumsum(np.where(kept, frequencies, 0))])
    packed = np.empty(starts[-1], dtype=np.uint32)
    following = starts[:-1].copy()
    for run in runs:
        places = _places(following[run.terms], run.counts)
        held = np.repeat(kept[run.terms], run.counts)
        packed[places[held]] = run.packed[held]
        following[run.terms] += run.counts
    return Postings(terms, frequencies.astype(np.int32), starts, packed, norms, average, common)


def _places(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """`counts[i]` consecutive places from `starts[i]` on, for every i, one after the other."""
    ends = np.cumsum(counts)
    places: NDArray[np.int64] = np.repeat(starts - (ends - counts), counts) + np.arange(counts.sum())
    return places
