"""Question → Answer: the one entry that every channel uses.

text → cleaned → language → features of every passage → fused evidence → verdict → citations.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering import fusion
from assemblybot.answering.answer import SURE, Answer, Citation, Context, Quote, Translation, Verdict
from assemblybot.answering.expectation import cosines, expectations
from assemblybot.answering.followup import continues, leans_on_last
from assemblybot.answering.highlight import answering_spans
from assemblybot.answering.question import MOST_KEYWORDS, are_keywords, cleaned, remark, without_courtesy
from assemblybot.answering.replies import Replies
from assemblybot.answering.retrieve import (
    FEATURES,
    PassageFeatures,
    ViewScores,
    passage_features,
    score_views,
)
from assemblybot.answering.select import Selection, select
from assemblybot.answering.suggest import suggest
from assemblybot.answering.turns import SOCIAL, Told, Turn, Turns
from assemblybot.answering.verdict import ALL_SIGNALS, SIGNALS, VerdictModel, open_signals, signals
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexDamagedError
from assemblybot.index.index import Index
from assemblybot.text.language import Language, identify
from assemblybot.text.terms import words

_TRACED: Final = 5
# So many letters make a word that says something by itself.
_KEYWORD: Final = 4
# From this confidence on, keywords are answered of which the documents hold none.
_SURE_OF_OTHER_WORDS: Final = 0.95
# How much the question joined to the one before it counts beside the follow-up alone.
_JOINED_SHARE: Final = 0.5
# What a few words that lean on the question before may look like without it.
_UNCERTAIN_ALONE: Final = (Turn.CHATTER, Turn.ABOUT_BOT)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Everything known of one question before anything is cited."""

    scores: ViewScores
    features: PassageFeatures
    fused: NDArray[np.float64]
    confidence: float
    bar: float
    timings: dict[str, float]

    @property
    def ranked(self) -> list[int]:
        return [int(p) for p in self.features.passages[np.argsort(-self.fused, kind="stable")]]

    @property
    def chances(self) -> list[float]:
        odds = np.exp(self.fused - self.fused.max())
        return [float(c) for c in np.sort(odds / odds.sum())[::-1]]


