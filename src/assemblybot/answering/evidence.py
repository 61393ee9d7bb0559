"""What the documents hold for one question: passages in order, readings of the first, and a confidence.

question → vector → features of every passage → ranking → the first few are read → order and confidence.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.calibration import SIGNALS, Calibration, reading_row
from assemblybot.answering.query import Query, query
from assemblybot.answering.question import has_only_function_words
from assemblybot.answering.reading import more_doubtful, read, read_original, translation_of
from assemblybot.answering.retrieve import (
    FEATURES,
    GROUPS,
    Candidates,
    EntryScores,
    candidates,
    score_entries,
)
from assemblybot.corpus.document import PassageKind
from assemblybot.embedding import Embedder
from assemblybot.embedding.cross_encoder import CrossEncoder, Reading
from assemblybot.index.index import Index
from assemblybot.text.language import Language
from assemblybot.text.values import all_numbers, codes, whole_numbers

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: The most passages that are read for one question.
MOST_READ: Final = 6
# Weight of the follow-up joined to the question before it; the follow-up alone has the weight 1.
_JOINED_SHARE: Final = 0.5
# The margin of a passage that is alone in its index.
_ALONE: Final = 5.0
# The number of passages below a heading that are read.
_MOST_BELOW: Final = 3
# The number of passages that are traced.
_TRACED: Final = 5
#: Documents whose numbers are kept in memory.
_KEPT_DOCUMENTS: Final = 256
_DENSE: Final = [FEATURES.index(f"dense:{group}") for group in GROUPS]
_WORDS: Final = [FEATURES.index(f"words:{group}") for group in GROUPS]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`passages`: positions, best first, with their `totals`, differences of which are log-odds.
    `readings` are in the question's language where a passage is translated, `originals` of passages as they
    stand. `signals` `(len(SIGNALS),)` are evidence that the first one answers."""

    query: Query
    scores: EntryScores
    candidates: Candidates
    passages: tuple[int, ...]
    totals: Floats
    readings: Mapping[int, Reading]
    originals: Mapping[int, Reading]
    signals: Floats
    confidence: float
    timings: Mapping[str, float]

    @property
    def probabilities(self) -> dict[int, float]:
        """The probability of each passage, best first, to be the right one, if any is."""
        odds = np.exp(self.totals - self.totals.max())
        return dict(zip(self.passages, (odds / odds.sum()).tolist(), strict=True))


