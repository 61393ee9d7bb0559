"""The commands; wiring only. Expected failures print one line and set an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assemblybot.errors import AssemblybotError

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.corpus.adding import Added
    from assemblybot.index.build import Progress
    from assemblybot.render.terminal import Bidi
    from assemblybot.service.run import Only
    from assemblybot.settings import Settings

app = typer.Typer(
    help="Answers questions from a small library of documents, only with cited passages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs no rich, which takes 0.2 s to load
)
index_app = typer.Typer(help="Build, check and describe the index.", no_args_is_help=True)
app.add_typer(index_app, name="index")
slack_app = typer.Typer(help="Answer in Slack (Socket Mode), or print the app manifest.")
app.add_typer(slack_app, name="slack")

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="Folder of documents.")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of built indexes.")]
BidiOption = Annotated[
    str, typer.Option("--bidi", help="logical, or visual for terminals that do not reorder Arabic.")
]


def main() -> None:
    """Entry point of the `assemblybot` command."""
    try:
        app()
    except AssemblybotError as error:
        print(f"assemblybot: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("assemblybot: stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


def _settings(corpus: Path | None, index: Path | None) -> Settings:
    from assemblybot.settings import load_settings

    changed = {name: value for name, value in (("corpus_dir", corpus), ("index_dir", index)) if value}
    return load_settings().model_copy(update=changed)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on standard error while an index is built; in a pipe, a line for each stage."""
    if not sys.stderr.isatty():
        begun: set[str] = set()

        def say(stage: str, _done: int, _total: int) -> None:
            if stage not in begun:
                begun.add(stage)
                print(f"assemblybot: building the index: {stage}", file=sys.stderr, flush=True)

        yield say
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total)

        yield show


def _open(settings: Settings) -> Assistant:
    from assemblybot.startup import open_assistant

    with _progress() as progress:
        return open_assistant(settings, progress)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"assemblybot {installed('assemblybot')}")
        raise typer.Exit


