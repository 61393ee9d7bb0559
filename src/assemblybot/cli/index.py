"""The index: building, checking, describing."""

from __future__ import annotations

from typing import Annotated

import typer

from assemblybot.cli.common import (
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    progress_shown,
)


def index_build(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Only when the index does not fit.")] = False,
) -> None:
    """Build the index of the corpus and make it current."""
    from assemblybot.startup import build_index, open_embedder

    settings = chosen_settings(corpus, index, collection)
    with progress_shown() as progress:
        built = build_index(settings, open_embedder(settings), progress, if_stale=if_stale)
    typer.echo(f"built {built}")


def index_check(
    corpus: CorpusOption = None, index: IndexOption = None, collection: CollectionOption = None
) -> None:
    """Verify every part of the index and whether it fits corpus and model."""
    from assemblybot.index.store import IndexStore
    from assemblybot.startup import open_embedder, open_milvus

    settings = chosen_settings(corpus, index, collection)
    model, milvus = open_embedder(settings).id, open_milvus(settings)
    IndexStore(settings.index_dir, milvus).load(model, whole=True)
    stale = IndexStore(settings.index_dir, milvus).is_stale(settings.corpus_dir, model)
    typer.echo("whole, but stale: the corpus has changed" if stale else "whole and up to date")


def index_info(index: IndexOption = None, collection: CollectionOption = None) -> None:
    """Print the manifest of the index."""
    from assemblybot.index.manifest import Manifest
    from assemblybot.index.store import IndexStore

    settings = chosen_settings(None, index, collection)
    typer.echo(Manifest.read(IndexStore(settings.index_dir).current()).to_json(), nl=False)
