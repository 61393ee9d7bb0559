"""The page itself: template, style sheet, plots and figures put together."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assemblybot.corpus.document import Document
from assemblybot.evaluation.comparison import compare
from assemblybot.evaluation.page import charts, view
from assemblybot.evaluation.record import Record
from assemblybot.evaluation.run import Run


def render(run: Run, documents: Mapping[str, Document], source: str, baseline: Record | None = None) -> str:
    """The report of a run over the questions called `source`, compared with an earlier run if given.

    Raises AssemblybotError when the earlier run asked other questions.
    """
    package = __package__ or ""
    environment = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (resources.files(package) / "page.css").read_text(encoding="utf-8")
    outcomes = run.outcomes
    languages = view.groups(outcomes, lambda o: o.language)
    types = view.groups(outcomes, lambda o: o.type)
    return environment.get_template("page.html.jinja").render(
        run=run,
        source=source,
        titles=[(d.metadata.title, d.metadata.language) for d in documents.values()],
        style=Markup(style),  # noqa: S704 — our own file
        view=view,
        charts=charts,
        outcomes=outcomes,
        recalls=[
            ("By language", charts.recall("R@1, R@3 and R@5 by language", languages), languages),
            ("By type of question", charts.recall("R@1, R@3 and R@5 by type of question", types), types),
        ],
        failures=view.failures(run.cases, documents),
        baseline=baseline,
        compared=_compared(run, documents, baseline) if baseline else None,
    )


def _compared(run: Run, documents: Mapping[str, Document], baseline: Record) -> dict[str, object]:
    found = compare(run, baseline)
    return {
        "split": found,
        "rows": list(view.comparison_rows(baseline.outcomes, run.outcomes)),
        "changes": [
            (name, [(change.before, view.failure(change.now, documents)) for change in changes])
            for name, changes in (("Won", found.wins), ("Lost", found.losses))
        ],
    }
