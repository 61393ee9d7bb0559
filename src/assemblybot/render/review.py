"""What a curator is told of a question that waits, and of what decisions changed: the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from assemblybot.curation.queue import Queued, Why
from assemblybot.curation.report import Change, Measured, Report
from assemblybot.messages import say
from assemblybot.render.place import day
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import InterfaceLanguage


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


def groups(report: Report) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """The rows of a report with the key of what they have in common, the most urgent first."""
    listed = {change.row.id for change in (*report.hurt, *report.mended, *report.wrong)}
    yield "review-hurt", report.hurt
    yield "review-mended", report.mended
    yield "review-wrong-now", report.wrong
    yield "review-right-now", tuple(c for c in report.measured if c.row.id not in listed)
    yield "review-gone", report.gone


def headline(report: Report, language: InterfaceLanguage) -> Iterator[str]:
    """How many rows were right and are right; how many were not asked of this index yet."""
    if not report.changes:
        yield say(language, "review-no-report")
    if report.measured:
        counts = {"before": report.right_before, "now": report.right_now, "count": len(report.measured)}
        yield say(language, "review-right", **counts)
    if report.waiting:
        yield say(language, "review-waiting-report", count=len(report.waiting))


def outcome(change: Change, language: InterfaceLanguage) -> str:
    """What was cited before and is now; nothing for a row that was not asked."""
    if change.now is None:
        return ""
    now, before = _cited(change.now, language), _cited(change.before or change.now, language)
    return now if now == before else say(language, "review-outcome", before=before, now=now)


def changes(report: Report, language: InterfaceLanguage) -> Iterator[str]:
    """A report as lines of text."""
    yield from headline(report, language)
    for key, found in groups(report):
        if found:
            yield ""
            yield f"{say(language, key)}: {len(found)}"
        for change in found:
            said = outcome(change, language)
            yield f"  {change.row.question}" + (f"  ({said})" if said else "")


def _cited(measured: Measured, language: InterfaceLanguage) -> str:
    return measured.cited or say(language, "review-outcome-refused")
