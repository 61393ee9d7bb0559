"""Questions that were not answered well: deciding what answers them, and what that changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from assemblybot.cli import streams
from assemblybot.cli.asking import BidiOption, chosen_bidi
from assemblybot.cli.common import (
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    opened,
    with_own_corpus,
)

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.curation.curator import Curator
    from assemblybot.session import Feedback
    from assemblybot.settings import Settings


def review(
    only_report: Annotated[
        bool, typer.Option("--report", help="Only show before and after on all decided questions.")
    ] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    bidi: BidiOption = "logical",
) -> None:
    """Decide what answers the questions that were not answered well.

    Of QUESTION_LOG: those refused, answered with a reserve, or rated as no help. In a pipe, a line is a key.
    """
    import asyncio

    from assemblybot.chat.repl import console, locale_language
    from assemblybot.chat.review import Review, show_report
    from assemblybot.curation.curator import Curator

    shown, language = chosen_bidi(bidi), locale_language()
    settings = chosen_settings(corpus, index, collection)
    Curator.configured(settings)
    settings = with_own_corpus(settings)
    curator, assistant = Curator.configured(settings), opened(settings)
    if not only_report:
        session = Review(curator, assistant, console(), shown, language, _reader())
        if session.run(asyncio.run(_ratings(settings))):
            assistant = opened(settings)
    _ask(curator, assistant)
    show_report(curator.report(assistant.index), console(), shown, language)


def _ask(curator: Curator, assistant: Assistant) -> None:
    """Ask what is decided of the index in use, where that was not done yet."""
    from assemblybot.curation.report import waiting

    for row in waiting(curator.report(assistant.index)):
        curator.note(row, assistant.answer(row.question), assistant.index)


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
        lines = streams.lines()
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
