import hashlib
from dataclasses import replace
from pathlib import Path

from assemblybot import Assistant
from assemblybot.evaluation.questions import read
from assemblybot.evaluation.run import Run, is_right, judged, summary
from tests.evaluation.outcomes import EVERY
from tests.evaluation.test_questions import write


def test_rank_is_that_of_the_first_overlapping_citation(assistant: Assistant, tmp_path: Path) -> None:
    known = read(write(tmp_path / "q.jsonl"), assistant.index.documents)[0]
    right = assistant.answer("بقلم حسن الخلقي")
    wrong = assistant.answer("كم عدد المندوبين؟")
    assert judged(known, right, {}).rank == 1
    assert judged(known, wrong, {}).rank == 0
    assert not is_right(known, wrong.citations[0])


def test_every_question_is_asked_in_order_and_timed(run: Run, question_file: Path) -> None:
    assert len(run.cases) == len(question_file.read_text(encoding="utf-8").splitlines())
    assert run.digest == hashlib.sha256(question_file.read_bytes()).hexdigest()
    for case in run.cases:
        spent = case.outcome.seconds
        assert spent["total"] >= spent["encode"] + spent["search"]
        assert case.outcome.refused == (case.answer.confidence < case.answer.threshold)


def test_a_refused_question_keeps_what_it_would_have_cited(assistant: Assistant, run: Run) -> None:
    ready = Assistant(
        assistant.index, assistant.embedder, assistant.reader, replace(assistant.calibration, answered=0.0)
    )
    refused = [case for case in run.cases if case.outcome.refused]
    assert refused
    for case in refused:
        assert case.answer.best == ready.answer(case.question.text).citations[0]


def test_summary_sums_up() -> None:
    figures = summary(EVERY)
    assert figures["questions"] == 6
    assert figures["r1"] == 0.25
    assert figures["refusal_recall"] == 0.5
