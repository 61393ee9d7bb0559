"""The commands, registered in the order in which `--help` lists them.

Expected failures print one line and set an exit code. What a command needs is imported when it
runs, so that `--help` loads nothing.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assemblybot.cli import asking, common, corpus, quality, serving
from assemblybot.errors import AssemblybotError, TooLittleMemoryError, lacks_memory

_HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    help="Answer questions from documents, only with cited passages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs no rich, which takes 0.2 s to load
    context_settings=_HELP,
)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"assemblybot {installed('assemblybot')}")
        raise typer.Exit


app.command()(asking.ask)
app.command()(asking.repl)
app.command()(serving.serve)
app.command()(serving.mcp)
app.command()(quality.verify)
app.command()(serving.telegram)
app.command()(corpus.add)
app.command()(corpus.remove)
app.command("list")(corpus.list_documents)
app.command()(corpus.passages)
app.command("eval")(quality.evaluate)
app.command()(quality.review)
app.command()(quality.doctor)

_index = typer.Typer(help="Build, check and describe the index.", no_args_is_help=True)
_index.command("build")(corpus.index_build)
_index.command("check")(corpus.index_check)
_index.command("info")(corpus.index_info)
app.add_typer(_index, name="index")

_slack = typer.Typer(help="Answer in Slack (Socket Mode), or print the app manifest.")
_slack.callback(invoke_without_command=True)(serving.slack)
_slack.command("manifest")(serving.slack_manifest)
app.add_typer(_slack, name="slack")


def main() -> None:
    """Entry point of the `assemblybot` command."""
    common.open_closed()
    common.set_encodings()
    try:
        app()
    except KeyboardInterrupt:
        print("assemblybot: stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        expected = TooLittleMemoryError() if lacks_memory(error) else error
        if not isinstance(expected, AssemblybotError):
            raise
        print(f"assemblybot: {expected}", file=sys.stderr)
        sys.exit(expected.exit_code)
