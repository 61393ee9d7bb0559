"""What the page shows of a run, in the words and figures it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.corpus.document import Document
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import STAGES, Outcome
from assemblybot.evaluation.run import Case, is_right
from assemblybot.evaluation.share import Share
from assemblybot.text.bidi import Direction, direction

_LANGUAGES: Final = {
    "ar": "Arabic",
    "ary": "Darija",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the run as a whole; `beside` is its interval or what it counts."""

    name: str
    value: str
    beside: str


@dataclass(frozen=True, slots=True)
class Place:
    """One cited or expected place: paragraph number, section, text and its language."""

    paragraph: int
    section: str | None
    text: str
    language: str
    right: bool

    @property
    def direction(self) -> Direction:
        """Which way the text reads."""
        return direction(self.text)


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that went wrong, what was cited and what should have been."""

    case: Case
    language: str
    what: str
    cited: tuple[Place, ...]
    expected: tuple[Place, ...]


def percent(share: Share) -> str:
    """`88.1 %`; a dash when nothing was counted."""
    return f"{100 * share.value:.1f} %" if share.count else "–"


def interval(share: Share) -> str:
    """`82–93 %`, the Wilson interval; empty when nothing was counted."""
    low, high = share.interval
    return f"{100 * low:.0f}–{100 * high:.0f} %" if share.count else ""


def headlines(outcomes: Sequence[Outcome]) -> list[Headline]:
    """The figures that the page starts with."""
    shares = {
        "first citation right (R@1)": measures.first_right(outcomes),
        "right among the first three (R@3)": measures.first_right(outcomes, 3),
        "right among the first five (R@5)": measures.first_right(outcomes, 5),
        "unanswerable refused": measures.refusals(outcomes, answerable=False),
        "answerable refused": measures.refusals(outcomes, answerable=True),
        "answers that are wrong": measures.risk(outcomes),
    }
    rows = [
        Headline(name, percent(s), f"{s.hits} of {s.count} · {interval(s)}" if s.count else "none asked")
        for name, s in shares.items()
    ]
    error = measures.calibration_error(outcomes)
    rows.append(Headline("calibration error (ECE)", f"{error:.3f}", "of confidence, ten bins"))
    middle, *_, slowest = measures.percentiles(measures.seconds(outcomes, "total"))
    rows.append(
        Headline("time per question, median", f"{1000 * middle:.1f} ms", f"p99 {1000 * slowest:.1f} ms")
    )
    return rows


def groups(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> list[tuple[str, list[Outcome]]]:
    """Outcomes by language or type, largest group first, under the names that are shown."""
    names = {key(o) for o in outcomes}
    found = [(_LANGUAGES.get(n, n.replace("_", " ")), [o for o in outcomes if key(o) == n]) for n in names]
    return sorted(found, key=lambda group: (-len(group[1]), group[0]))


def recall_rows(found: Sequence[tuple[str, Sequence[Outcome]]]) -> Iterator[tuple[str, ...]]:
    """Name, questions, R@1, its interval, R@3, R@5, answerable refused, unanswerable refused."""
    for name, group in found:
        first = measures.first_right(group)
        yield (
            name,
            str(len(group)),
            percent(first),
            interval(first),
            percent(measures.first_right(group, 3)),
            percent(measures.first_right(group, 5)),
            percent(measures.refusals(group, answerable=True)),
            percent(measures.refusals(group, answerable=False)),
        )


def latency_rows(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    """Stage, how many questions needed it, and its percentiles in milliseconds."""
    for stage in STAGES:
        if times := measures.seconds(outcomes, stage):
            yield (stage, str(len(times)), *(f"{1000 * value:.1f}" for value in measures.percentiles(times)))


def reliability_rows(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    """Mean confidence of a bin, its questions, how many can be answered, and the interval."""
    for found in measures.reliability(outcomes):
        inside = found.right
        yield (f"{found.confidence:.3f}", str(inside.count), percent(inside), interval(inside))


def risk_rows(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    """Risk with its interval at every tenth of coverage."""
    curve = measures.risk_coverage(outcomes)
    for tenth in range(1, 11):
        point = curve[math.ceil(tenth * len(curve) / 10) - 1]
        yield (f"{10 * tenth} %", str(point.answered), percent(point.wrong), interval(point.wrong))


def comparison_rows(before: Sequence[Outcome], now: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    """Each headline of two runs side by side."""
    for old, new in zip(headlines(before), headlines(now), strict=True):
        yield (new.name, old.value, old.beside, new.value, new.beside)


def failures(cases: Sequence[Case], documents: Mapping[str, Document]) -> list[Failure]:
    """Every question that went wrong, the surest mistakes first, refusals last."""
    wrong = [case for case in cases if not case.outcome.right]
    wrong.sort(key=lambda case: (case.outcome.refused, -case.outcome.confidence))
    return [failure(case, documents) for case in wrong]


def failure(case: Case, documents: Mapping[str, Document]) -> Failure:
    """One question beside what it should have got."""
    shown = case.answer.citations or ((case.answer.best,) if case.answer.best else ())
    return Failure(
        case=case,
        language=language_name(case.outcome.language),
        what=what_happened(case.outcome),
        cited=tuple(_cited(case, citation, documents) for citation in shown),
        expected=tuple(_expected(place, documents) for place in case.question.places),
    )


def language_name(code: str) -> str:
    """The English name of a language of questions; the code when it has none here."""
    return _LANGUAGES.get(code, code)


def what_happened(o: Outcome) -> str:
    """How a question went, in a few words."""
    if o.right:
        return "right"
    if not o.answerable:
        return "answered, though the documents do not answer it"
    if o.refused:
        return f"refused; the best passage was {'right' if o.best_right else 'wrong'}"
    return f"right only in place {o.rank}" if o.rank else "no right citation"


def _cited(case: Case, citation: Citation, documents: Mapping[str, Document]) -> Place:
    language = documents[citation.document].metadata.language
    right = is_right(case.question, citation)
    return Place(citation.paragraph, citation.section, citation.quote, language, right)


def _expected(place: tuple[str, int, int], documents: Mapping[str, Document]) -> Place:
    document, (start, end) = documents[place[0]], place[1:]
    passage = next(p for p in document.passages if p.start < end and start < p.end)
    text = document.text[start:end]
    return Place(passage.number, passage.section, text, document.metadata.language, right=True)
