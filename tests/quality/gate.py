"""Figures of ranking and verdict over a set of questions, with any weights and thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assemblybot import Assistant
from assemblybot.answering.calibration import Calibration
from assemblybot.answering.evidence import Searcher
from assemblybot.corpus.document import Passage
from assemblybot.evaluation.questions import GoldQuestion, read
from assemblybot.text.language import Language, identify

Figures = Mapping[str, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Questions to one assistant, each with its language."""

    assistant: Assistant
    asked: tuple[tuple[GoldQuestion, Language], ...]

    @classmethod
    def of(cls, assistant: Assistant, files: Sequence[Path], every: int) -> Gathered:
        """Every so many of the questions in some files."""
        questions = [q for file in files for q in read(file, assistant.index.documents)][::every]
        return cls(assistant, tuple((q, identify(q.text)) for q in questions))

    def figures(self, calibration: Calibration) -> Figures:
        """Shares, with these weights and thresholds. Embedder and reader keep what they worked out before."""
        own = self.assistant
        searcher = Searcher(own.index, own.embedder, own.reader, calibration)
        weighed = [(question, searcher.evidence(question.text, lang)) for question, lang in self.asked]
        answerable = [(question, found) for question, found in weighed if question.answerable]
        others = [found for question, found in weighed if not question.answerable]
        passages = own.index.passages
        return {
            "first right": _share(answerable, lambda pair: _right(pair[0], passages[pair[1].passages[0]])),
            "answerable answered": _share(
                answerable, lambda pair: pair[1].confidence >= calibration.answered
            ),
            "answerable sure": _share(answerable, lambda pair: pair[1].confidence >= calibration.sure),
            "unanswerable refused": _share(others, lambda e: e.confidence < calibration.answered),
            "unanswerable not sure": _share(others, lambda e: e.confidence < calibration.sure),
        }


def _right(question: GoldQuestion, passage: Passage) -> bool:
    return any(
        passage.document == document and passage.start < end and start < passage.end
        for document, start, end in question.places
    )


def _share(found: Sequence[T], holds: Callable[[T], bool]) -> float:
    return sum(map(holds, found)) / len(found)
