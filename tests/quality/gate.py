"""Figures of ranking and verdict over questions whose evidence was gathered once.

Other weights and thresholds can be tried on the same evidence in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assemblybot import Assistant
from assemblybot.answering.calibration import Calibration
from assemblybot.answering.evidence import Evidence, Searcher
from assemblybot.corpus.document import Passage
from assemblybot.evaluation.questions import GoldQuestion, read
from assemblybot.text.language import identify

Figures = Mapping[str, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Questions to one assistant, each with its evidence."""

    assistant: Assistant
    asked: tuple[tuple[GoldQuestion, Evidence], ...]

    @classmethod
    def of(cls, assistant: Assistant, files: Sequence[Path], every: int) -> Gathered:
        """Ask every so many of the questions in some files."""
        searcher = _searcher(assistant, assistant.calibration)
        questions = [q for file in files for q in read(file, assistant.index.documents)][::every]
        return cls(assistant, tuple((q, searcher.evidence(q.text, identify(q.text))) for q in questions))

    def figures(self, calibration: Calibration) -> Figures:
        """Shares, with these weights and thresholds."""
        searcher = _searcher(self.assistant, calibration)
        weighed = [(question, _weighed(searcher, question, before)) for question, before in self.asked]
        answerable = [(question, found) for question, found in weighed if question.answerable]
        others = [found for question, found in weighed if not question.answerable]
        passages = self.assistant.index.passages
        return {
            "first right": _share(answerable, lambda pair: _right(pair[0], passages[pair[1].passages[0]])),
            "answerable answered": _share(
                answerable, lambda pair: pair[1].confidence >= calibration.answered
            ),
            "answerable sure": _share(answerable, lambda pair: pair[1].confidence >= calibration.sure),
            "unanswerable refused": _share(others, lambda e: e.confidence < calibration.answered),
            "unanswerable not sure": _share(others, lambda e: e.confidence < calibration.sure),
        }


def _searcher(assistant: Assistant, calibration: Calibration) -> Searcher:
    return Searcher(assistant.index, assistant.embedder, assistant.reader, calibration)


def _weighed(searcher: Searcher, question: GoldQuestion, before: Evidence) -> Evidence:
    language = identify(question.text)
    found = before.candidates
    return searcher.weighed(
        question.text, language, before.vector, before.scores, found, before.readings, before.originals, {}
    )


def _right(question: GoldQuestion, passage: Passage) -> bool:
    return any(
        passage.document == document and passage.start < end and start < passage.end
        for document, start, end in question.places
    )


def _share(found: Sequence[T], holds: Callable[[T], bool]) -> float:
    return sum(map(holds, found)) / len(found)
