"""The start of each new token: IBM Model 1 over the parallel text, then a weighted average.

P. Brown et al., "The Mathematics of Statistical Machine Translation", Computational Linguistics
19(2), 1993. Only Model 1's word translation table is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

MAX_TOKENS = 24
ROUNDS = 5
#: translations below this share are noise; at most ``KEEP`` of them are averaged
MIN_SHARE, KEEP = 0.05, 6
#: [unused0] stands for "no English word" and takes what fits nowhere
NULL = 1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def cooccurrences(
    foreign: Sequence[Sequence[int]], english: Sequence[Sequence[int]]
) -> tuple[Ints, Ints, Ints]:
    """Every (foreign position, foreign token, English token) of the aligned sentences."""
    positions, sources, targets = [], [], []
    offset = 0
    for left, right in zip(foreign, english, strict=True):
        ours = np.asarray(left[:MAX_TOKENS], np.int64)
        theirs = np.asarray([NULL, *right[:MAX_TOKENS]], np.int64)
        positions.append(np.repeat(np.arange(offset, offset + len(ours)), len(theirs)))
        sources.append(np.repeat(ours, len(theirs)))
        targets.append(np.tile(theirs, len(ours)))
        offset += len(ours)
    return np.concatenate(positions), np.concatenate(sources), np.concatenate(targets)


def translation_table(
    foreign: Sequence[Sequence[int]], english: Sequence[Sequence[int]], size: int
) -> sparse.csr_array:
    """``p(english token | foreign token)`` as a sparse ``(size, size)`` table.

    Expectation-maximisation of p(foreign | english); the expected counts are then read the other
    way round, which is what an average over English tokens needs.
    """
    position, source, target = cooccurrences(foreign, english)
    keys, cell = np.unique(source * size + target, return_inverse=True)
    cell = cell.astype(np.int32)
    of_target = keys % size
    share: Floats = np.full(len(keys), 1.0)
    counts: Floats = share
    for _ in range(ROUNDS):
        weight = share[cell]
        weight /= np.bincount(position, weight)[position]
        counts = np.bincount(cell, weight, minlength=len(keys)).astype(np.float64)
        share = counts / np.bincount(of_target, counts, minlength=size)[of_target]
    return sparse.csr_array((counts, (keys // size, of_target)), shape=(size, size))


def start(
    table: NDArray[np.float32], count: int, translations: sparse.csr_array
) -> tuple[NDArray[np.float32], int]:
    """Rows ``(count, width)`` for the tokens appended after ``table``, and how many were aligned.

    A row is the average of its English translations' rows, stretched to their average length. A
    token never seen takes the average of all the aligned ones.
    """
    border = len(table)
    norms = np.linalg.norm(table, axis=1)
    rows = np.zeros((count, table.shape[1]), np.float32)
    aligned = np.zeros(count, bool)
    for index in range(count):
        line = slice(*translations.indptr[border + index : border + index + 2])
        ids, found = translations.indices[line], translations.data[line]
        real = (ids != NULL) & (ids < border)
        ids, found = ids[real], found[real]
        if not len(ids) or found.sum() <= 0:
            continue
        best = np.argsort(-found)[:KEEP]
        shares = found[best] / found.sum()
        enough = shares >= min(MIN_SHARE, shares[0])
        ids, shares = ids[best][enough], shares[enough] / shares[enough].sum()
        row = shares @ table[ids]
        rows[index] = row * (shares @ norms[ids]) / max(float(np.linalg.norm(row)), 1e-6)
        aligned[index] = True
    rows[~aligned] = rows[aligned].mean(axis=0)
    return rows, int(aligned.sum())
