import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Share, mcnemar, share
from tests.evaluation.outcomes import EVERY, INVENTED, REFUSED, RIGHT, SECOND, SHY, WRONG, outcome


def test_what_counts_as_right() -> None:
    assert [o.right for o in EVERY] == [True, False, False, False, True, False]


def test_ranks_count_over_answerable_questions_only() -> None:
    assert measures.recall(EVERY) == Share(1, 4)
    assert measures.recall(EVERY, 3) == Share(2, 4)
    assert measures.mean_reciprocal_rank(EVERY) == pytest.approx((1 + 1 / 2) / 4)


def test_refusals() -> None:
    assert measures.refusals(EVERY, answerable=True) == Share(1, 4)
    assert measures.refusals(EVERY, answerable=False) == Share(1, 2)
    assert measures.refusal_precision(EVERY) == Share(1, 2)


def test_answered_unsurely() -> None:
    assert measures.answered_unsurely(EVERY) == Share(1, 4)  # WRONG; SHY was refused
    assert measures.sure_and_wrong(EVERY) == Share(0, 2)  # INVENTED came with a caveat
    surely = outcome(answerable=False, rank=0, best_right=False, confidence=0.8)
    assert measures.sure_and_wrong([*EVERY, surely]) == Share(1, 3)


def test_risk_counts_only_what_was_answered() -> None:
    assert measures.risk(EVERY) == Share(3, 4)


def test_calibration_error_by_hand() -> None:
    """Bins 0.8–0.9 and 0.9–1.0: |0.85 - 1/2| of two questions and |0.95 - 1| of one."""
    wrong = outcome(confidence=0.85, best_right=False)
    outcomes = [outcome(confidence=0.85), wrong, RIGHT]
    assert [right for _, right in measures.reliability(outcomes)] == [Share(1, 2), Share(1, 1)]
    assert measures.expected_calibration_error(outcomes) == pytest.approx((2 * 0.35 + 0.05) / 3)


def test_full_confidence_falls_into_the_last_bin() -> None:
    ((confidence, _),) = measures.reliability([outcome(confidence=1.0)])
    assert confidence == 1.0


def test_risk_at_each_coverage_surest_first() -> None:
    """By confidence: right, second, invented, wrong, shy (its best is right), refused."""
    curve = measures.risk_coverage([SHY, REFUSED, INVENTED, WRONG, SECOND, RIGHT])
    assert curve == [Share(0, 1), Share(1, 2), Share(2, 3), Share(3, 4), Share(3, 5), Share(4, 6)]
    assert measures.aurc(EVERY) == pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4 + 3 / 5 + 4 / 6) / 6)


def test_percentiles_of_the_stages_that_were_needed() -> None:
    outcomes = [outcome(seconds={"total": n / 100}) for n in range(101)] + [outcome(seconds={"encode": 1.0})]
    assert measures.percentiles(measures.seconds(outcomes, "total")) == pytest.approx((0.5, 0.95, 0.99))
    assert measures.seconds(outcomes, "encode") == [1.0]


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_two_sided_binomial_test(wins: int, losses: int) -> None:
    expected = binomtest(wins, wins + losses, 0.5).pvalue if wins + losses else 1.0
    assert mcnemar(wins, losses) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_wilson_intervals_of_published_cases(hits: int, count: int, low: float, high: float) -> None:
    """Brown, Cai and DasGupta 2001 (the first); Newcombe 1998, table I, method 3 (the others)."""
    assert Share(hits, count).interval == pytest.approx((low, high), abs=5e-5)


def test_an_interval_stays_between_none_and_all() -> None:
    assert Share(7, 7).interval[1] <= 1.0
    assert 0.0 <= Share(0, 7).interval[0] < 1e-12


def test_nothing_counted() -> None:
    nothing = share([])
    assert math.isnan(nothing.value)
    assert all(map(math.isnan, nothing.interval))
