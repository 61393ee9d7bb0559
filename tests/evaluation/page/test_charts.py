import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

import pytest
from markupsafe import Markup

from assemblybot.evaluation import measures
from assemblybot.evaluation.page import charts
from assemblybot.evaluation.page.svg import Axis, logit
from assemblybot.evaluation.run import Run
from tests.evaluation.outcomes import EVERY, REFUSED, RIGHT, WRONG, outcome


def drawn(picture: Markup, kind: str) -> Iterator[Element]:
    return (element for element in fromstring(picture).iter() if element.get("class") == kind)


def test_an_axis_meets_its_ends_and_moves_outsiders_in() -> None:
    axis = Axis(0.001, 0.999, 10, 110, logit)
    assert [axis(value) for value in (0.0, 0.001, 0.5, 0.999, 1.0)] == pytest.approx([10, 10, 60, 110, 110])


def test_recall_marks_stand_at_their_values() -> None:
    picture = charts.recall("R@1", [("all & sundry", [RIGHT, WRONG]), ("none", [REFUSED])])
    ticks = [float(mark.get("x1", "")) for mark in drawn(picture, "grid")]
    (first,) = drawn(picture, "first")
    assert float(first.get("cx", "")) == pytest.approx((ticks[0] + ticks[-1]) / 2, abs=0.01)
    labels = [text.text for text in drawn(picture, "label end")]
    assert labels == ["all & sundry (2)", "50.0 %"]


def test_every_question_is_in_a_histogram() -> None:
    picture = charts.scores(EVERY)
    assert len(list(drawn(picture, "answerable"))) == 4
    assert len(list(drawn(picture, "unanswerable"))) == 2
    assert [threshold.text for threshold in drawn(picture, "label end")] == ["threshold 0.50"]


def test_reliability_has_one_mark_a_bin() -> None:
    picture = charts.reliability(EVERY)
    assert len(list(drawn(picture, "first"))) == len(list(measures.reliability(EVERY)))


def test_the_risk_curve_marks_where_the_bar_puts_the_run() -> None:
    outcomes = [RIGHT] * 6 + [WRONG] * 2 + [REFUSED] * 2
    (here,) = drawn(charts.risk_coverage(outcomes), "first")
    (curve,) = drawn(charts.risk_coverage(outcomes), "curve")
    points = [tuple(map(float, point.split())) for point in re.split("[ML]", curve.get("d", "")) if point]
    assert (float(here.get("cx", "")), float(here.get("cy", ""))) == pytest.approx(points[7], abs=0.02)


def test_one_curve_a_stage_that_ends_at_all_questions() -> None:
    outcomes = [outcome(seconds={"encode": n, "search": n, "read": n, "total": 3 * n}) for n in (0.001, 0.01)]
    picture = charts.latency(outcomes)
    ends = [next(drawn(picture, f"curve {stage}")).get("d", "").split()[-1] for stage in measures.STAGES]
    assert len(set(ends)) == 1


@pytest.mark.slow
def test_pictures_say_what_they_show(run: Run) -> None:
    for plot in (charts.scores, charts.reliability, charts.risk_coverage, charts.latency):
        root = fromstring(plot(run.outcomes))
        assert root.get("role") == "img"
        assert len(root.get("aria-label", "")) > 20
