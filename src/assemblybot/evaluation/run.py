"""Answer every question of a file, judge the citations, and sum up."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.questions import GoldQuestion, read


@dataclass(frozen=True, slots=True)
class Case:
    """One question, its answer, and how it was judged."""

    question: GoldQuestion
    answer: Answer
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """Every question of one file, in its order.

    `digest` is the SHA-256 of the file, `model` the id of the embedding model (None for an
    index that was never stored), `date` when the first question was asked (ISO 8601, UTC).
    """

    cases: tuple[Case, ...]
    digest: str
    model: str | None
    date: str

    @property
    def outcomes(self) -> list[Outcome]:
        """What became of each question, in file order."""
        return [case.outcome for case in self.cases]


def evaluate(assistant: Assistant, path: Path) -> Run:
    """Ask every question once. Raises CorpusError for a file that cannot be used."""
    questions = read(path, assistant.index.documents)
    manifest = assistant.index.manifest
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Run(
        cases=tuple(ask(assistant, question) for question in questions),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        model=manifest.model if manifest else None,
        date=date,
    )


def ask(assistant: Assistant, question: GoldQuestion) -> Case:
    """Ask one question."""
    begin = time.perf_counter()
    answer = assistant.answer(question.text)
    total = time.perf_counter() - begin
    return Case(question, answer, judged(question, answer, {**answer.timings, "total": total}))


def judged(question: GoldQuestion, answer: Answer, seconds: dict[str, float]) -> Outcome:
    """Compare the citations with the gold places."""
    ranks = (rank for rank, cited in enumerate(answer.citations, start=1) if is_right(question, cited))
    return Outcome(
        id=question.id,
        language=question.language,
        type=question.type,
        answerable=question.answerable,
        refused=answer.verdict is not Verdict.ANSWERED,
        rank=next(ranks, 0),
        best_right=answer.best is not None and is_right(question, answer.best),
        confidence=answer.confidence,
        threshold=answer.threshold,
        unsure=answer.is_unsure,
        seconds=seconds,
    )


def is_right(question: GoldQuestion, citation: Citation) -> bool:
    """A citation is right when it overlaps a gold place."""
    return any(
        citation.document == document and citation.start < end and start < citation.end
        for document, start, end in question.places
    )


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Overall figures, for files and comparisons."""
    european_and_arabic = [o for o in outcomes if o.language != "ary"]
    darija = [o for o in outcomes if o.language == "ary"]
    return {
        "questions": len(outcomes),
        "r1": measures.first_right(outcomes).value,
        "r1_ar_fr_en_es": measures.first_right(european_and_arabic).value,
        "r1_darija": measures.first_right(darija).value,
        "r3": measures.first_right(outcomes, 3).value,
        "mrr10": measures.reciprocal_rank(outcomes),
        "refusal_recall": measures.refusals(outcomes, answerable=False).value,
        "refusal_precision": measures.refusal_precision(outcomes).value,
        "answerable_refused": measures.refusals(outcomes, answerable=True).value,
        "answerable_unsure": measures.reserves(outcomes).value,
        "unanswerable_answered_surely": measures.sure_and_wrong(outcomes).value,
        "calibration_error": measures.calibration_error(outcomes),
    }