@app.command()
def ask(
    question: Annotated[
        list[str] | None, typer.Argument(help="The question; none: one a line of input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a question.")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    bidi: BidiOption = "logical",
) -> None:
    """Answer one question, or each line of standard input."""
    settings = _settings(corpus, index)
    assistant = _open(settings)
    show = _json(assistant, settings) if as_json else _text(assistant, bidi, settings)
    if question:
        show(" ".join(question))
        return
    failed: AssemblybotError | None = None
    for line in sys.stdin:
        if line.strip():
            try:
                show(line.rstrip("\r\n"))
            except AssemblybotError as error:
                failed = error
                print(f"assemblybot: {error}", file=sys.stderr)
                if as_json:
                    print(
                        json.dumps({"question": line[:80].strip(), "error": str(error)}, ensure_ascii=False)
                    )
        sys.stdout.flush()
    if failed:
        raise typer.Exit(failed.exit_code)


def _json(assistant: Assistant, settings: Settings) -> Callable[[str], None]:
    from assemblybot.api.publish import Publisher
    from assemblybot.render.permalink import Permalinks

    publisher = Publisher(assistant.index, Permalinks(settings.public_url))
    return lambda question: print(publisher.answer(assistant.answer(question)).model_dump_json(), flush=True)


def _text(assistant: Assistant, bidi: str, settings: Settings) -> Callable[[str], None]:
    from assemblybot.chat.repl import Repl, console

    return Repl(lambda: assistant, console(), _bidi(bidi), settings.public_url).ask


def _bidi(value: str) -> Bidi:
    if value == "logical":
        return "logical"
    if value == "visual":
        return "visual"
    raise typer.BadParameter("choose logical or visual", param_hint="--bidi")


@app.command()
def repl(corpus: CorpusOption = None, index: IndexOption = None, bidi: BidiOption = "logical") -> None:
    """Ask questions at a prompt; in a pipe, answer each line."""
    from assemblybot import folders
    from assemblybot.chat.repl import Repl, console, run_interactive, run_piped

    settings = _settings(corpus, index)
    session = Repl(lambda: _open(settings), console(), _bidi(bidi), settings.public_url)
    if sys.stdin.isatty():
        run_interactive(session, folders.history())
    else:
        run_piped(session)


@app.command()
def serve(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer on every platform that is set up, until stopped.

    Over HTTP where `PUBLIC_URL` and the secrets are set, else by polling and Socket Mode.
    """
    _serve(_settings(corpus, index))


def _serve(settings: Settings, only: Only | None = None) -> None:
    from assemblybot.service.run import run

    run(settings, _progress, only)


@app.command()
def mcp(
    http: Annotated[
        bool,
        typer.Option("--http", help="Streamable HTTP on HOST and PORT, for whoever has one of API_KEYS."),
    ] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Answer an assistant that speaks MCP, over standard input and output or HTTP."""
    from assemblybot.api import starting

    settings = _settings(corpus, index)
    serve_mcp = starting.mcp(http=http)
    serve_mcp(settings, _open(settings))


@app.command()
def verify(
    citations: Annotated[
        list[str], typer.Argument(help="Permalinks, or JSON of `ask --json`; `-`: one a line of input.")
    ],
    corpus: CorpusOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a citation.")] = False,
) -> None:
    """Say whether cited quotes still stand in the documents.

    The exit code is 0 where all stand, 1 where one has moved, 8 where one is gone.
    """
    from assemblybot.api.verify import verified

    given = [line for text in citations for line in (sys.stdin if text == "-" else [text]) if line.strip()]
    code = 0
    for finding in verified(given, _settings(corpus, None).corpus_dir):
        typer.echo(finding.to_json() if as_json else str(finding))
        code = max(code, finding.exit_code)
    if code:
        raise typer.Exit(code)


@app.command()
def telegram(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer in Telegram by long polling, until stopped."""
    from assemblybot import tokens

    tokens.require("TELEGRAM_BOT_TOKEN")
    _serve(_settings(corpus, index), "telegram")


@slack_app.callback(invoke_without_command=True)
def slack(context: typer.Context, corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer in one Slack workspace over Socket Mode, until stopped."""
    if context.invoked_subcommand:
        return
    from assemblybot import tokens

    tokens.require("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    _serve(_settings(corpus, index), "slack")


@slack_app.command("manifest")
def slack_manifest(
    url: Annotated[
        str | None, typer.Option("--url", help="Public URL, for HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """Print the app manifest to paste into “create app from manifest”."""
    from assemblybot.chat.slack.manifest import manifest_yaml

    typer.echo(manifest_yaml(url), nl=False)


@app.command()
def add(
    sources: Annotated[
        list[Path], typer.Argument(help="Files (.txt .md .html .pdf .docx), or folders of them.")
    ],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of documents of the same id.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the files and say what was found; write nothing.")
    ] = False,
) -> None:
    """Put documents into the corpus and rebuild the index."""
    from assemblybot.corpus import adding
    from assemblybot.errors import DocumentReadError

    settings = _own(_settings(corpus, index))
    found = list(
        adding.add(sources, settings.corpus_dir, replace=replace, dry_run=dry_run, progress=_reading)
    )
    for result in found:
        if isinstance(result, adding.Refused):
            print(f"assemblybot: {result.file} was not added: {result.reason}", file=sys.stderr)
        else:
            typer.echo("\n".join(_told(result, dry_run)))
    if not dry_run and any(isinstance(result, adding.Added) for result in found):
        _open(settings)
    if any(isinstance(result, adding.Refused) for result in found):
        raise typer.Exit(DocumentReadError.exit_code)


def _own(settings: Settings) -> Settings:
    """The settings with a corpus that may be written to: of a shipped one, a copy."""
    from assemblybot import folders

    return settings.model_copy(update={"corpus_dir": folders.own_corpus(settings.corpus_dir)})


def _reading(position: int, files: int, name: str) -> None:
    if files > 1 or sys.stderr.isatty():
        print(f"reading {position} of {files}: {name}", file=sys.stderr, flush=True)


def _told(result: Added, dry_run: bool) -> Iterator[str]:
    """What is said of one document: what became of it, what was left out, what was guessed."""
    document = result.document
    done = "would add" if dry_run else "replaced" if result.replaced else "added"
    yield f"{done} {document.id}"
    yield f"  title: {document.metadata.title}"
    yield f"  language: {document.metadata.language}; passages: {len(document.passages)}"
    yield from (f"  left out: {what}" for what in result.left_out)
    yield from (f"  note: {note}" for note in result.notes)


@app.command()
def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids, as `assemblybot list` shows them.")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Take documents out of the corpus and rebuild the index."""
    from assemblybot.corpus import adding, library

    settings = _own(_settings(corpus, index))
    for name in documents:
        adding.remove(name, settings.corpus_dir)
        typer.echo(f"removed {name}")
    if any(library.document_folders(settings.corpus_dir)):
        _open(settings)


@app.command("list")
def list_documents(corpus: CorpusOption = None) -> None:
    """List the documents of the corpus: id, language, passages, title."""
    from assemblybot.corpus import library

    for document in library.load(_settings(corpus, None).corpus_dir).documents:
        said = document.metadata
        typer.echo(f"{document.id}\t{said.language}\t{len(document.passages)}\t{said.title}")


@index_app.command("build")
def index_build(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Only when the index does not fit.")] = False,
) -> None:
    """Build the index of the corpus and make it current."""
    from assemblybot.startup import build_index, open_embedder

    settings = _settings(corpus, index)
    with _progress() as progress:
        built = build_index(settings, open_embedder(settings), progress, if_stale=if_stale)
    typer.echo(f"built {built}")


@index_app.command("check")
def index_check(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Verify every part of the index and whether it fits corpus and model."""
    from assemblybot.index import store
    from assemblybot.startup import open_embedder, open_milvus

    settings = _settings(corpus, index)
    model, milvus = open_embedder(settings).id, open_milvus(settings)
    store.load(settings.index_dir, model, milvus, whole=True)
    stale = store.is_stale(settings.index_dir, settings.corpus_dir, model, milvus)
    typer.echo("whole, but stale: the corpus has changed" if stale else "whole and up to date")


@index_app.command("info")
def index_info(index: IndexOption = None) -> None:
    """Print the manifest of the index."""
    from assemblybot.index import store
    from assemblybot.index.manifest import Manifest

    typer.echo(Manifest.read(store.current(_settings(None, index).index_dir)).to_json(), nl=False)


@app.command()
def passages(corpus: CorpusOption = None) -> None:
    """List the passages of the corpus: id, kind, offsets, text."""
    from assemblybot.corpus import library

    for passage in library.load(_settings(corpus, None).corpus_dir).passages:
        typer.echo(f"{passage.id}\t{passage.kind}\t{passage.start}-{passage.end}\t{passage.text}")


@app.command("eval")
def evaluate(
    questions: Annotated[Path, typer.Argument(help="Questions with known answers, JSON lines.")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Overall figures as JSON.")] = False,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Also without translations, known questions, each leg alone.")
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
    from assemblybot.evaluation import record, run, table

    if baseline and not page:
        raise typer.BadParameter("needs --report, the page that shows it", param_hint="--baseline")
    settings = _settings(corpus, index)
    if ablation:
        from assemblybot.corpus import library
        from assemblybot.evaluation.ablation import ablations
        from assemblybot.startup import open_embedder

        found = ablations(library.load(settings.corpus_dir), open_embedder(settings), questions)
        typer.echo("\n".join(table.ablation_lines(found)))
        return
    earlier = record.load(baseline) if baseline else None
    assistant = _open(settings)
    measured = run.evaluate(assistant, questions)
    if save:
        record.save(measured, save)
    if page:
        from assemblybot.evaluation.page.page import render

        shown = render(measured, assistant.index.documents, questions.name, earlier)
        page.write_text(shown, encoding="utf-8")
    outcomes = measured.outcomes
    typer.echo(json.dumps(run.summary(outcomes)) if as_json else "\n".join(table.lines(outcomes)))


@app.command()
def doctor(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Check the installation, tokens, Redis and clock.

    One line each, with what to do about it.
    """
    from assemblybot.doctor import findings

    failed = 0
    for finding in findings(_settings(corpus, index)):
        typer.echo(str(finding))
        failed = failed or finding.exit_code
    if failed:
        raise typer.Exit(failed)
