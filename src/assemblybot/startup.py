"""From settings to a ready assistant: model, index (rebuilt when stale), calibration."""

from __future__ import annotations

from pathlib import Path

from assemblybot.answering.assistant import Assistant
from assemblybot.answering.calibrate import calibrate
from assemblybot.corpus import library
from assemblybot.embedding import Embedder, load_embedder
from assemblybot.index import store
from assemblybot.index.build import Progress
from assemblybot.settings import Settings


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def open_embedder(settings: Settings) -> Embedder:
    """The configured embedding model. Raises ModelError."""
    return load_embedder(settings.model, threads=settings.threads)


def open_assistant(settings: Settings, progress: Progress = silent) -> Assistant:
    """An assistant over an index that fits the corpus and the model; built first where needed.

    Raises ModelError, CorpusError, or IndexDamagedError for an index that was altered.
    """
    embedder = open_embedder(settings)
    if store.is_stale(settings.index_dir, settings.corpus_dir, embedder.id):
        build_index(settings, embedder, progress)
    return Assistant(store.load(settings.index_dir, embedder.id), embedder)


def build_index(settings: Settings, embedder: Embedder, progress: Progress = silent) -> Path:
    """Build the index of the configured corpus and make it current; returns its folder."""
    corpus = library.load(settings.corpus_dir)
    return store.rebuild(settings.index_dir, corpus, embedder, calibrate, progress)
