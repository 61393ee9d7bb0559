"""How well it answers: measuring, deciding what was not answered well, verifying citations and the set-up."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from assemblybot.cli.common import (
    BidiOption,
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    input_lines,
    opened,
    with_own_corpus,
    writes_unicode,
)
from assemblybot.errors import CitationError
from assemblybot.text.bidi import clean_question

if TYPE_CHECKING:
    from assemblybot.session import Feedback
    from assemblybot.settings import Settings

# The number of characters that are repeated of something that is no citation.
_NAMED: Final = 60


def evaluate(
    questions: Annotated[Path, typer.Argument(help="File of questions with known answers, as JSON lines.")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the overall figures as JSON.")] = False,
    ablation: Annotated[
        bool,
        typer.Option("--ablation", help="Also without translations, retrievers or the cross-encoder."),
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--report", help="Write a page with plots and every mistake to this file.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Save the outcomes for --baseline.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="On the page, compare with outcomes saved by --save.")
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
        list[str], typer.Argument(help="Permalinks, or JSON from `ask --json`. `-` reads standard input.")
    ],
    corpus: CorpusOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per citation.")] = False,
) -> None:
    """Check whether cited quotes are still in the documents.

    Each citation names its collection. The exit code is 0 if every quote is where it was,
    1 if one has moved, 2 if something is no citation, and 8 if a quote is gone; the highest counts.
    """
    from assemblybot.api.verify import pasted, verified

    texts = ("".join(input_lines()) if text == "-" else text for text in citations)
    given = [one for text in texts for one in pasted(text)]
    settings = chosen_settings(corpus, None)
    codes: list[int] = []
    for one in given:
        try:
            for finding in verified([one], lambda name: corpus or settings.within(name).corpus_dir):
                typer.echo(finding.to_json(ascii_only=not writes_unicode()) if as_json else str(finding))
                codes.append(finding.exit_code)
        except CitationError as error:
            if len(given) == 1:
                raise
            typer.echo(f"assemblybot: {clean_question(one[:_NAMED])}: {error}", err=True)
            codes.append(error.exit_code)
    if not codes:
        raise CitationError("There is no citation to check: nothing was given, or answers that cite nothing.")
    if code := max(codes):
        raise typer.Exit(code)


def doctor(
    corpus: CorpusOption = None, index: IndexOption = None, collection: CollectionOption = None
) -> None:
    """Check the installation, tokens, Redis and clock.

    Print one line for each, with what to do if something is wrong.
    """
    from assemblybot.doctor import findings

    failed = 0
    for finding in findings(chosen_settings(corpus, index, collection)):
        typer.echo(str(finding))
        failed = failed or finding.exit_code
    if failed:
        raise typer.Exit(failed)


def review(
    only_report: Annotated[
        bool, typer.Option("--report", help="Only compare all decided questions before and after.")
    ] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    bidi: BidiOption = "logical",
) -> None:
    """Review the questions that were not answered well.

    These are the questions in QUESTION_LOG that were refused, answered with a caveat
    or rated not helpful. In a pipe, each line of input is a key.
    """
    import asyncio

    from assemblybot.chat.repl import console, locale_language
    from assemblybot.chat.review import Review, show_report
    from assemblybot.curation.curator import Curator
    from assemblybot.curation.report import waiting

    language = locale_language()
    settings = chosen_settings(corpus, index, collection)
    Curator.configured(settings)
    settings = with_own_corpus(settings)
    curator, assistant = Curator.configured(settings), opened(settings)
    if not only_report:
        session = Review(curator, assistant, console(), bidi, language, _reader())
        if session.run(asyncio.run(_ratings(settings))):
            assistant = opened(settings)
    for row in waiting(curator.report(assistant.index)):
        curator.note(row, assistant.answer(row.question), assistant.index)
    show_report(curator.report(assistant.index), console(), bidi, language)


async def _ratings(settings: Settings) -> Mapping[str, Feedback]:
    from assemblybot.session import open_store

    store = await open_store(settings)
    try:
        return await store.ratings()
    finally:
        await store.close()


def _reader() -> Callable[[str], str | None]:
    """Reads a key, or a line where words ask for one; in a pipe, always a line."""
    if not sys.stdin.isatty():
        lines = input_lines()
        return lambda _: next((line.strip() for line in lines), None)

    def read(asks: str) -> str | None:
        try:
            if asks:
                return input(asks)
            key = typer.getchar()
        except EOFError:
            return None
        return None if key in ("\x04", "\x1b") else key

    return read
