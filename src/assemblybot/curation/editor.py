"""What curators see and change of the corpus folder: one change at a time, as it was looked at."""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assemblybot.collection import DEFAULT
from assemblybot.corpus import adding, library, side_files
from assemblybot.corpus.adding import Added
from assemblybot.errors import CorpusError, CurationError
from assemblybot.folders import locked, sha256

_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the corpus, as its description says it; `code` is a short name for a button."""

    id: str
    title: str
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become, and nothing of it is written yet.

    `digest` is the SHA-256 of the file, `replaces` the document whose place it would take, `version` that
    document's version (empty where there is none), and `twin` a document that holds the very same bytes.
    """

    added: Added
    digest: str
    replaces: Listed | None
    version: str
    twin: Listed | None


@dataclass(frozen=True, slots=True)
class CorpusEditor:
    """Previews, puts and removes documents of the corpus of a collection, which lies in `folder`.

    A change names the version of the document that was looked at; it is refused when that has changed.
    """

    folder: Path
    collection: str = DEFAULT

    def preview(self, file: Path) -> Preview:
        """Read a file as `add` does. Raises CorpusError and OSError."""
        document = self._place(file)
        version = self.version(document)
        added = adding.add_file(file, self.folder, document=document, replace=True, dry_run=True)
        replaces = self.found(document) if version else None
        return Preview(added, sha256(file), replaces, version, self._twin(file))

    def put(self, file: Path, document: str, version: str, digest: str) -> Added:
        """Add a file as that document, or replace the one there.

        Raises CurationError when file or document are not as they were previewed, CorpusError and OSError.
        """
        with self._alone(document, version):
            if sha256(file) != digest:
                raise CurationError(f"The file of “{document}” has changed meanwhile. Look at it again.")
            return adding.add_file(file, self.folder, document=document, replace=bool(version))

    def remove(self, document: str, version: str) -> None:
        """Take a document out. Raises as `put`, and CorpusError for the only document there is."""
        with self._alone(document, version):
            if self.is_only(document):
                raise CorpusError(f"“{document}” is the only document. Add another one before it is removed.")
            adding.remove(document, self.folder)

    def version(self, document: str) -> str:
        """See `library.version`."""
        return library.version(self.folder / document)

    def is_only(self, document: str) -> bool:
        """Whether the corpus holds that document and no other."""
        return [path.name for path in self._documents()] == [document]

    def found(self, document: str) -> Listed:
        """A document by its id. Raises CorpusError where its description cannot be read."""
        said = side_files.description(self.folder / document)
        return Listed(document, said.title, said.language, self.code(document))

    def documents(self, words: str = "") -> Iterator[Listed]:
        """The documents whose id or title holds `words`, by id. Raises CorpusError."""
        sought = words.casefold()
        for path in self._documents():
            document = self.found(path.name)
            if sought in document.id.casefold() or sought in document.title.casefold():
                yield document

    def by_code(self, code: str) -> Listed | None:
        """The document with that `code`. Raises CorpusError."""
        named = (path.name for path in self._documents() if self.code(path.name) == code)
        return next(map(self.found, named), None)

    def code(self, document: str) -> str:
        """A short name of a document's id, for a button; in each collection another one."""
        named = f"{self.collection}/{document}"
        return hashlib.sha256(named.encode(errors="replace")).hexdigest()[:16]

    def _documents(self) -> Iterator[Path]:
        return library.document_folders(self.folder) if self.folder.is_dir() else iter(())

    def _place(self, file: Path) -> str:
        """The id for a file: of the document that its name gives, or of the only one that was made of a
        file of that name."""
        own = adding.document_id(file)
        if self.version(own):
            return own
        named = [path.name for path in self._documents() if (path / file.name).is_file()]
        return named[0] if len(named) == 1 else own

    def _twin(self, file: Path) -> Listed | None:
        """A document that was made of the same bytes."""
        for folder in self._documents():
            beside = (path for path in folder.iterdir() if path.is_file())
            if any(filecmp.cmp(file, path, shallow=False) for path in beside):
                return self.found(folder.name)
        return None

    @contextlib.contextmanager
    def _alone(self, document: str, version: str) -> Iterator[None]:
        """Nobody else changes the corpus meanwhile, and the document is as it was looked at."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / _LOCK):
            if self.version(document) != version:
                raise CurationError(f"“{document}” has changed meanwhile. Look at it again.")
            yield
