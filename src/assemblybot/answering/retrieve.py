"""A question against every entry, and the entries grouped by passage into features.

Two retrievers (dense vectors, word postings) score entries; for each passage the best score of each
retriever over each group of entries is one feature. Questions stored beside a document are a group of
their own, whose features are 0 for passages without any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.query import Query
from assemblybot.index import base
from assemblybot.index.base import ALL, Rows, Scores, row_numbers
from assemblybot.index.entries import KIND, KINDS, PASSAGE, EntryKind
from assemblybot.index.index import Index
from assemblybot.text.terms import word_terms

RETRIEVERS: Final = ("dense", "words")
GROUPS: Final[dict[str, tuple[EntryKind, ...]]] = {
    "original": (EntryKind.ORIGINAL,),
    "part": (EntryKind.SENTENCE, EntryKind.CLAUSE),
    "context": (EntryKind.CONTEXT,),
    "translation": (EntryKind.TRANSLATION,),
}
# A passage without entries of a group takes the score of its nearest other group.
_INSTEAD: Final = {"part": "original", "context": "original", "translation": "context"}
_GROUP_OF_KIND: Final = np.array(
    [next((n for n, kinds in enumerate(GROUPS.values()) if kind in kinds), -1) for kind in KINDS]
)
_ASKED: Final = KINDS.index(EntryKind.ASKED)
#: Of a stored question, the retrievers that count; below such a cosine it does not.
_ASKED_RETRIEVERS: Final = {"dense": 0.3, "words": 0.0}
FEATURES: Final = (
    *(f"{retriever}:{group}" for retriever in RETRIEVERS for group in GROUPS),
    *(f"{retriever}:asked" for retriever in _ASKED_RETRIEVERS),
)

# In a large index, each retriever is asked for this many entries, then for four times as many, until they
# belong to enough passages, because many entries may belong to the same passage.
_DEPTHS: Final = (128, 512, 2048)
_ENOUGH_PASSAGES: Final = 64

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EntryScores:
    """Scores of the entries in `rows` (ascending) for one question, each of shape `(r,)`."""

    dense: Scores
    words: Scores
    rows: Rows = field(default_factory=lambda: ALL)

    def holds(self, rows: Numbers) -> bool:
        """Whether each of `rows` has scores; in a large index, only what was found has."""
        return isinstance(self.rows, slice) or bool(np.isin(rows, self.rows).all())

    def of(self, retriever: str, rows: Numbers) -> Scores:
        """Scores by one retriever of `rows`, each of which has one."""
        scores: Scores = getattr(self, retriever)
        return scores[rows if isinstance(self.rows, slice) else np.searchsorted(self.rows, rows)]


@dataclass(frozen=True, slots=True)
class Candidates:
    """`passages` `(c,)`: positions, ascending; `features` `(c, len(FEATURES))`."""

    passages: Numbers
    features: Scores


def score_entries(index: Index, query: Query) -> EntryScores:
    """Score entries for a question: all of them, or in a large index those of the passages of which some
    retriever finds an entry."""
    words = word_terms(query.text, query.language)
    rows: Rows = ALL
    if len(index.table) >= base.MANY_ENTRIES:
        rows = np.concatenate([index.rows_of(passage) for passage in _found(index, query.vector, words)])
    return EntryScores(
        dense=index.vectors.scores(query.vector, rows),
        words=index.words.scores(words, rows),
        rows=rows,
    )


def _found(index: Index, vector: NDArray[np.float32], words: list[str]) -> Numbers:
    """Passages (ascending) that some retriever finds."""
    passages: Numbers = np.empty(0, np.int64)
    for depth in _DEPTHS:
        found = [index.vectors.search(vector, depth)[1], index.words.search(words, depth)[1]]
        passages = np.unique(index.table[np.concatenate(found), PASSAGE]).astype(np.int64)
        if len(passages) >= _ENOUGH_PASSAGES:
            break
    return passages


def candidates(index: Index, scores: EntryScores) -> Candidates:
    """Group entry scores by passage."""
    rows = row_numbers(scores.rows, len(index.table))
    passage_of_row = index.table[rows, PASSAGE]
    starts = np.flatnonzero(np.diff(passage_of_row, prepend=-1))
    kinds = index.table[rows, KIND]
    group_of_row = _GROUP_OF_KIND[kinds]
    columns: list[Scores] = []
    for retriever in RETRIEVERS:
        retriever_scores = scores.of(retriever, rows)
        groups: dict[str, Scores] = {}
        for number, group in enumerate(GROUPS):
            best = _best(retriever_scores, group_of_row == number, starts)
            if group in _INSTEAD:
                best = np.where(np.isfinite(best), best, groups[_INSTEAD[group]])
            groups[group] = best
        columns += groups.values()
    for retriever, least in _ASKED_RETRIEVERS.items():
        asked = _best(scores.of(retriever, rows), kinds == _ASKED, starts)
        columns.append(np.maximum(asked - np.float32(least), 0))
    return Candidates(passage_of_row[starts].astype(np.int64), np.stack(columns, axis=1))


def _best(scores: Scores, counted: NDArray[np.bool_], starts: NDArray[np.int64]) -> Scores:
    """The best score of each passage among the rows that are `counted`; -inf where there is none."""
    best: Scores = np.maximum.reduceat(np.where(counted, scores, np.float32(-np.inf)), starts)
    return best
