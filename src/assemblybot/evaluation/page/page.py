"""The page itself: template, style sheet, plots and figures put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib import resources
from typing import Final, Literal, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assemblybot.corpus.document import Document
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome, Share
from assemblybot.evaluation.page import charts
from assemblybot.evaluation.run import Case, Run, compare, is_right
from assemblybot.text.bidi import direction

_LANGUAGES: Final = {
    "ar": "Arabic",
    "ary": "Darija",
    "ary-Latn": "Darija in Latin letters",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
}


class Quote(NamedTuple):
    """One cited or expected quote: paragraph number, section, text and its language."""

    paragraph: int
    section: str | None
    text: str
    language: str
    right: bool


def render(run: Run, documents: Mapping[str, Document], source: str, baseline: Run | None = None) -> str:
    """The report of a run over the questions called `source`, compared with an earlier run if given.

    Raises AssemblybotError when the earlier run asked other questions.
    """
    package, outcomes = __package__ or "", run.outcomes
    environment = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "interval": interval, "direction": direction}
    environment.globals |= {
        "cited": partial(cited, documents),
        "expected": partial(expected, documents),
        "languages": _LANGUAGES,
        "measures": measures,
        "what_happened": what_happened,
    }
    style = (resources.files(package) / "page.css").read_text(encoding="utf-8")
    languages, types = _largest_first(outcomes, "language"), _largest_first(outcomes, "type")
    curve = measures.risk_coverage(outcomes)
    return environment.get_template("page.html.jinja").render(
        run=run,
        source=source,
        titles=[(d.metadata.title, d.metadata.language) for d in documents.values()],
        style=Markup(style),  # noqa: S704 — our own file
        charts=charts,
        outcomes=outcomes,
        headlines=headlines(outcomes),
        recalls=[
            ("By language", charts.recall("R@1, R@3 and R@5 by language", languages), languages),
            ("By type of question", charts.recall("R@1, R@3 and R@5 by type of question", types), types),
        ],
        risks=[curve[math.ceil(tenth * len(curve) / 10) - 1] for tenth in range(1, 11)],
        mistakes=mistakes(run.cases),
        baseline=baseline,
        compared=compare(run, baseline) if baseline else None,
        before=headlines(baseline.outcomes) if baseline else [],
    )


def percent(share: Share) -> str:
    """`88.1 %`; a dash when nothing was counted."""
    return f"{100 * share.value:.1f} %" if share.count else "–"


def interval(share: Share) -> str:
    """`82–93 %`, the Wilson interval; empty when nothing was counted."""
    low, high = share.interval
    return f"{100 * low:.0f}–{100 * high:.0f} %" if share.count else ""


def headlines(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """The figures of the run as a whole: name, value, and its interval or what it counts."""
    shares = {
        "first citation right (R@1)": measures.recall(outcomes),
        "right among the first three (R@3)": measures.recall(outcomes, 3),
        "right among the first five (R@5)": measures.recall(outcomes, 5),
        "unanswerable refused": measures.refusals(outcomes, answerable=False),
        "answerable refused": measures.refusals(outcomes, answerable=True),
        "answers that are wrong": measures.risk(outcomes),
    }
    rows = [
        (name, percent(s), f"{s.hits} of {s.count} · {interval(s)}" if s.count else "none asked")
        for name, s in shares.items()
    ]
    error = measures.expected_calibration_error(outcomes)
    rows.append(("calibration error (ECE)", f"{error:.3f}", "of confidence, ten bins"))
    median, *_, slowest = measures.percentiles(measures.seconds(outcomes, "total"))
    return [*rows, ("time per question, median", f"{1000 * median:.1f} ms", f"p99 {1000 * slowest:.1f} ms")]


def _largest_first(
    outcomes: Sequence[Outcome], by: Literal["language", "type"]
) -> list[tuple[str, list[Outcome]]]:
    """Groups of outcomes under the names that are shown."""
    named = measures.groups(outcomes, by).items()
    shown = [(_LANGUAGES.get(name, name.replace("_", " ")), group) for name, group in named]
    return sorted(shown, key=lambda group: (-len(group[1]), group[0]))


def mistakes(cases: Iterable[Case]) -> list[Case]:
    """Every question that went wrong, the surest mistakes first, refusals last."""
    wrong = (case for case in cases if not case.outcome.right)
    return sorted(wrong, key=lambda case: (case.outcome.refused, -case.outcome.confidence))


def what_happened(o: Outcome) -> str:
    """How a question went, in a few words."""
    if o.right:
        return "right"
    if not o.answerable:
        return "answered, though the documents do not answer it"
    if o.refused:
        return f"refused; the best passage was {'right' if o.best_right else 'wrong'}"
    return f"right only in place {o.rank}" if o.rank else "no right citation"


def cited(documents: Mapping[str, Document], case: Case) -> list[Quote]:
    """What a question cites, or would have cited had it not been refused."""
    return [
        Quote(c.paragraph, c.section, c.quote, _language(documents, c.document), is_right(case.question, c))
        for c in case.answer.citations or filter(None, [case.answer.best])
    ]


def expected(documents: Mapping[str, Document], case: Case) -> list[Quote]:
    """What a question should cite."""
    quotes = []
    for name, start, end in case.question.places:
        document = documents[name]
        passage = next(p for p in document.passages if p.start < end and start < p.end)
        text, language = document.text[start:end], _language(documents, name)
        quotes.append(Quote(passage.number, passage.section, text, language, right=True))
    return quotes


def _language(documents: Mapping[str, Document], name: str) -> str:
    return documents[name].metadata.language
