"""What the commands share: options, settings with what the options change, the open assistant."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.index.build import Progress
    from assemblybot.settings import Settings

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="Folder of documents.")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of built indexes.")]


def chosen_settings(corpus: Path | None, index: Path | None) -> Settings:
    """The settings of the environment with the folders that were named. Raises SettingsError."""
    from assemblybot.settings import load_settings

    changed = {name: value for name, value in (("corpus_dir", corpus), ("index_dir", index)) if value}
    return load_settings().model_copy(update=changed)


def with_own_corpus(settings: Settings) -> Settings:
    """The settings with a corpus that may be written to: of a shipped one, a copy. Raises CorpusError."""
    from assemblybot import folders

    return settings.model_copy(update={"corpus_dir": folders.own_corpus(settings.corpus_dir)})


@contextmanager
def progress_shown() -> Iterator[Progress]:
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


def opened(settings: Settings) -> Assistant:
    """An assistant whose index is up to date; the progress of building it is shown."""
    from assemblybot.startup import open_assistant

    with progress_shown() as progress:
        return open_assistant(settings, progress)