class Searcher:
    """Gathers evidence from one index; safe to share between threads."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        reader: CrossEncoder,
        calibration: Calibration,
    ) -> None:
        self._calibration = calibration
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._languages = searched_languages(index)
        self._numbers = lru_cache(_KEPT_DOCUMENTS)(lambda name: all_numbers(index.documents[name].text))

    def evidence(self, text: str, language: Language) -> Evidence:
        """Evidence for a question by itself."""
        begin = time.perf_counter()
        asked = query(text, language, self._embedder)
        encoded = time.perf_counter()
        scores = score_entries(self._index, asked)
        found = candidates(self._index, scores)
        ranked = found.features.astype(np.float64) @ self._calibration.ranking
        order = np.argsort(-ranked, kind="stable")
        searched = time.perf_counter()
        readings = self._readings(asked, found.passages[order], ranked[order])
        totals = self._totals(ranked[order], list(readings.values()))
        best_first = np.argsort(-totals, kind="stable")
        order, totals = order[best_first], totals[best_first]
        features = found.features[order[0]]
        below = self._below_heading(asked, found, order, ranked, readings)
        if below is not None:  # it takes the place of its heading
            kept = order != below
            totals = totals[kept]
            order = np.concatenate([[below], order[kept][1:]])
            features = np.maximum(features, found.features[below])
        passages = found.passages[order].tolist()
        originals = self._originals(asked, passages[0], readings)
        signals = self._signals(
            asked,
            passages[0],
            features,
            more_doubtful(readings[passages[0]], originals[passages[0]]),
            float(totals[0] - totals[1]) if len(totals) > 1 else _ALONE,
        )
        timings = {
            "encode": encoded - begin,
            "search": searched - encoded,
            "read": time.perf_counter() - searched,
        }
        confidence = self._calibration.confidence(signals)
        return Evidence(
            asked, scores, found, tuple(passages), totals, readings, originals, signals, confidence, timings
        )

    def _below_heading(
        self, asked: Query, found: Candidates, order: Rows, ranked: Floats, readings: dict[int, Reading]
    ) -> int | None:
        """The row of the passage that answers below the title or heading that comes first.

        The first few are read, which adds them to `readings`. `None` if another passage comes first, if the
        heading stands for a list, or if the title itself answers better.
        """
        index, first = self._index, int(found.passages[order[0]])
        below = set(index.below(first))
        rows = [row for row in order.tolist() if int(found.passages[row]) in below][:_MOST_BELOW]
        positions = {row: int(found.passages[row]) for row in rows}
        if not rows or index.list_items(first) or index.is_listed(positions[rows[0]]):
            return None
        for position in positions.values():
            if position not in readings:
                readings[position] = read(self._reader, index, asked, position)
        worth = {row: self._worth(readings[position]) for row, position in positions.items()}
        best = max(rows, key=lambda row: float(ranked[row]) + worth[row])
        is_title = index.kind(first) is PassageKind.TITLE
        return None if is_title and self._worth(readings[first]) > worth[best] else best

    def _readings(self, asked: Query, passages: NDArray[np.int64], ranked: Floats) -> dict[int, Reading]:
        """Reads passages in the order of the ranking until the best of them leads the next one clearly."""
        found: dict[int, Reading] = {}
        best = -np.inf
        for passage, rank in zip(passages[:MOST_READ].tolist(), ranked.tolist(), strict=False):
            if best >= rank + self._calibration.lead:
                break
            found[passage] = read(self._reader, self._index, asked, passage)
            best = max(best, rank + self._worth(found[passage]))
        return found

    def _worth(self, reading: Reading) -> float:
        """Log-odds that a reading adds to the ranking."""
        return float(reading_row(reading) @ self._calibration.reading)

    def _totals(self, ranked: Floats, readings: Sequence[Reading]) -> Floats:
        """Log-odds of passages in the order of the ranking, the first of which were read; the others count
        as if they had been read without success."""
        worth = [self._worth(reading) for reading in readings]
        added = np.full(len(ranked), min(0.0, *worth))
        added[: len(worth)] = worth
        totals: Floats = ranked + added
        return totals

    def _originals(self, asked: Query, best: int, readings: Mapping[int, Reading]) -> dict[int, Reading]:
        """Readings of passages as they stand: of those without a translation, and of the best."""
        found = {p: r for p, r in readings.items() if translation_of(self._index, p, asked.language) is None}
        if best not in found:
            found[best] = read_original(self._reader, self._index, asked, best)
        return found

    def follow_up(self, text: str, last: str, language: Language, document: str) -> Evidence:
        """Evidence for a follow-up: by itself, and joined to the question before it.

        A text with only function words (“where?”) is about the `document` that was cited first. The
        confidence is the higher one of those that rank the same passage first, or else the lower one.
        """
        alone, joined = self.evidence(text, language), self.evidence(f"{last} {text}", language)
        before = dict(zip(joined.passages, joined.totals.tolist(), strict=True))
        lowest = min(before.values())
        summed = {
            passage: total + _JOINED_SHARE * before.get(passage, lowest)
            for passage, total in zip(alone.passages, alone.totals.tolist(), strict=True)
        }
        if has_only_function_words(text):
            about = {p: total for p, total in summed.items() if self._index.passages[p].document == document}
            summed = about or summed
        order = sorted(summed, key=lambda passage: -summed[passage])
        agreeing = [evidence for evidence in (alone, joined) if evidence.passages[0] == order[0]]
        surer = max(agreeing or [min(alone, joined, key=_confidence)], key=_confidence)
        return replace(
            alone,
            passages=tuple(order),
            totals=np.array([summed[passage] for passage in order]),
            readings={**joined.readings, **alone.readings},
            originals={**joined.originals, **alone.originals},
            signals=surer.signals,
            confidence=surer.confidence,
            timings={stage: alone.timings[stage] + joined.timings[stage] for stage in alone.timings},
        )

    def _signals(
        self,
        asked: Query,
        best: int,
        features: NDArray[np.float32],
        reading: Reading,
        margin: float,
    ) -> Floats:
        held, wanted = self._numbers(self._index.passages[best].document), asked_numbers(asked)
        answers, found = reading_row(reading)
        by_name = {
            "answers": answers,
            "found": found,
            "dense": float(features[_DENSE].max()),
            "margin": min(margin, _ALONE),
            "dense:asked": float(features[FEATURES.index("dense:asked")]),
            "words:asked": float(features[FEATURES.index("words:asked")]),
            # A document about the 93rd session or line T5 does not answer a question about the 94th or T4.
            "numbers lacking": len(wanted - held) / max(len(wanted), 1),
            "words lacking": 1 - float(features[_WORDS].max()) if asked.language in self._languages else 0.0,
        }
        return np.array([by_name[name] for name in SIGNALS])


def asked_numbers(asked: Query) -> frozenset[int | str]:
    """The numbers and codes that a question names. Arabizi has no codes: its digits are letters."""
    return whole_numbers(asked.text) | (codes(asked.text) if asked.language != "ary-Latn" else frozenset())


def searched_languages(index: Index) -> frozenset[str]:
    """Languages of the documents and their translations; in others, shared words say nothing."""
    return index.languages | {"ary"} if "ar" in index.languages else index.languages


def _confidence(evidence: Evidence) -> float:
    return evidence.confidence


def trace(index: Index, evidence: Evidence) -> tuple[dict[str, Any], ...]:
    """The best passages with their features and what was read of them, for `:why`."""
    row_of = {int(passage): row for row, passage in enumerate(evidence.candidates.passages)}
    found: list[dict[str, Any]] = []
    for position, total in zip(evidence.passages[:_TRACED], evidence.totals.tolist(), strict=False):
        features = evidence.candidates.features[row_of[position]].tolist()
        row = {"passage": index.passages[position].id, "total": round(total, 3)}
        row |= {name: round(value, 3) for name, value in zip(FEATURES, features, strict=True)}
        if reading := evidence.readings.get(position):
            row |= {"answers": round(reading.answers, 3), "found": round(reading.found, 3)}
        found.append(row)
    return tuple(found)
