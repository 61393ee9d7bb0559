from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from assemblybot.errors import AssemblybotError
from assemblybot.evaluation import record
from assemblybot.evaluation.comparison import compare, mcnemar
from assemblybot.evaluation.record import Record
from assemblybot.evaluation.run import Run


@settings(deadline=None)  # the first call loads scipy
@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_two_sided_binomial_test(wins: int, losses: int) -> None:
    expected = binomtest(wins, wins + losses, 0.5).pvalue if wins + losses else 1.0
    assert mcnemar(wins, losses) == pytest.approx(expected)


@pytest.fixture
def same(run: Run, tmp_path: Path) -> Record:
    record.save(run, tmp_path / "run.json")
    return record.load(tmp_path / "run.json")


def test_a_run_against_itself(run: Run, same: Record) -> None:
    found = compare(run, same)
    assert (found.wins, found.losses, found.p) == ((), (), 1.0)
    assert found.both_right + found.both_wrong == len(run.cases)


def test_wins_and_losses_are_the_questions_that_changed(run: Run, same: Record) -> None:
    """The baseline had everything wrong that is right now, and the other way round."""
    turned = [
        replace(o, rank=0, refused=False) if o.right else replace(o, rank=1, refused=True)
        for o in same.outcomes
    ]
    found = compare(run, replace(same, outcomes=tuple(turned)))
    right = [case for case in run.cases if case.outcome.right]
    assert [change.now for change in found.wins] == right
    assert len(found.losses) == len(run.cases) - len(right)
    assert found.both_right == found.both_wrong == 0
    assert found.p == mcnemar(len(found.wins), len(found.losses)) < 0.05


def test_other_questions_cannot_be_paired(run: Run, same: Record) -> None:
    with pytest.raises(AssemblybotError, match="other questions"):
        compare(run, replace(same, digest="0" * 64))
