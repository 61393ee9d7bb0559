"""Answer every question of a file, judge the citations, sum up; keep a run and compare another with it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.errors import AssemblybotError
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.questions import GoldQuestion, read
from assemblybot.folders import sha256

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One question, its answer, and how it was judged."""

    question: GoldQuestion
    answer: Answer
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """What became of every question of one file, in its order; the `cases` of a run from disk are gone.

    `digest` is the SHA-256 of the file, `model` the id of the embedding model (None for an
    index that was never stored), `date` when the first question was asked (ISO 8601, UTC).
    """

    outcomes: list[Outcome]
    digest: str
    model: str | None
    date: str
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run won and lost against a baseline, with the outcome of each question there, in file order.

    `p` is that of McNemar's test: the probability of a split at least as uneven if neither were better.
    """

    wins: list[tuple[Outcome, Case]]
    losses: list[tuple[Outcome, Case]]
    both_right: int
    both_wrong: int
    p: float


def evaluate(assistant: Assistant, path: Path) -> Run:
    """Ask every question once. Raises CorpusError for a file that cannot be used."""
    questions = read(path, assistant.index.documents)
    manifest = assistant.index.manifest
    date = datetime.now(UTC).isoformat(timespec="seconds")
    cases = tuple(ask(assistant, question) for question in questions)
    return Run(
        outcomes=[case.outcome for case in cases],
        digest=sha256(path),
        model=manifest.model if manifest else None,
        date=date,
        cases=cases,
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
    return any(citation.overlaps(*place) for place in question.places)


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Overall figures, for files and comparisons."""
    darija = [o for o in outcomes if o.language in ("ary", "ary-Latn")]
    european_and_arabic = [o for o in outcomes if o not in darija]
    return {
        "questions": len(outcomes),
        "r1": measures.recall(outcomes).value,
        "r1_ar_fr_en_es": measures.recall(european_and_arabic).value,
        "r1_darija": measures.recall(darija).value,
        "r3": measures.recall(outcomes, 3).value,
        "mrr10": measures.mean_reciprocal_rank(outcomes),
        "refusal_recall": measures.refusals(outcomes, answerable=False).value,
        "refusal_precision": measures.refusal_precision(outcomes).value,
        "answerable_refused": measures.refusals(outcomes, answerable=True).value,
        "answerable_unsure": measures.answered_unsurely(outcomes).value,
        "unanswerable_answered_surely": measures.sure_and_wrong(outcomes).value,
        "calibration_error": measures.expected_calibration_error(outcomes),
    }


def save(run: Run, path: Path) -> None:
    """Write a run, without the text of its questions, to a JSON file, one line a question."""
    rows = ",\n  ".join(json.dumps(asdict(outcome)) for outcome in run.outcomes)
    head = {"format": _FORMAT, "digest": run.digest, "model": run.model, "date": run.date}
    path.write_text(f'{json.dumps(head)[:-1]}, "outcomes": [\n  {rows}\n]}}\n', encoding="utf-8")


def load(path: Path) -> Run:
    """Read what `save` wrote. Raises AssemblybotError for any other file."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != _FORMAT:
            raise ValueError(f"format {stored['format']}")
        outcomes = [Outcome(**row) for row in stored["outcomes"]]
        return Run(outcomes, stored["digest"], stored["model"], stored["date"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssemblybotError(
            f"{path} is no saved run ({error!r}). Make one with: assemblybot eval … --save {path}"
        ) from error


def compare(run: Run, baseline: Run) -> Comparison:
    """Pair the questions of two runs. Raises AssemblybotError when they asked different ones."""
    if run.digest != baseline.digest:
        raise AssemblybotError(
            "The baseline was measured on other questions, so nothing can be paired. "
            "Measure both on the same file."
        )
    pairs = list(zip(baseline.outcomes, run.cases, strict=True))

    def those(before: bool, now: bool) -> list[tuple[Outcome, Case]]:
        return [(old, case) for old, case in pairs if (old.right, case.outcome.right) == (before, now)]

    wins, losses = those(False, True), those(True, False)
    p = measures.mcnemar(len(wins), len(losses))
    return Comparison(wins, losses, len(those(True, True)), len(those(False, False)), p)
