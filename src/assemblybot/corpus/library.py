"""The corpus folder: one sub-folder a document, read in sorted order.

corpus/marrakech-2025/document.toml         title, language, file, author …
corpus/marrakech-2025/article.ar.txt        the original, never changed
corpus/marrakech-2025/.extract.json         what `add` read of it; read anew where it is missing or old
corpus/marrakech-2025/translations/fr.toml  optional: [passages] 12 = "…"
corpus/marrakech-2025/questions.toml        optional: [passages.12] fr = ["…"]
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from assemblybot import source
from assemblybot.corpus import side_files
from assemblybot.corpus.document import Document, Passage
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import READABLE, from_json, name_of, read_bounded, to_json
from assemblybot.errors import CorpusError
from assemblybot.folders import sha256

_KEPT: Final = ".extract.json"


@dataclass(frozen=True)
class Corpus:
    """The documents of one folder, sorted by id; `fingerprint` changes with any file in it."""

    documents: tuple[Document, ...]
    fingerprint: str

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Passages of all documents, in order."""
        return tuple(passage for document in self.documents for passage in document.passages)


def load(folder: Path, progress: Callable[[int, int], None] | None = None) -> Corpus:
    """Read every document of `folder`; `progress(done, total)` is called after each.

    Raises CorpusError when the folder is missing or empty, or when a description, a
    translation or a question file does not fit its document.
    """
    folders = list(document_folders(folder))
    if not folders:
        raise CorpusError(f"There is no document in {folder}. Put one in with: assemblybot add FILE")
    documents: list[Document] = []
    for path in folders:
        documents.append(load_document(path))
        if progress:
            progress(len(documents), len(folders))
    return Corpus(tuple(documents), fingerprint(folder))


def load_document(folder: Path) -> Document:
    """The document in one folder. Raises CorpusError where something of it does not fit."""
    described = side_files.description(folder)
    extract = _extract(folder, folder / described.file)
    passages = split(folder.name, extract)
    if not passages:
        raise CorpusError(f"{folder.name}/{described.file} holds no passage of text.")
    numbers = range(1, len(passages) + 1)
    return Document(
        id=folder.name,
        text=extract.text,
        metadata=described.metadata,
        passages=passages,
        translations=side_files.translations(folder, numbers),
        questions=side_files.questions(folder, numbers),
    )


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of every file of every document."""
    return _digest(document_folders(folder))


def version(document: Path) -> str:
    """Changes with any file of the document in that folder; empty where there is none."""
    return _digest([document]) if (document / side_files.DESCRIPTION).is_file() else ""


def _digest(documents: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        for path in sorted(p for p in document.rglob("*") if p.is_file() and not p.name.startswith(".")):
            digest.update(
                os.fsencode(path.relative_to(document.parent).as_posix())
                + b"\0"
                + bytes.fromhex(_sha256(path))
            )
    return digest.hexdigest()


def document_folders(folder: Path) -> Iterator[Path]:
    """The folders of the documents. Raises CorpusError for files that lie loose beside them."""
    if not folder.is_dir():
        raise CorpusError(f"The corpus folder {folder} does not exist. assemblybot add makes it.")
    try:
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                continue
            if path.is_dir() and (path / side_files.DESCRIPTION).is_file():
                if not path.name.isprintable():
                    raise CorpusError(
                        f"The folder {name_of(path)} has a name that cannot be shown. Rename it."
                    )
                yield path
            elif path.is_file() and path.suffix.lower() in READABLE and path.name != "README.md":
                raise CorpusError(
                    f"{name_of(path)} lies loose in {folder}. Put it in with: assemblybot add {name_of(path)}"
                )
    except OSError as error:
        raise CorpusError(f"The corpus folder {folder} cannot be read: {error.strerror}.") from error


def keep_extract(folder: Path, file: Path, extract: Extract) -> None:
    """Keep what was read of `file` in the folder of its document."""
    (folder / _KEPT).write_bytes(_made_of(file) + b"\n" + to_json(extract) + b"\n")


def _extract(folder: Path, file: Path) -> Extract:
    """What was read of a file when it was added, if that still fits; else it is read."""
    kept = folder / _KEPT
    try:
        if kept.is_file() and file.is_file():
            made_of, _, extract = kept.read_bytes().partition(b"\n")
            if made_of == _made_of(file):
                return from_json(extract)
    except (OSError, ValueError):
        pass
    return read_bounded(file)


def _made_of(file: Path) -> bytes:
    """What an extract depends on: the code that reads, and the file."""
    return f"{source.digest('corpus', 'text')} {_sha256(file)}".encode()


def _sha256(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise CorpusError(f"{name_of(path)} cannot be read: {error.strerror or error}.") from error