class Assistant:
    """Answers questions from one index with one embedder; safe to share between threads.

    `turns` tells questions from talk by the embedder's vectors; without it, only courtesies are told.
    """

    def __init__(self, index: Index, embedder: Embedder, turns: Turns | None = None) -> None:
        self.index = index
        self.embedder = embedder
        self.turns = turns
        self._replies = Replies(index, embedder, self._whole, self._ranked)
        self._weights = fusion.weights_from(index.calibration["fusion"])
        self._verdict = VerdictModel.from_dict(index.calibration["verdict"], SIGNALS)
        stored = index.calibration.get("verdict with open questions")
        self._verdict_with_open = VerdictModel.from_dict(stored, ALL_SIGNALS) if stored else None
        self._expectations = expectations(index)

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        """The answer to one question; `language` overrides what the text looks like.

        Raises QuestionError for a question that is too long or holds no readable text.
        """
        text = cleaned(question)
        spoken = language or identify(text)
        if said := remark(text):
            return self._replies.remark(said, text, spoken)
        asked = without_courtesy(text)
        leans = context is not None and leans_on_last(asked)
        turn, doubtful = self._turn(asked, leans=leans)
        if turn in SOCIAL and asked != text:  # what was set aside said the most
            turn, doubtful = self._turn(text, leans=leans)
        if turn is not Turn.QUESTION and not doubtful:
            return self._replies.to(turn, text, spoken, context)
        evidence = self._evidence(asked, spoken)
        if context and leans:
            evidence = self._joined(evidence, f"{context.question} {text}", spoken)
        if doubtful and evidence.confidence < max(evidence.bar, SURE):
            return self._replies.to(turn, text, spoken, context)
        bar = evidence.bar
        if not leans and are_keywords(asked) and not self._holds(asked):
            bar = max(bar, _SURE_OF_OTHER_WORDS)
        trace = self._trace(evidence)
        chosen = select(self.index, evidence.scores, evidence.ranked, evidence.chances, text)
        citations = self._cite(chosen, evidence, spoken)
        if evidence.confidence < bar:
            ideas = suggest(self.index, evidence.ranked, spoken)
            return Answer(
                text,
                spoken,
                Verdict.NOT_IN_CORPUS,
                evidence.confidence,
                suggestions=ideas,
                bar=bar,
                best=citations[0],
                trace=trace,
                timings=evidence.timings,
            )
        return Answer(
            text,
            spoken,
            Verdict.ANSWERED,
            evidence.confidence,
            citations,
            is_list=chosen.is_list,
            bar=bar,
            best=citations[0],
            trace=trace,
            timings=evidence.timings,
        )

    def passage(self, passage: str, language: Language = "ar") -> Citation | None:
        """One passage by its id, cited whole; `None` when there is no such passage."""
        position = self.index.position.get(passage)
        return None if position is None else self._whole(position, language)

    def _whole(self, position: int, language: Language) -> Citation:
        return self._citation(position, language, (0, len(self.index.passages[position].text)), (), 1.0)

    def _ranked(self, text: str, language: Language) -> list[int]:
        return self._evidence(text, language).ranked

    def _turn(self, text: str, *, leans: bool) -> Told:
        """What a text is; a few words of which the documents hold one may be keywords."""
        if continues(text):
            return Told(Turn.MORE)
        if self.turns is None:
            return Told(Turn.QUESTION)
        keywords = len(words(text)) <= MOST_KEYWORDS and self._holds(text)
        told = self.turns.tell(self.embedder.embed_queries([text])[0], keywords=keywords)
        return Told(Turn.QUESTION) if leans and told.turn in _UNCERTAIN_ALONE else told

    def _holds(self, text: str) -> bool:
        """Whether the documents hold a word of a text."""
        return any(self.index.words.knows(word) for word in words(text) if len(word) >= _KEYWORD)

    def _evidence(self, text: str, language: Language) -> _Evidence:
        begin = time.perf_counter()
        vector = self.embedder.embed_queries([text])[0]
        encoded = time.perf_counter()
        scores = score_views(self.index, vector, text, language)
        features = passage_features(self.index, scores)
        fused = fusion.fuse(features, self._weights)
        confidence, bar = self._judge(vector, scores, features, fused, text)
        timings = {"encode": encoded - begin, "search": time.perf_counter() - encoded}
        return _Evidence(scores, features, fused, confidence, bar, timings)

    def _judge(
        self,
        vector: NDArray[np.float32],
        scores: ViewScores,
        features: PassageFeatures,
        fused: NDArray[np.float64],
        text: str,
    ) -> tuple[float, float]:
        """Confidence that the best passage answers, and the stored bar that it has to reach."""
        model, row = self._verdict, signals(self.index, features, fused, text)
        document = self.index.passages[features.passages[np.argmax(fused)]].document
        if self._verdict_with_open and (known := self._expectations.get(document)):
            expected = known.of(cosines(self.index, scores, vector, known.rows))
            more = open_signals(self.index, scores, document)
            if more is not None:
                model, row = self._verdict_with_open, np.concatenate([row, more, [expected]])
        return model.confidence(row), model.threshold

    def _joined(self, alone: _Evidence, joined_text: str, language: Language) -> _Evidence:
        """Evidence of a follow-up: by itself, and joined to the question before it."""
        joined = self._evidence(joined_text, language)
        if not np.array_equal(alone.features.passages, joined.features.passages):
            return max(alone, joined, key=lambda evidence: evidence.confidence)
        fused = alone.fused + _JOINED_SHARE * joined.fused
        surer = max(alone, joined, key=lambda evidence: evidence.confidence)
        timings = {stage: alone.timings[stage] + joined.timings[stage] for stage in alone.timings}
        return _Evidence(alone.scores, alone.features, fused, surer.confidence, surer.bar, timings)

    def _cite(self, chosen: Selection, evidence: _Evidence, language: Language) -> tuple[Citation, ...]:
        chance = dict(zip(evidence.ranked, evidence.chances, strict=True))
        citations: list[Citation] = []
        for position in chosen.passages:
            sentence, clause = answering_spans(self.index, position, evidence.scores)
            marks: tuple[tuple[int, int], ...] = () if chosen.is_list else ((clause.start, clause.end),)
            citations.append(
                self._citation(
                    position, language, (sentence.start, sentence.end), marks, chance.get(position, 0.0)
                )
            )
        return tuple(citations)

    def _citation(
        self,
        position: int,
        language: Language,
        quoted: tuple[int, int],
        highlights: tuple[tuple[int, int], ...],
        score: float,
    ) -> Citation:
        passage = self.index.passages[position]
        document = self.index.documents[passage.document]
        if document.text[passage.start : passage.end] != passage.text:
            raise IndexDamagedError(
                "A quote is not in its document. Rebuild the index with: assemblybot index build"
            )
        lead_in = None
        if passage.lead_in is not None:
            before = document.passages[passage.lead_in - 1]
            lead_in = Quote(before.id, before.text, before.start, before.end)
        return Citation(
            passage=passage.id,
            document=passage.document,
            title=document.metadata.title,
            section=passage.section,
            paragraph=passage.number,
            kind=passage.kind,
            quote=passage.text[quoted[0] : quoted[1]],
            text=passage.text,
            start=passage.start,
            end=passage.end,
            highlights=highlights,
            score=score,
            anchor=passage.anchor,
            lead_in=lead_in,
            translation=self._translation(position, language),
        )

    def _translation(self, position: int, language: Language) -> Translation | None:
        passage = self.index.passages[position]
        translations = self.index.documents[passage.document].translations
        code = "ary" if language == "ary-Latn" else language
        text = translations.get(code, {}).get(passage.number)
        return Translation(code, text) if text else None

    def _trace(self, evidence: _Evidence) -> tuple[dict[str, Any], ...]:
        """The best passages with the share of each feature in their score, for `:why`."""
        order: Sequence[int] = np.argsort(-evidence.fused, kind="stable")[:_TRACED].tolist()
        return tuple(
            {
                "passage": self.index.passages[int(evidence.features.passages[row])].id,
                "fused": round(float(evidence.fused[row]), 3),
                **{
                    name: round(float(value), 3)
                    for name, value in zip(FEATURES, evidence.features.values[row], strict=True)
                },
            }
            for row in order
        )
