"""What a curator is told of the last report."""

from __future__ import annotations

import pytest

from assemblybot.curation.decided import Decided, Decision
from assemblybot.curation.report import Change, Measured
from assemblybot.messages import say
from assemblybot.render.review import headline

ROW = Decided(
    id="r1", lang="en", type=Decision.NOT_IN_DOCUMENTS, question="Where?", gold=(), answerable=False
)
MET, MISSED = Measured(index="i", met=True), Measured(index="i", met=False)
RIGHT, HURT, MENDED, WRONG = (Change(ROW, was, now) for was in (MET, MISSED) for now in (MET, MISSED))
GONE, WAITING = Change(ROW, MET, None, gone=True), Change(ROW, MET, None)


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ([RIGHT, RIGHT, HURT, HURT, MENDED, WRONG], [(4, 3, 6)]),
        ([RIGHT, HURT, MENDED, MENDED, GONE, WAITING, WAITING], [(2, 3, 4), 2]),
        ([GONE, WAITING], [1]),
        ([GONE], []),
    ],
)
def test_right_before_and_now_are_of_the_rows_that_were_asked(
    report: list[Change], told: list[tuple[int, int, int] | int]
) -> None:
    lines = [
        say("en", "review-waiting-report", count=count)
        if isinstance(count, int)
        else say("en", "review-right", before=count[0], now=count[1], count=count[2])
        for count in told
    ]
    assert list(headline(report, "en")) == lines
