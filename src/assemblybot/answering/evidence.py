"""What the documents hold for one question: passages in order, readings of the first, and a confidence.

question → vector → features of every passage → ranking → the first few are read → order and confidence.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.calibration import SIGNALS, Calibration, reading_row
from assemblybot.answering.mismatch import lacking, languages, numbers
from assemblybot.answering.reading import MOST_READ, is_translated, more_doubtful, read, read_original
from assemblybot.answering.retrieve import (
    FEATURES,
    GROUPS,
    Candidates,
    ViewScores,
    candidates,
    score_views,
)
from assemblybot.embedding import Embedder
from assemblybot.embedding.cross_encoder import CrossEncoder, Reading
from assemblybot.index.index import Index
from assemblybot.text.language import Language

Floats = NDArray[np.float64]
# How much the question joined to the one before it counts beside the follow-up alone.
_JOINED_SHARE: Final = 0.5
# A passage that is alone in its index stands so far above the next.
_ALONE: Final = 5.0
#: So many documents have the numbers in them at hand.
_DOCUMENTS: Final = 256
_DENSE: Final = [FEATURES.index(f"dense:{group}") for group in GROUPS]
_WORDS: Final = [FEATURES.index(f"words:{group}") for group in GROUPS]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`passages`: positions, best first, with their `totals`, differences of which are log-odds; those read
    come first. `readings` are in the question's language where a passage is translated, `originals` of
    passages as they stand. `signals` `(len(SIGNALS),)` are evidence that the first one answers."""

    vector: NDArray[np.float32]
    scores: ViewScores
    candidates: Candidates
    passages: tuple[int, ...]
    totals: Floats
    readings: Mapping[int, Reading]
    originals: Mapping[int, Reading]
    signals: Floats
    confidence: float
    timings: Mapping[str, float]

    @property
    def chances(self) -> Floats:
        """The chance of each passage to be the right one, if any is."""
        odds = np.exp(self.totals - self.totals.max())
        shares: Floats = odds / odds.sum()
        return shares


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
        self._languages = languages(index)
        self._numbers = lru_cache(_DOCUMENTS)(lambda name: numbers(index.documents[name].text))

    def evidence(self, text: str, language: Language) -> Evidence:
        """Evidence for a question by itself."""
        begin = time.perf_counter()
        vector = self._embedder.embed_queries([text])[0]
        encoded = time.perf_counter()
        scores = score_views(self._index, vector, text, language)
        found = candidates(self._index, scores)
        ranked = found.features.astype(np.float64) @ self._calibration.ranking
        first = [int(found.passages[row]) for row in np.argsort(-ranked, kind="stable")[:MOST_READ]]
        searched = time.perf_counter()
        readings = read(self._reader, self._index, text, language, first)
        originals = self._originals(text, language, readings, self._totals(found, readings))
        timings = {
            "encode": encoded - begin,
            "search": searched - encoded,
            "read": time.perf_counter() - searched,
        }
        return self.weighed(text, language, vector, scores, found, readings, originals, timings)

    def weighed(
        self,
        text: str,
        language: Language,
        vector: NDArray[np.float32],
        scores: ViewScores,
        found: Candidates,
        readings: Mapping[int, Reading],
        originals: Mapping[int, Reading],
        timings: Mapping[str, float],
    ) -> Evidence:
        """Evidence from what was found and read: order and confidence."""
        ranked = found.features.astype(np.float64) @ self._calibration.ranking
        rows = {int(passage): row for row, passage in enumerate(found.passages)}
        totals = self._totals(found, readings)
        best = sorted(totals, key=lambda passage: -totals[passage])
        # what was not read stays behind what was
        behind = min(0.0, *(totals[passage] - ranked[rows[passage]] for passage in totals))
        order = [int(found.passages[row]) for row in np.argsort(-ranked, kind="stable")]
        rest = [passage for passage in order if passage not in totals]
        lowest = totals[best[-1]]
        after = [min(lowest, float(ranked[rows[passage]] + behind)) for passage in rest]
        margin = totals[best[0]] - totals[best[1]] if len(best) > 1 else _ALONE
        features = found.features[rows[best[0]]]
        reading = more_doubtful(readings[best[0]], originals.get(best[0], readings[best[0]]))
        signals = self._signals(text, language, best[0], features, reading, margin)
        return Evidence(
            vector,
            scores,
            found,
            (*best, *rest),
            np.array([*(totals[passage] for passage in best), *after]),
            readings,
            originals,
            signals,
            self._calibration.confidence(signals),
            timings,
        )

    def _totals(self, found: Candidates, readings: Mapping[int, Reading]) -> dict[int, float]:
        """Log-odds of the passages that were read, by position."""
        ranked = found.features.astype(np.float64) @ self._calibration.ranking
        rows = {int(passage): row for row, passage in enumerate(found.passages)}
        return {
            passage: float(ranked[rows[passage]] + reading_row(reading) @ self._calibration.reading)
            for passage, reading in readings.items()
        }

    def _originals(
        self, text: str, language: Language, readings: Mapping[int, Reading], totals: Mapping[int, float]
    ) -> dict[int, Reading]:
        """Readings of passages as they stand: of those without a translation, and of the best."""
        best = max(totals, key=lambda passage: totals[passage])
        found = {
            passage: reading
            for passage, reading in readings.items()
            if not is_translated(self._index, passage, language)
        }
        if best not in found:
            found[best] = read_original(self._reader, self._index, text, best)
        return found

    def with_last(self, text: str, last: str, language: Language) -> Evidence:
        """Evidence for a follow-up: by itself, and joined to the question before it."""
        alone, joined = self.evidence(text, language), self.evidence(f"{last} {text}", language)
        before = dict(zip(joined.passages, joined.totals.tolist(), strict=True))
        lowest = min(before.values())
        summed = {
            passage: total + _JOINED_SHARE * before.get(passage, lowest)
            for passage, total in zip(alone.passages, alone.totals.tolist(), strict=True)
        }
        order = sorted(summed, key=lambda passage: -summed[passage])
        surer = max(alone, joined, key=lambda evidence: evidence.confidence)
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
        text: str,
        language: Language,
        best: int,
        features: NDArray[np.float32],
        reading: Reading,
        margin: float,
    ) -> Floats:
        passage = self._index.passages[best]
        answers, found = reading_row(reading)
        by_name = {
            "answers": answers,
            "found": found,
            "dense": float(features[_DENSE].max()),
            "margin": min(margin, _ALONE),
            "dense:asked": float(features[FEATURES.index("dense:asked")]),
            "words:asked": float(features[FEATURES.index("words:asked")]),
            "numbers lacking": lacking(numbers(text), self._numbers(passage.document)),
            "words lacking": 1 - float(features[_WORDS].max()) if language in self._languages else 0.0,
        }
        return np.array([by_name[name] for name in SIGNALS])
