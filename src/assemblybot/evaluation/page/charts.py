"""The plots of the page, each from measures alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np
from markupsafe import Markup

from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import STAGES, Outcome
from assemblybot.evaluation.page import svg
from assemblybot.evaluation.page.svg import BOTTOM, LEFT, RIGHT, TOP, Axis

_WIDTH, _HEIGHT = 460, 290
_BASE = _HEIGHT - BOTTOM
_TENTHS = tuple((i / 5, f"{i * 20} %") for i in range(6))
_PROBABILITIES = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
_EDGE = 0.0004
_BINS = 26
# Shares from left to right, and from the bottom up.
_ACROSS, _UP = Axis(0, 1, LEFT, _WIDTH - RIGHT), Axis(0, 1, _BASE, TOP + 4)


def recall(label: str, rows: Sequence[tuple[str, Sequence[Outcome]]]) -> Markup:
    """R@1 with its interval, R@3 and R@5, one row a group that has answerable questions."""
    kept = [(name, group) for name, group in rows if measures.recall(group).count]
    row, left = 25, 108
    bottom = TOP + row * len(kept)
    root = svg.chart(label, _WIDTH, bottom + BOTTOM)
    across = Axis(0, 1, left, _WIDTH - 68)
    for value, _ in _TENTHS:
        svg.line(root, "grid", (across(value), TOP), (across(value), bottom))
    for number, (name, group) in enumerate(kept):
        y = TOP + row * (number + 0.5)
        first, third, fifth = (measures.recall(group, k) for k in (1, 3, 5))
        low, high = first.interval
        svg.text(root, left - 10, y + 4, f"{name} ({first.count})", "label end")
        svg.line(root, "whisker", (across(low), y), (across(high), y))
        svg.line(root, "fifth", (across(fifth.value), y - 8), (across(fifth.value), y + 8))
        svg.add(root, "circle", "third", cx=across(third.value), cy=y, r=5)
        svg.add(root, "circle", "first", cx=across(first.value), cy=y, r=4)
        svg.text(root, _WIDTH - 8, y + 4, f"{100 * first.value:.1f} %", "label end")
    svg.bottom_axis(root, across, bottom, _TENTHS, "answerable questions")
    return svg.markup(root)


def scores(outcomes: Sequence[Outcome]) -> Markup:
    """Histograms of confidence on a logit scale: answerable above, unanswerable below, and the threshold."""
    groups = ([o for o in outcomes if o.answerable], [o for o in outcomes if not o.answerable])
    reached = [sum(not o.refused for o in group) for group in groups]
    label = (
        f"Histograms of confidence. Of {len(groups[0])} answerable questions {reached[0]} reach the "
        f"threshold, of {len(groups[1])} unanswerable ones {reached[1]}."
    )
    root = svg.chart(label, _WIDTH, _HEIGHT)
    across = Axis(_EDGE, 1 - _EDGE, LEFT, _WIDTH - RIGHT, svg.logit)
    half = (_BASE - TOP) / 2
    for number, (group, kind) in enumerate(zip(groups, ("answerable", "unanswerable"), strict=True)):
        base = TOP + half * (number + 1)
        _histogram(root, group, across, Axis(0, 1, base, base - half + 22), kind)
        svg.text(root, LEFT + 4, base - half + 14, kind, f"label {kind}-text")
        svg.line(root, "axis", (LEFT, base), (_WIDTH - RIGHT, base))
    for threshold in sorted({o.threshold for o in outcomes}):
        svg.line(root, "threshold", (across(threshold), TOP), (across(threshold), _BASE))
        svg.text(root, across(threshold) - 5, TOP + 12, f"threshold {threshold:.2f}", "label end")
    ticks = [(value, f"{value:g}") for value in _PROBABILITIES]
    svg.bottom_axis(root, across, _BASE, ticks, "confidence (logit scale)")
    return svg.markup(root)


def _histogram(root: Element, outcomes: Sequence[Outcome], across: Axis, up: Axis, kind: str) -> None:
    places = [across(o.confidence) for o in outcomes]
    counts, edges = np.histogram(places, _BINS, (across.start, across.end))
    most = int(counts.max())
    for count, left, right in zip(counts, edges, edges[1:], strict=False):
        if count:
            top = up(count / most)
            svg.add(root, "rect", kind, x=left + 1, y=top, width=right - left - 2, height=up.start - top)
    if most:
        svg.text(root, across.start - 6, up(1) + 8, str(most), "tick end")


def reliability(outcomes: Sequence[Outcome]) -> Markup:
    """Confidence against how often the first passage is right; the diagonal is perfect."""
    label = (
        "Reliability diagram: mean confidence of each tenth against the share that is right. "
        f"Expected calibration error {measures.expected_calibration_error(outcomes):.3f}."
    )
    root = svg.chart(label, _WIDTH, _HEIGHT)
    svg.left_axis(root, _UP, _ACROSS, _TENTHS)
    svg.line(root, "reference", (_ACROSS(0), _UP(0)), (_ACROSS(1), _UP(1)))
    for confidence, right in measures.reliability(outcomes):
        x, y = _ACROSS(confidence), _UP(right.value)
        low, high = right.interval
        size = 3 + 7 * math.sqrt(right.count / len(outcomes))
        svg.line(root, "whisker", (x, _UP(low)), (x, _UP(high)))
        svg.add(root, "circle", "first", cx=x, cy=y, r=size)
        beside, place = (-size - 4, "end") if confidence > 0.5 else (size + 4, "start")
        svg.text(root, x + beside, y - 7, str(right.count), f"tick {place}")
    svg.bottom_axis(root, _ACROSS, _BASE, _TENTHS, "mean confidence")
    return svg.markup(root)


def risk_coverage(outcomes: Sequence[Outcome]) -> Markup:
    """Risk at each coverage with its interval, and where the threshold puts this run."""
    curve = measures.risk_coverage(outcomes)
    answered = sum(not o.refused for o in outcomes)
    label = (
        f"Risk-coverage curve. Answering {answered} of {len(outcomes)} questions; "
        f"area under the curve {measures.aurc(outcomes):.3f}."
    )
    root = svg.chart(label, _WIDTH, _HEIGHT)
    drawn = curve[max(len(curve) // 20 - 1, 0) :]
    low, high = zip(*(risk.interval for risk in drawn), strict=True)
    up = Axis(0, min(1.0, math.ceil(10 * max(high)) / 10), _BASE, TOP + 4)
    ticks = [(i / 10, f"{i * 10} %") for i in range(round(up.high * 10) + 1)]
    svg.left_axis(root, up, _ACROSS, ticks[:: 1 if len(ticks) < 7 else 2])
    x = [_ACROSS(risk.count / len(curve)) for risk in drawn]
    above, below = list(zip(x, map(up, high), strict=True)), list(zip(x, map(up, low), strict=True))
    svg.path(root, "band", above + below[::-1], closed=True)
    svg.path(root, "curve", zip(x, (up(risk.value) for risk in drawn), strict=True))
    if answered:
        coverage = answered / len(outcomes)
        place = _ACROSS(coverage), up(measures.risk(outcomes).value)
        svg.line(root, "threshold", (place[0], up.start), (place[0], up.end))
        svg.add(root, "circle", "first", cx=place[0], cy=place[1], r=5)
        svg.text(root, place[0] - 7, up.end + 10, f"answered: {100 * coverage:.0f} %", "label end")
    svg.bottom_axis(root, _ACROSS, _BASE, _TENTHS, "questions answered, surest first")
    return svg.markup(root)


def latency(outcomes: Sequence[Outcome]) -> Markup:
    """How many of the questions were through each stage after how long; a logarithmic scale."""
    times = {stage: [1000 * value for value in measures.seconds(outcomes, stage)] for stage in STAGES}
    everything = [value for values in times.values() for value in values]
    first, last = math.floor(math.log10(min(everything))), math.ceil(math.log10(max(everything)))
    root = svg.chart("Share of questions through each stage after a time in milliseconds.", _WIDTH, _HEIGHT)
    across = Axis(10.0**first, 10.0**last, LEFT, _WIDTH - RIGHT, math.log10)
    svg.left_axis(root, _UP, across, _TENTHS)
    for stage, values in times.items():
        steps = [(across.low, 0.0)]
        for done, value in enumerate(sorted(values), start=1):
            steps += [(value, (done - 1) / len(values)), (value, done / len(values))]
        svg.path(root, f"curve {stage}", [(across(value), _UP(share)) for value, share in steps])
    ticks = [(10.0**power, f"{10.0**power:g}") for power in range(first, last + 1)]
    svg.bottom_axis(root, across, _BASE, ticks, "milliseconds (logarithmic scale)")
    return svg.markup(root)
