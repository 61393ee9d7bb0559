"""What a curator is told of a question that waits, and of what decisions changed: the same everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from assemblybot.curation.queue import Queued, Why
from assemblybot.curation.report import Change, Measured, Outcome
from assemblybot.messages import say
from assemblybot.render.place import day
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import InterfaceLanguage

_GROUPS: Final = {
    Outcome.HURT: "review-hurt",
    Outcome.MENDED: "review-mended",
    Outcome.WRONG: "review-wrong-now",
    Outcome.RIGHT: "review-right-now",
    Outcome.GONE: "review-gone",
}


def asked(queued: Queued, language: InterfaceLanguage) -> str:
    """How often a question was asked, and when it was last."""
    when = day(queued.last.partition("T")[0], language)
    return say(language, "review-asked", count=queued.times, day=when)


def reasons(queued: Queued, language: InterfaceLanguage) -> Iterator[str]:
    """Why a question waits, what people said of its answer, and what was cited."""
    said = partial(say, language)
    for why in queued.why:
        if why is Why.UNHELPFUL:
            told = [said(f"review-reason-{reason.value}") for reason in sorted(queued.reasons)]
            helped = said("review-why-unhelpful", count=queued.unhelpful)
            yield f"{helped} ({', '.join(told)})" if told else helped
        else:
            yield said(f"review-why-{why.value}")
    cited = strip_bidi(", ".join(queued.cited))
    yield said("review-cited", passages=cited) if cited else said("review-nothing-cited")


def groups(report: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The rows of a report with the key of what they have in common, the most urgent first."""
    for found, key in _GROUPS.items():
        yield key, [change for change in report if change.outcome is found]


def headline(report: Sequence[Change], language: InterfaceLanguage) -> Iterator[str]:
    """How many rows were right and are right; how many were not asked of this index yet."""
    if not report:
        yield say(language, "review-no-report")
    count = Counter(change.outcome for change in report)
    if measured := len(report) - count[Outcome.GONE] - count[Outcome.WAITING]:
        before, now = (count[Outcome.RIGHT] + count[one] for one in (Outcome.HURT, Outcome.MENDED))
        yield say(language, "review-right", before=before, now=now, count=measured)
    if count[Outcome.WAITING]:
        yield say(language, "review-waiting-report", count=count[Outcome.WAITING])


def outcome(change: Change, language: InterfaceLanguage) -> str:
    """What was cited before and is now; nothing for a row that was not asked."""
    if change.now is None:
        return ""
    now, before = _cited(change.now, language), _cited(change.before or change.now, language)
    return now if now == before else say(language, "review-outcome", before=before, now=now)


def changes(report: Sequence[Change], language: InterfaceLanguage) -> Iterator[str]:
    """A report as lines of text."""
    yield from headline(report, language)
    for key, found in groups(report):
        if found:
            yield ""
            yield f"{say(language, key)} ({len(found)})"
        for change in found:
            said = outcome(change, language)
            yield f"  {change.row.question}" + (f"  ({said})" if said else "")


def _cited(measured: Measured, language: InterfaceLanguage) -> str:
    return measured.cited or say(language, "review-outcome-refused")
