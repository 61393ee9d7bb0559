from dataclasses import replace
from pathlib import Path

import pytest

from assemblybot.errors import AssemblybotError
from assemblybot.evaluation.measures import mcnemar
from assemblybot.evaluation.run import Run, compare, load, save


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
