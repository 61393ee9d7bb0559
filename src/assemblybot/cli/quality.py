"""How well it answers, whether what it cited still stands, and whether it is set up to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assemblybot.cli import streams
from assemblybot.cli.common import CollectionOption, CorpusOption, IndexOption, chosen_settings, opened


def evaluate(
    questions: Annotated[Path, typer.Argument(help="Questions with known answers, JSON lines.")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Overall figures as JSON.")] = False,
    ablation: Annotated[
        bool,
        typer.Option("--ablation", help="Also with parts left out: translations, retrievers, the reader."),
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--report", help="Write a page with plots and every mistake to this file.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Keep the outcomes for --baseline.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="On the page, compare with outcomes kept by --save.")
    ] = None,
) -> None:
    """Measure how well questions with known answers are answered."""
    from assemblybot.evaluation import run, table

    if baseline and not page:
        raise typer.BadParameter("needs --report, the page that shows it", param_hint="--baseline")
    settings = chosen_settings(corpus, index, collection)
    if ablation:
        from assemblybot.corpus import library
        from assemblybot.evaluation.ablation import ablations

        found = ablations(library.load(settings.corpus_dir), opened(settings), questions)
        typer.echo("\n".join(table.ablation_lines(found)))
        return
    earlier = run.load(baseline) if baseline else None
    assistant = opened(settings)
    measured = run.evaluate(assistant, questions)
    if save:
        run.save(measured, save)
    if page:
        from assemblybot.evaluation.page.page import render

        shown = render(measured, assistant.index.documents, questions.name, earlier)
        page.write_text(shown, encoding="utf-8")
    outcomes = measured.outcomes
    typer.echo(json.dumps(run.summary(outcomes)) if as_json else "\n".join(table.lines(outcomes)))


def verify(
    citations: Annotated[
        list[str], typer.Argument(help="Permalinks, or JSON of `ask --json`; `-`: one a line of input.")
    ],
    corpus: CorpusOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a citation.")] = False,
) -> None:
    """Say whether cited quotes still stand in the documents of the collection that they name.

    The exit code is 0 where all stand, 1 where one has moved, 8 where one is gone.
    """
    from assemblybot.api.verify import verified

    given = [line for text in citations for line in (streams.lines() if text == "-" else [text])]
    code = 0
    settings = chosen_settings(corpus, None)
    for finding in verified(
        filter(str.strip, given), lambda name: corpus or settings.within(name).corpus_dir
    ):
        typer.echo(finding.to_json() if as_json else str(finding))
        code = max(code, finding.exit_code)
    if code:
        raise typer.Exit(code)


def doctor(
    corpus: CorpusOption = None, index: IndexOption = None, collection: CollectionOption = None
) -> None:
    """Check the installation, tokens, Redis and clock.

    One line each, with what to do about it.
    """
    from assemblybot.doctor import findings

    failed = 0
    for finding in findings(chosen_settings(corpus, index, collection)):
        typer.echo(str(finding))
        failed = failed or finding.exit_code
    if failed:
        raise typer.Exit(failed)
