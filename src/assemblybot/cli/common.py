"""What the commands share: options, settings with what they change, the open assistant, input and output."""

from __future__ import annotations

import gc
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from assemblybot.errors import QuestionError

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.index.kept_vectors import Progress
    from assemblybot.settings import Settings

# Seconds between two lines about one stage where there is no progress bar.
_SAY_EVERY: Final = 60.0
CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="Folder of the documents.")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the indexes.")]
CollectionOption = Annotated[
    str | None,
    typer.Option("--collection", help="A name from COLLECTIONS, instead of the default."),
]
BidiOption = Annotated[
    Literal["logical", "visual"],
    typer.Option("--bidi", help="Use visual for terminals that do not reorder Arabic."),
]


def chosen_settings(corpus: Path | None, index: Path | None, collection: str | None = None) -> Settings:
    """The settings of the environment, of one collection where one was named, with the folders that were.

    Raises SettingsError and CollectionError.
    """
    with importing():
        from assemblybot.settings import load_settings

    settings = load_settings()
    if collection is not None:
        settings = settings.within(collection)
    changed = {name: value for name, value in (("corpus_dir", corpus), ("index_dir", index)) if value}
    return settings.model_copy(update=changed)


def with_own_corpus(settings: Settings) -> Settings:
    """The settings with a corpus that may be written to: of a shipped one, a copy. Raises CorpusError."""
    from assemblybot import folders

    return settings.model_copy(update={"corpus_dir": folders.own_corpus(settings.corpus_dir)})


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """A progress bar on standard error while an index is built; in a pipe, a line for each stage
    and, while that goes on, for each minute."""
    if not sys.stderr.isatty():
        said: dict[str, float] = {}

        def say(stage: str, done: int, total: int) -> None:
            now = time.monotonic()
            if now - said.get(stage, -_SAY_EVERY) >= _SAY_EVERY:
                part = f" ({done:,} of {total:,})" if stage in said else ""
                said[stage] = now
                print(f"assemblybot: building the index: {stage}{part}", file=sys.stderr, flush=True)

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


def opened(settings: Settings) -> Assistant:
    """An assistant whose index is up to date; the progress of building it is shown."""
    with importing():
        from assemblybot.startup import open_assistant

    with progress_shown() as progress:
        assistant = open_assistant(settings, progress)
    # What is loaded stays to the end, where looking through it would take 0.2 s.
    gc.freeze()
    return assistant


@contextmanager
def importing() -> Iterator[None]:
    """Imports without the garbage collector, which finds nothing in modules and takes 0.1 s for it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def open_closed() -> None:
    """Open the null device in the place of each standard stream that the command was started without.

    Else the next file to be opened, maybe a database, would get its number (`2>&-`), and with it what is
    written as output by processes that are started from here.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free, which is this one.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def set_encodings() -> None:
    """Let no encoding stop the output: what a character set lacks is written as an escape.

    Pipes and files carry UTF-8, as from Python 3.15 on (PEP 686). A terminal keeps its encoding, and
    everything does where PYTHONIOENCODING names one. Any line ending ends a line of input.
    """
    named = bool(os.environ.get("PYTHONIOENCODING", "").partition(":")[0])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            lenient = stream.errors in ("strict", "surrogateescape")
            stream.reconfigure(
                encoding=None if named or stream.isatty() else "utf-8",
                errors="backslashreplace" if lenient else None,
            )
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding=None if named else "utf-8-sig", errors="strict", newline=None)


def writes_unicode() -> bool:
    """Whether standard output can carry every character."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def input_lines() -> Iterator[str]:
    """The lines of standard input. Raises QuestionError for what is no text in its encoding."""
    try:
        for line in sys.stdin:
            if "\0" in line:  # UTF-16, read a byte at a time
                raise ValueError
            yield line
    except ValueError as error:
        encoding = sys.stdin.encoding.upper().removesuffix("-SIG")
        raise QuestionError(
            f"The input is not text in {encoding}. Save it in that encoding, or name its own in "
            "PYTHONIOENCODING."
        ) from error
