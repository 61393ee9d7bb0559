import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.errors import AssemblybotError
from assemblybot.evaluation.measures import mcnemar
from assemblybot.evaluation.questions import read
from assemblybot.evaluation.run import Run, compare, is_right, judged, load, save, summary
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


@pytest.fixture
def same(run: Run, tmp_path: Path) -> Run:
    save(run, tmp_path / "run.json")
    return load(tmp_path / "run.json")


def test_a_run_against_itself(run: Run, same: Run) -> None:
    found = compare(run, same)
    assert (found.wins, found.losses, found.p) == ([], [], 1.0)
    assert found.both_right + found.both_wrong == len(run.cases)


def test_wins_and_losses_are_the_questions_that_changed(run: Run, same: Run) -> None:
    """The baseline had everything wrong that is right now, and the other way round."""
    turned = [
        replace(o, rank=0, refused=False) if o.right else replace(o, rank=1, refused=True)
        for o in same.outcomes
    ]
    found = compare(run, replace(same, outcomes=turned))
    right = [case for case in run.cases if case.outcome.right]
    assert [case for _, case in found.wins] == right
    assert len(found.losses) == len(run.cases) - len(right)
    assert found.both_right == found.both_wrong == 0
    assert found.p == mcnemar(len(found.wins), len(found.losses)) < 0.05


def test_other_questions_cannot_be_paired(run: Run, same: Run) -> None:
    with pytest.raises(AssemblybotError, match="other questions"):
        compare(run, replace(same, digest="0" * 64))


def test_a_saved_run_comes_back(run: Run, tmp_path: Path) -> None:
    save(run, tmp_path / "run.json")
    found = load(tmp_path / "run.json")
    assert found.outcomes == run.outcomes
    assert [o.seconds for o in found.outcomes] == [o.seconds for o in run.outcomes]
    assert (found.digest, found.model, found.date) == (run.digest, run.model, run.date)


def test_no_question_text_is_kept(run: Run, tmp_path: Path) -> None:
    save(run, tmp_path / "run.json")
    kept = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert not any(case.question.text in kept for case in run.cases)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "outcomes": [{}]}'])
def test_another_file_is_no_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(AssemblybotError, match="is no saved run"):
        load(tmp_path / "run.json")
