"""The corpus: adding, removing, listing documents; building and checking its index."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assemblybot.cli.common import (
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    progress_shown,
    with_own_corpus,
)

if TYPE_CHECKING:
    from assemblybot.corpus.adding import Added
    from assemblybot.settings import Settings


def add(
    sources: Annotated[
        list[Path], typer.Argument(help="Files (.txt .md .html .pdf .docx .odt .epub) or folders of them.")
    ],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace documents that have the same id.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the files and print what was found, but write nothing.")
    ] = False,
) -> None:
    """Add documents to the corpus and rebuild the index."""
    from assemblybot.corpus import adding
    from assemblybot.errors import DocumentReadError

    settings = with_own_corpus(chosen_settings(corpus, index, collection))
    found = list(
        adding.add(sources, settings.corpus_dir, replace=replace, dry_run=dry_run, progress=_reading)
    )
    for result in found:
        if isinstance(result, adding.Refused):
            print(f"assemblybot: {result.file} was not added: {result.reason}", file=sys.stderr)
        else:
            typer.echo("\n".join(_told(result, dry_run)))
    if not dry_run and any(isinstance(result, adding.Added) for result in found):
        _index_built(settings, if_stale=True)
    if any(isinstance(result, adding.Refused) for result in found):
        raise typer.Exit(DocumentReadError.exit_code)


def _reading(position: int, files: int, name: str) -> None:
    if files > 1 or sys.stderr.isatty():
        print(f"reading {position} of {files}: {name}", file=sys.stderr, flush=True)


def _told(result: Added, dry_run: bool) -> Iterator[str]:
    """What is said of one document: what became of it, what was left out, what was guessed."""
    document = result.document
    done = "would add" if dry_run else "replaced" if result.replaced else "added"
    yield f"{done} {document.id}"
    yield f"  title: {document.metadata.title}"
    yield f"  language: {document.metadata.language}; passages: {len(document.passages)}"
    if document.metadata.day:
        yield f"  date: {document.metadata.day}"
    yield from (f"  left out: {what}" for what in result.left_out)
    yield from (f"  note: {note}" for note in result.notes)


def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids, as `assemblybot list` shows them.")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
) -> None:
    """Remove documents from the corpus and rebuild the index."""
    from assemblybot.corpus import adding, library

    settings = with_own_corpus(chosen_settings(corpus, index, collection))
    for name in documents:
        adding.remove(name, settings.corpus_dir)
        typer.echo(f"removed {name}")
    if any(library.document_folders(settings.corpus_dir)):
        _index_built(settings, if_stale=True)


def list_documents(corpus: CorpusOption = None, collection: CollectionOption = None) -> None:
    """List the documents of the corpus: id, language, passages, title."""
    from assemblybot.corpus import library

    for document in library.load(chosen_settings(corpus, None, collection).corpus_dir).documents:
        about = document.metadata
        typer.echo(f"{document.id}\t{about.language}\t{len(document.passages)}\t{about.title}")


def passages(corpus: CorpusOption = None, collection: CollectionOption = None) -> None:
    """List the passages of the corpus: id, kind, offsets, text."""
    from assemblybot.corpus import library

    for passage in library.load(chosen_settings(corpus, None, collection).corpus_dir).passages:
        typer.echo(f"{passage.id}\t{passage.kind}\t{passage.start}-{passage.end}\t{passage.text}")


def index_build(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Only if the index is out of date.")] = False,
) -> None:
    """Build the index of the corpus and start using it."""
    typer.echo(f"built {_index_built(chosen_settings(corpus, index, collection), if_stale=if_stale)}")


def _index_built(settings: Settings, *, if_stale: bool) -> Path:
    """Build the index, with its progress shown; returns its folder."""
    from assemblybot.startup import build_index, open_embedder

    with progress_shown() as progress:
        return build_index(settings, open_embedder(settings), progress, if_stale=if_stale)


def index_check(
    corpus: CorpusOption = None, index: IndexOption = None, collection: CollectionOption = None
) -> None:
    """Verify every part of the index, and that it matches the corpus and the model."""
    from assemblybot.startup import open_embedder, open_index_store

    settings = chosen_settings(corpus, index, collection)
    model, store = open_embedder(settings).id, open_index_store(settings)
    store.load(model, whole=True)
    stale = store.is_stale(settings.corpus_dir, model)
    typer.echo("whole, but stale: the corpus has changed" if stale else "whole and up to date")


def index_info(index: IndexOption = None, collection: CollectionOption = None) -> None:
    """Print the manifest of the index."""
    from assemblybot.index.manifest import Manifest
    from assemblybot.index.store import IndexStore

    settings = chosen_settings(None, index, collection)
    typer.echo(Manifest.read(IndexStore(settings.index_dir).current()).to_json(), nl=False)
