"""A question against every view, and the views grouped by passage into features.

Three legs (dense vectors, word postings, character n-grams) score views; for each passage the
best score of each leg over each group of views is one feature, and so is the mean of its three
best asked views; five more say what kind of passage it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import PassageKind
from assemblybot.index import scale
from assemblybot.index.documents import PASSAGE_KINDS
from assemblybot.index.index import KIND, PASSAGE, Index
from assemblybot.index.rows import ALL, NONE, Rows, Scores
from assemblybot.index.views import KINDS, ViewKind
from assemblybot.text.language import Language
from assemblybot.text.terms import gram_terms, word_terms

LEGS: Final = ("dense", "words", "grams")
GROUPS: Final[dict[str, tuple[ViewKind, ...]]] = {
    "original": (ViewKind.ORIGINAL,),
    "part": (ViewKind.SENTENCE, ViewKind.CLAUSE),
    "context": (ViewKind.CONTEXT,),
    "translation": (ViewKind.TRANSLATION,),
    "asked": (ViewKind.ASKED,),
}
# A passage without views of a group takes the score of its nearest other group.
_INSTEAD: Final = {
    "part": "original",
    "context": "original",
    "translation": "context",
    "asked": "context",
}
_ASKED: Final = list(GROUPS).index("asked")
_GROUP_OF_KIND: Final = np.array(
    [next((n for n, kinds in enumerate(GROUPS.values()) if kind in kinds), -1) for kind in KINDS]
)
_SEVERAL: Final = "asked, mean of 3"
_KINDS: Final = tuple(kind for kind in PassageKind if kind is not PassageKind.PARAGRAPH)
FEATURES: Final = (
    *(f"{leg}:{group}" for leg in LEGS for group in (*GROUPS, _SEVERAL)),
    *(f"kind:{kind}" for kind in _KINDS),
)

# In a large index, each leg is asked for so many views, and for four times as many again until
# they belong to enough passages: many views may be of one.
_DEPTHS: Final = (128, 512, 2048)
_ENOUGH_PASSAGES: Final = 64

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ViewScores:
    """Scores of the views in `rows` (ascending) for one question, each of shape `(r,)`."""

    dense: Scores
    words: Scores
    grams: Scores
    rows: Rows = field(default_factory=lambda: ALL)

    def numbers(self, total: int) -> NDArray[np.int64]:
        """The rows that have scores, of `total` there are."""
        return np.arange(total)[self.rows] if isinstance(self.rows, slice) else self.rows

    def holds(self, rows: NDArray[np.int64]) -> bool:
        """Whether each of `rows` has scores; in a large index, only what was found has."""
        return isinstance(self.rows, slice) or bool(np.isin(rows, self.rows).all())

    def of(self, leg: str, rows: NDArray[np.int64]) -> Scores:
        """Scores by one leg of `rows`, each of which has one."""
        scores: Scores = getattr(self, leg)
        return scores[rows if isinstance(self.rows, slice) else np.searchsorted(self.rows, rows)]


@dataclass(frozen=True, slots=True)
class PassageFeatures:
    """`passages` `(c,)`: positions of the candidates; `values` `(c, len(FEATURES))`."""

    passages: NDArray[np.int64]
    values: Scores


def score_views(
    index: Index, vector: NDArray[np.float32], text: str, language: Language, left_out: Numbers = NONE
) -> ViewScores:
    """Score views for a question with its vector `(d,)`: all of them, or in a large index those
    of the passages of which some leg finds a view, and the open questions of their documents.

    The rows in `left_out` (held-out questions) find nothing.
    """
    words, grams = word_terms(text, language), gram_terms(text)
    rows: Rows = ALL
    if len(index.table) >= scale.MANY_VIEWS:
        rows = _rows_of_passages(index, _found(index, vector, words, grams, left_out))
    return ViewScores(
        dense=index.vectors.scores(vector, rows),
        words=index.words.scores(words, rows),
        grams=index.grams.scores(grams, rows),
        rows=rows,
    )


def _found(
    index: Index, vector: NDArray[np.float32], words: list[str], grams: list[str], left_out: Numbers
) -> Numbers:
    """Passages (ascending) that some leg finds, and numbers past them for documents of which an
    open question is found."""
    passages = NONE
    for depth in _DEPTHS:
        _, nearest = index.vectors.search(vector[np.newaxis, :], depth)
        found = [nearest[0][nearest[0] >= 0]]
        found += [index.words.search(words, depth)[1], index.grams.search(grams, depth)[1]]
        rows = np.setdiff1d(np.concatenate(found), left_out)
        passages = np.unique(index.table[rows, PASSAGE]).astype(np.int64)
        if np.searchsorted(passages, len(index.passages)) >= _ENOUGH_PASSAGES:
            break
    return passages


def _rows_of_passages(index: Index, found: Numbers) -> Numbers:
    """Rows of all views of the passages in `found` and of their documents' open questions.

    Where only open questions were found, the passages are all those of their documents.
    """
    count = len(index.passages)
    passages = found[found < count]
    if not len(passages):
        firsts = index.first_passages
        passages = np.concatenate([np.arange(firsts[n], firsts[n + 1]) for n in found - count])
    documents = np.searchsorted(index.first_passages, passages, side="right") - 1
    groups = np.union1d(passages, count + documents)
    spans = [np.arange(index.first_rows[group], index.first_rows[group + 1]) for group in groups]
    return np.concatenate(spans)


def passage_features(index: Index, scores: ViewScores, left_out: Numbers = NONE) -> PassageFeatures:
    """Group view scores by passage; rows in `left_out` count for nothing (held-out questions)."""
    candidates, rows, starts = _candidates(index, scores)
    group_of_row = _GROUP_OF_KIND[index.table[rows, KIND]]
    group_of_row = np.where(np.isin(rows, left_out), -1, group_of_row)
    columns: list[Scores] = []
    for leg in LEGS:
        leg_scores = scores.of(leg, rows)
        groups: dict[str, Scores] = {}
        for number, group in enumerate(GROUPS):
            masked = np.where(group_of_row == number, leg_scores, np.float32(-np.inf))
            best = np.maximum.reduceat(masked, starts)
            if group in _INSTEAD:
                best = np.where(np.isfinite(best), best, groups[_INSTEAD[group]])
            groups[group] = best
        columns += groups.values()
        asked = np.where(group_of_row == _ASKED, leg_scores, np.float32(-np.inf))
        several = _mean_of_best(asked, starts)
        columns.append(np.where(np.isfinite(several), several, columns[-1]))
    kinds = index.kinds[candidates]
    columns += [(kinds == PASSAGE_KINDS.index(kind)).astype(np.float32) for kind in _KINDS]
    return PassageFeatures(candidates, np.stack(columns, axis=1))


def _mean_of_best(scores: Scores, starts: NDArray[np.int64], count: int = 3) -> Scores:
    """Mean of the `count` best distinct scores of each segment; the last found repeats."""
    lengths = np.diff(np.append(starts, len(scores)))
    found: list[Scores] = []
    for _ in range(count):
        best = np.maximum.reduceat(scores, starts)
        found.append(np.where(np.isfinite(best), best, found[-1]) if found else best)
        scores = np.where(scores == np.repeat(best, lengths), np.float32(-np.inf), scores)
    mean: Scores = np.mean(found, axis=0, dtype=np.float32)
    return mean


def _candidates(index: Index, scores: ViewScores) -> tuple[Numbers, Numbers, Numbers]:
    """Candidate passages, the rows of their views, and where each passage's rows begin."""
    rows = scores.numbers(len(index.table))
    rows = rows[: np.searchsorted(rows, index.first_rows[len(index.passages)])]
    passages = index.table[rows, PASSAGE]
    starts = np.flatnonzero(np.diff(passages, prepend=-1))
    return passages[starts].astype(np.int64), rows, starts
