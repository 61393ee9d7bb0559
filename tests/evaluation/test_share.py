import math

import pytest

from assemblybot.evaluation.share import Share, share


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
