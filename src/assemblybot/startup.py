"""From settings to a ready assistant: models, calibration, index (rebuilt when stale)."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from assemblybot import folders
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.calibration import NAME as CALIBRATION
from assemblybot.answering.calibration import Calibration
from assemblybot.answering.turns import NAME as SLOTS
from assemblybot.answering.turns import Turns
from assemblybot.corpus import library
from assemblybot.embedding import CrossEncoder, Embedder, load_embedder
from assemblybot.errors import AssemblybotError
from assemblybot.index import kept_vectors
from assemblybot.index.index import Index
from assemblybot.index.kept_vectors import Progress
from assemblybot.index.milvus import Milvus
from assemblybot.index.store import IndexStore
from assemblybot.settings import Settings

_LOG = logging.getLogger(__name__)


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def open_embedder(settings: Settings) -> Embedder:
    """The configured embedding model. Raises ModelError."""
    return load_embedder(settings.model, threads=settings.threads)


def open_index_store(settings: Settings) -> IndexStore:
    """The builds of a collection, in Milvus where one is configured. Raises IndexUnreachableError."""
    if settings.milvus_uri is None:
        return IndexStore(settings.index_dir)
    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    milvus = Milvus(settings.milvus_uri, token, settings.milvus_alias, settings.milvus_replicas)
    return IndexStore(settings.index_dir, milvus)


def open_assistant(settings: Settings, progress: Progress = silent) -> Assistant:
    """An assistant over an index that fits the corpus and the model; built first where needed.

    Raises ModelError, CorpusError, or IndexDamagedError for an index that was altered.
    """
    embedder = open_embedder(settings)
    if is_stale(settings, embedder):
        build_index(settings, embedder, progress, if_stale=True)
    return load_assistant(settings, embedder)


def is_stale(settings: Settings, embedder: Embedder) -> bool:
    """Whether the index must be rebuilt; see `IndexStore.is_stale`."""
    return open_index_store(settings).is_stale(settings.corpus_dir, embedder.id)


def load_assistant(settings: Settings, embedder: Embedder) -> Assistant:
    """An assistant over the current index, whether or not it is stale; raises as `IndexStore.load` does."""
    # The product of one question with all entries is too small to be shared, and BLAS's threads spin
    # between two of them: measured, 14.5 ms of processor time a question instead of 8.
    threadpool_limits(1, user_api="blas")
    return assistant_over(load_index(settings, embedder), embedder, settings)


def load_index(settings: Settings, embedder: Embedder) -> Index:
    """The current index of a collection; raises as `IndexStore.load` does."""
    return replace(open_index_store(settings).load(embedder.id), collection=settings.collection)


def load_others(settings: Settings, assistant: Assistant, *, build_stale: bool = False) -> list[Assistant]:
    """Assistants over the other collections, with the models of `assistant`.

    With `build_stale`, an index that is missing or stale is built first. A collection that cannot be used
    is left out, and the log says why.
    """
    found: list[Assistant] = []
    for name in settings.collections:
        own = settings.within(name)
        try:
            if build_stale and is_stale(own, assistant.embedder):
                build_index(own, assistant.embedder, if_stale=True)
            found.append(assistant.over(load_index(own, assistant.embedder)))
        except AssemblybotError as error:
            _LOG.warning("The collection %s cannot be used yet: %s", name, error)
    return found


def assistant_over(index: Index, embedder: Embedder, settings: Settings) -> Assistant:
    """An assistant over an index in memory. Raises ModelError."""
    shipped = folders.model()
    chosen = Path(settings.model)
    reader = CrossEncoder(shipped, threads=settings.threads)
    calibration = Calibration.load(chosen if (chosen / CALIBRATION).is_file() else shipped)
    turns = Turns.load(chosen) if (chosen / SLOTS).is_file() else None
    return Assistant(index, embedder, reader, calibration, turns)


def build_index(
    settings: Settings, embedder: Embedder, progress: Progress = silent, *, if_stale: bool = False
) -> Path:
    """Build the index of the configured corpus and make it current; returns its folder.

    With `if_stale`, an index that fits, or that another builder has just made, is left as it is. Texts
    of the shipped corpus have their vectors from the package.
    """
    corpus = library.load(settings.corpus_dir, partial(progress, "documents"))
    known = kept_vectors.read(folders.shipped("index"), embedder.id)
    return open_index_store(settings).rebuild(corpus, embedder, progress, known=known, if_stale=if_stale)
