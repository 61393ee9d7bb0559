"""Indexes on disk: `index/<build>/…` and the file `index/CURRENT` that names the one in use.

`CURRENT` is replaced by one atomic rename after the new build was synced, so a reader finds
the old index or the new one, whole, whatever happens in between. One builder at a time holds
a lock; folders of builds that were stopped are cleared by the next builder.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assemblybot.corpus import library
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexBuildError, IndexDamagedError, IndexForeignError, IndexMissingError
from assemblybot.folders import locked
from assemblybot.index import files
from assemblybot.index.build import append, appendable, build, known_vectors
from assemblybot.index.index import Index
from assemblybot.index.kept_vectors import KeptVectors, Progress
from assemblybot.index.manifest import NAME, Manifest, code_digest
from assemblybot.index.milvus import Milvus

_CURRENT: Final = "CURRENT"
_BUILDING: Final = ".building-"
_LONGEST_NAME: Final = 100
_NAME: Final = re.compile(rf"[\w-][\w.-]{{0,{_LONGEST_NAME - 1}}}", re.ASCII)


@dataclass(frozen=True)
class IndexStore:
    """The indexes of one corpus in `folder`; vectors and postings lie in `milvus`, where one is given."""

    folder: Path
    milvus: Milvus | None = None

    def current(self) -> Path:
        """Folder of the index in use. Raises IndexMissingError when there is none."""
        name = _pointed_at(self.folder)
        if not name or not (self.folder / name).is_dir():
            state = f"The index in {self.folder} is gone" if name else f"There is no index in {self.folder}"
            raise IndexMissingError(f"{state}. Build it with: assemblybot index build")
        return self.folder / name

    def load(self, model: str, *, whole: bool = False) -> Index:
        """The current index, every part verified; `whole`: large ones to the last byte too.

        Raises IndexMissingError, IndexDamagedError, or IndexForeignError when it was built with
        another model than `model` or its vectors and postings are not in this Milvus.
        """
        where = self.current()
        manifest = Manifest.read(where)
        manifest.check_model(model)
        manifest.verify(where, whole=whole)
        return files.load(where, manifest, self.milvus)

    def is_stale(self, corpus_folder: Path, model: str) -> bool:
        """True when there is no index, or the corpus, the model, the code that makes an index or the format
        has changed, or it should lie in Milvus and does not."""
        return not self._fits(library.fingerprint(corpus_folder), model)

    def rebuild(
        self,
        corpus: Corpus,
        embedder: Embedder,
        progress: Progress,
        *,
        known: KeptVectors | None = None,
        if_stale: bool = False,
    ) -> Path:
        """Build, verify and make current; returns the folder of the new index.

        Texts that are `known`, or that the current index holds, are not embedded again; where that is large
        and `corpus` only adds to it, it is appended to. The alias in Milvus moves last: until then nothing
        names the new collection. With `if_stale`, who waited for another builder takes what that one built,
        when it fits.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / ".lock"), _temporary(self.folder) as temporary:
                if if_stale and self._fits(corpus.fingerprint, embedder.id):
                    return self.current()
                index = self._built(corpus, embedder, progress, known or {})
                files.write(index, corpus.fingerprint, embedder, temporary, self.milvus)
                manifest = Manifest.read(temporary)
                manifest.verify(temporary)
                final = _publish(self.folder, temporary, manifest.version)
                if self.milvus and manifest.collection:
                    self.milvus.publish(manifest.collection)
                return final
        except OSError as error:
            raise IndexBuildError(
                f"The index could not be written to {self.folder}: {error.strerror or error}. "
                "The index that was there before is unchanged."
            ) from error

    def _built(self, corpus: Corpus, embedder: Embedder, progress: Progress, known: KeptVectors) -> Index:
        """An index of `corpus`, from the current one where this code and this model made that."""
        if self.milvus:
            return build(corpus, embedder, progress, exact=True, known=known)
        try:
            before = self.load(embedder.id, whole=True)
        except (IndexMissingError, IndexForeignError, IndexDamagedError):
            before = None
        if before is None or before.manifest is None or before.manifest.code != code_digest():
            return build(corpus, embedder, progress, known=known)
        if new := appendable(before, corpus):
            return append(before, new, self.current(), embedder, progress)
        return build(corpus, embedder, progress, known={**known, **known_vectors(before)})

    def _fits(self, fingerprint: str, model: str) -> bool:
        """Whether the current index is of this corpus, model and code, and lies where it should."""
        try:
            manifest = Manifest.read(self.current())
        except (IndexMissingError, IndexForeignError, IndexDamagedError):
            return False
        if self.milvus and manifest.collection is None:
            return False
        return (manifest.corpus, manifest.model, manifest.code) == (fingerprint, model, code_digest())


def _publish(folder: Path, temporary: Path, version: str) -> Path:
    """Rename the finished build to its content's name and point `CURRENT` to it."""
    final = _free_name(folder, version)
    previous = _pointed_at(folder)
    if not final.exists():
        temporary.rename(final)
    pointer = folder / f"{_BUILDING}{_CURRENT}"
    pointer.write_text(final.name + "\n", encoding="ascii")
    files.sync(pointer)
    pointer.replace(folder / _CURRENT)
    files.sync(folder)
    _remove_builds(folder, keep=(final.name, previous))
    return final


def _remove_builds(folder: Path, keep: tuple[str, ...]) -> None:
    for path in _builds(folder):
        if path.name not in keep:
            # Renamed first: a removal that is stopped half-way is taken up by the next builder.
            shutil.rmtree(path.rename(folder / f"{_BUILDING}{path.name}"), ignore_errors=True)


def _builds(folder: Path) -> list[Path]:
    """Folders of finished builds, whether they were made current or not; the latest last."""
    found = [path for path in folder.iterdir() if path.is_dir() and (path / NAME).is_file()]
    return sorted(found, key=lambda path: path.stat().st_mtime)


def _pointed_at(folder: Path) -> str:
    """Name of the build in `CURRENT`; empty when there is none, or something else stands there."""
    try:
        with (folder / _CURRENT).open("rb") as file:
            name = file.read(_LONGEST_NAME + 1).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return name if _NAME.fullmatch(name) else ""


def _free_name(folder: Path, name: str) -> Path:
    """`name`, or `name-2` … when a damaged index lies there that may still be in use."""
    path, copy = folder / name, 1
    while path.exists():
        try:
            Manifest.read(path).verify(path)
            return path
        except (IndexDamagedError, IndexForeignError):
            copy += 1
            path = folder / f"{name}-{copy}"
    return path


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """A new folder that is gone afterwards unless it was renamed; clears what others left."""
    for left in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    # Builds stopped between their renaming and the clearing in `_publish` would pile up. One
    # beside the current stays: someone may be loading it.
    in_use = _pointed_at(folder)
    others = [path.name for path in _builds(folder) if path.name != in_use]
    _remove_builds(folder, keep=(in_use, *others[-1:]))
    temporary = Path(tempfile.mkdtemp(dir=folder, prefix=_BUILDING))
    temporary.chmod(0o755)
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
