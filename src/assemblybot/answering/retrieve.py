"""A question against every view, and the views grouped by passage into features.

Three legs (dense vectors, word postings, character n-grams) score views; for each passage the
best score of each leg over each group of views is one feature, and so is the mean of its three
best asked views; five more say what kind of passage it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import PassageKind
from assemblybot.index.index import KIND, PASSAGE, Index
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
_INSTEAD: Final = {"part": "original", "translation": "context", "asked": "context"}
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

_ALL_VIEWS_UP_TO: Final = 8192
_DEPTH: Final = 512

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ViewScores:
    """Scores of every view for one question, each of shape `(n,)`."""

    dense: Scores
    words: Scores
    grams: Scores


@dataclass(frozen=True, slots=True)
class PassageFeatures:
    """`passages` `(c,)`: positions of the candidates; `values` `(c, len(FEATURES))`."""

    passages: NDArray[np.int64]
    values: Scores


def score_views(index: Index, vector: Scores, text: str, language: Language) -> ViewScores:
    """Score every view for a question with its vector `(d,)`.

    Beyond the depth of a dense search, a view gets the lowest score found.
    """
    return ViewScores(
        dense=_dense(index, vector),
        words=index.words.scores(word_terms(text, language)),
        grams=index.grams.scores(gram_terms(text)),
    )


def _dense(index: Index, vector: Scores) -> Scores:
    total = len(index.vectors)
    exact = index.vectors.score_all(vector) if total <= _ALL_VIEWS_UP_TO else None
    if exact is not None:
        return exact
    found, positions = index.vectors.search(vector[np.newaxis, :], min(total, _DEPTH))
    known = positions[0] >= 0
    scores = np.full(total, found[0][known].min(initial=1.0), dtype=np.float32)
    scores[positions[0][known]] = found[0][known]
    return scores


def passage_features(
    index: Index, scores: ViewScores, left_out: NDArray[np.bool_] | None = None
) -> PassageFeatures:
    """Group view scores by passage; rows in `left_out` count for nothing (held-out questions)."""
    candidates, rows, starts = _candidates(index, scores)
    group_of_row = _GROUP_OF_KIND[index.table[rows, KIND]]
    if left_out is not None:
        group_of_row = np.where(left_out[rows], -1, group_of_row)
    columns: list[Scores] = []
    for leg in LEGS:
        leg_scores = getattr(scores, leg)[rows]
        groups: dict[str, Scores] = {}
        for number, group in enumerate(GROUPS):
            masked = np.where(group_of_row == number, leg_scores, np.float32(-np.inf))
            groups[group] = np.maximum.reduceat(masked, starts)
        for group in GROUPS:
            best = groups[group]
            if group in _INSTEAD:
                best = np.where(np.isfinite(best), best, groups[_INSTEAD[group]])
            columns.append(best)
        asked = np.where(group_of_row == _ASKED, leg_scores, np.float32(-np.inf))
        several = _mean_of_best(asked, starts)
        columns.append(np.where(np.isfinite(several), several, columns[-1]))
    kinds = np.array([index.passages[candidate].kind for candidate in candidates])
    columns += [(kinds == kind).astype(np.float32) for kind in _KINDS]
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


def _candidates(
    index: Index, scores: ViewScores
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Candidate passages, the rows of their views, and where each passage's rows begin."""
    first = index.first_rows
    count = len(index.passages)
    if len(index.table) <= _ALL_VIEWS_UP_TO:
        return np.arange(count), np.arange(first[count]), first[:count]
    best = [np.argpartition(-getattr(scores, leg), _DEPTH)[:_DEPTH] for leg in LEGS]
    found = np.unique(index.table[np.concatenate(best), PASSAGE])
    candidates = found[found < count].astype(np.int64)
    spans = [np.arange(first[c], first[c + 1]) for c in candidates]
    starts = np.cumsum([0] + [len(span) for span in spans[:-1]])
    return candidates, np.concatenate(spans), starts
