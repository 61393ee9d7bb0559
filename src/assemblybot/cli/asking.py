"""Questions: one, one a line, or at a prompt."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assemblybot.cli import streams
from assemblybot.cli.common import CollectionOption, CorpusOption, IndexOption, chosen_settings, opened
from assemblybot.errors import AssemblybotError

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.render.terminal import Bidi
    from assemblybot.settings import Settings

BidiOption = Annotated[
    str, typer.Option("--bidi", help="logical, or visual for terminals that do not reorder Arabic.")
]


def ask(
    question: Annotated[
        list[str] | None, typer.Argument(help="The question; none: one a line of input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a question.")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    bidi: BidiOption = "logical",
) -> None:
    """Answer one question, or each line of standard input."""
    settings = chosen_settings(corpus, index, collection)
    assistant = opened(settings)
    show = _json(assistant, settings) if as_json else _text(assistant, bidi, settings)
    if question:
        show(" ".join(question))
        return
    failed: AssemblybotError | None = None
    for line in streams.lines():
        if not line.strip():
            continue
        try:
            if not as_json:
                print(f"? {line.strip()}")
            show(line.rstrip("\r\n"))
        except AssemblybotError as error:
            failed = error
            print(f"assemblybot: {error}", file=sys.stderr)
            if as_json:
                _print_json({"question": line[:80].strip(), "error": str(error)})
        if not as_json:
            print()
        sys.stdout.flush()
    if failed:
        raise typer.Exit(failed.exit_code)


def _json(assistant: Assistant, settings: Settings) -> Callable[[str], None]:
    from assemblybot.api.publish import Publisher
    from assemblybot.render.links import Permalinks

    publisher = Publisher(assistant.index, Permalinks(settings.public_url))
    return lambda question: _print_json(publisher.answer(assistant.answer(question)).model_dump(mode="json"))


def _print_json(values: dict[str, Any]) -> None:
    print(json.dumps(values, ensure_ascii=not streams.writes_unicode()), flush=True)


def _text(assistant: Assistant, bidi: str, settings: Settings) -> Callable[[str], None]:
    from assemblybot.chat.repl import Repl, console

    return Repl(lambda: assistant, console(), chosen_bidi(bidi), settings.public_url).ask


def chosen_bidi(value: str) -> Bidi:
    """What `--bidi` names. Raises BadParameter."""
    if value == "logical":
        return "logical"
    if value == "visual":
        return "visual"
    raise typer.BadParameter("choose logical or visual", param_hint="--bidi")


def repl(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    bidi: BidiOption = "logical",
) -> None:
    """Ask questions at a prompt; in a pipe, answer each line."""
    from assemblybot import folders
    from assemblybot.chat.prompt import Opening, run_interactive
    from assemblybot.chat.repl import Repl, console, run_piped
    from assemblybot.startup import open_assistant

    settings = chosen_settings(corpus, index, collection)
    if sys.stdin.isatty():
        opening = Opening(lambda progress: open_assistant(settings, progress))
        session = Repl(opening.wait, console(), chosen_bidi(bidi), settings.public_url)
        run_interactive(session, opening, folders.history())
    else:
        assistant = opened(settings)
        session = Repl(lambda: assistant, console(), chosen_bidi(bidi), settings.public_url)
        run_piped(session, streams.lines())
