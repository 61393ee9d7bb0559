"""Questions: one, one a line, or at a prompt."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assemblybot.cli.common import (
    BidiOption,
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    input_lines,
    opened,
    writes_unicode,
)
from assemblybot.errors import AssemblybotError

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.render.terminal import Bidi
    from assemblybot.settings import Settings


def ask(
    question: Annotated[
        list[str] | None, typer.Argument(help="The question. Without it, each line of input is one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per question.")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    bidi: BidiOption = "logical",
) -> None:
    """Answer one question, or each line of standard input."""
    settings = chosen_settings(corpus, index, collection)
    assistant = opened(settings)
    answer = _json(assistant, settings) if as_json else _text(assistant, bidi, settings)
    if question:
        answer(" ".join(question))
        return
    failed: AssemblybotError | None = None
    for line in filter(str.strip, input_lines()):
        try:
            if not as_json:
                print(f"? {line.strip()}")
            answer(line.rstrip("\r\n"))
        except AssemblybotError as error:
            failed = error
            print(f"assemblybot: {error}", file=sys.stderr)
            if as_json:
                _print_json({"question": line[:80].strip(), "error": str(error)})
        print(end="" if as_json else "\n", flush=True)
    if failed:
        raise typer.Exit(failed.exit_code)


def _json(assistant: Assistant, settings: Settings) -> Callable[[str], None]:
    from assemblybot.api.publish import Publisher
    from assemblybot.render.links import Permalinks

    publisher = Publisher(assistant.index, Permalinks(settings.public_url))
    return lambda question: _print_json(publisher.answer(assistant.answer(question)).model_dump(mode="json"))


def _print_json(values: dict[str, Any]) -> None:
    print(json.dumps(values, ensure_ascii=not writes_unicode()), flush=True)


def _text(assistant: Assistant, bidi: Bidi, settings: Settings) -> Callable[[str], None]:
    from assemblybot.chat.repl import Repl, console

    return Repl(lambda: assistant, console(), bidi, settings.public_url).ask


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
        session = Repl(opening.wait, console(), bidi, settings.public_url)
        run_interactive(session, opening, folders.history())
    else:
        assistant = opened(settings)
        run_piped(Repl(lambda: assistant, console(), bidi, settings.public_url), input_lines())
