import pytest

from assemblybot.evaluation import measures
from assemblybot.evaluation.share import Share
from tests.evaluation.outcomes import EVERY, INVENTED, REFUSED, RIGHT, SECOND, SHY, WRONG, outcome


def test_what_counts_as_right() -> None:
    assert [o.right for o in EVERY] == [True, False, False, False, True, False]


def test_ranks_count_over_answerable_questions_only() -> None:
    assert measures.first_right(EVERY) == Share(1, 4)
    assert measures.first_right(EVERY, 3) == Share(2, 4)
    assert measures.reciprocal_rank(EVERY) == pytest.approx((1 + 1 / 2) / 4)


def test_refusals() -> None:
    assert measures.refusals(EVERY, answerable=True) == Share(1, 4)
    assert measures.refusals(EVERY, answerable=False) == Share(1, 2)
    assert measures.refusal_precision(EVERY) == Share(1, 2)


def test_reserves() -> None:
    assert measures.reserves(EVERY) == Share(1, 4)  # WRONG; SHY was refused
    assert measures.sure_and_wrong(EVERY) == Share(0, 2)  # INVENTED came with a reserve
    surely = outcome(answerable=False, rank=0, best_right=False, confidence=0.8)
    assert measures.sure_and_wrong([*EVERY, surely]) == Share(1, 3)


def test_risk_counts_only_what_was_answered() -> None:
    assert measures.risk(EVERY) == Share(3, 4)


def test_calibration_error_by_hand() -> None:
    """Bins 0.8–0.9 and 0.9–1.0: |0.85 - 1/2| of two questions and |0.95 - 1| of one."""
    wrong = outcome(confidence=0.85, best_right=False)
    outcomes = [outcome(confidence=0.85), wrong, RIGHT]
    assert [b.right for b in measures.reliability(outcomes)] == [Share(1, 2), Share(1, 1)]
    assert measures.calibration_error(outcomes) == pytest.approx((2 * 0.35 + 0.05) / 3)


def test_full_confidence_falls_into_the_last_bin() -> None:
    (last,) = measures.reliability([outcome(confidence=1.0)])
    assert last.confidence == 1.0


def test_risk_at_each_coverage_surest_first() -> None:
    """By confidence: right, second, invented, wrong, shy (its best is right), refused."""
    curve = measures.risk_coverage([SHY, REFUSED, INVENTED, WRONG, SECOND, RIGHT])
    assert [point.wrong.hits for point in curve] == [0, 1, 2, 3, 3, 4]
    assert [point.answered for point in curve] == [1, 2, 3, 4, 5, 6]
    assert measures.risk_area(EVERY) == pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4 + 3 / 5 + 4 / 6) / 6)


def test_percentiles_of_the_stages_that_were_needed() -> None:
    outcomes = [outcome(seconds={"total": n / 100}) for n in range(101)] + [outcome(seconds={"encode": 1.0})]
    assert measures.percentiles(measures.seconds(outcomes, "total")) == pytest.approx((0.5, 0.95, 0.99))
    assert measures.seconds(outcomes, "encode") == [1.0]
