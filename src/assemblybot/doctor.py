"""Checks that an installation works, each with a line on what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assemblybot.corpus import library
from assemblybot.index import store
from assemblybot.settings import Settings
from assemblybot.startup import open_assistant, open_embedder, open_milvus


def checks(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    """Name and check of each part; a check raises AssemblybotError when the part is not fit."""
    yield "corpus", lambda: _corpus(settings)
    yield "model", lambda: open_embedder(settings).id
    yield "index", lambda: _index(settings)
    yield "question", lambda: _question(settings)


def _corpus(settings: Settings) -> str:
    corpus = library.load(settings.corpus_dir)
    return f"{len(corpus.documents)} document(s), {len(corpus.passages)} passages in {settings.corpus_dir}"


def _index(settings: Settings) -> str:
    model, milvus = open_embedder(settings).id, open_milvus(settings)
    if store.is_stale(settings.index_dir, settings.corpus_dir, model, milvus):
        return "stale or missing; it is built before the first answer"
    index = store.load(settings.index_dir, model, milvus)
    return f"{len(index.passages)} passages, {len(index.table)} views, every part verified"


def _question(settings: Settings) -> str:
    assistant = open_assistant(settings)
    first = next(iter(assistant.index.documents.values()))
    answer = assistant.answer(first.metadata.title)
    return f"{answer.verdict} with {len(answer.citations)} citation(s)"
