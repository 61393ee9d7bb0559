"""Indexes on disk: `index/<build>/…` and the file `index/CURRENT` that names the one in use.

`CURRENT` is replaced by one atomic rename after the new build was synced, so a reader finds
the old index or the new one, whole, whatever happens in between. One builder at a time holds
a lock; folders of builds that were stopped are cleared by the next builder.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from assemblybot.corpus import library
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.errors import IndexBuildError, IndexDamagedError, IndexForeignError, IndexMissingError
from assemblybot.index.append import added, append
from assemblybot.index.build import Progress, build, known_vectors, write
from assemblybot.index.index import Index, load_parts
from assemblybot.index.kept_vectors import KeptVectors
from assemblybot.index.manifest import NAME, Manifest, code_digest
from assemblybot.index.milvus.builds import MilvusBuilds

_CURRENT: Final = "CURRENT"
_BUILDING: Final = ".building-"
_LONGEST_NAME: Final = 100
_NAME: Final = re.compile(rf"[\w-][\w.-]{{0,{_LONGEST_NAME - 1}}}", re.ASCII)


def current(folder: Path) -> Path:
    """Folder of the index in use. Raises IndexMissingError when there is none."""
    name = _pointed_at(folder)
    if not name:
        raise IndexMissingError(f"There is no index in {folder}. Build it with: assemblybot index build")
    if not (folder / name).is_dir():
        raise IndexMissingError(f"The index in {folder} is gone. Build it with: assemblybot index build")
    return folder / name


def load(folder: Path, model: str, milvus: MilvusBuilds | None = None, *, whole: bool = False) -> Index:
    """The current index, every part verified; `whole`: large ones to the last byte too.

    Raises IndexMissingError, IndexDamagedError, or IndexForeignError when it was built with
    another model than `model` or its vectors and postings are not in `milvus`.
    """
    where = current(folder)
    manifest = Manifest.read(where)
    manifest.check_model(model)
    manifest.verify(where, whole=whole)
    return load_parts(where, manifest, milvus)


def is_stale(folder: Path, corpus_folder: Path, model: str, milvus: MilvusBuilds | None = None) -> bool:
    """True when there is no index, or the corpus, the model, the text code or the format has changed,
    or it should lie in `milvus` and does not."""
    return not _fits(folder, library.fingerprint(corpus_folder), model, milvus)


def rebuild(
    folder: Path,
    corpus: Corpus,
    embedder: Embedder,
    progress: Progress,
    milvus: MilvusBuilds | None = None,
    *,
    known: KeptVectors | None = None,
    if_stale: bool = False,
) -> Path:
    """Build, verify and make current; returns the folder of the new index.

    Texts that are `known`, or that the current index holds, are not embedded again; where that is large and
    `corpus` only adds to it, it is appended to. With `milvus`, the alias there moves last: until then nothing
    names the new collection. With `if_stale`, who waited for another builder takes what that one built, when
    it fits.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _building_alone(folder), _temporary(folder) as temporary:
            if if_stale and _fits(folder, corpus.fingerprint, embedder.id, milvus):
                return current(folder)
            before = None if milvus else _usable(folder, embedder)
            new = before and added(before, corpus)
            if before and new:
                index = append(before, new, current(folder), embedder, progress)
            else:
                known = {**(known or {}), **(known_vectors(before) if before else {})}
                index = build(corpus, embedder, progress, exact=milvus is not None, known=known)
            write(index, corpus.fingerprint, embedder.id, embedder.dimension, temporary, milvus)
            manifest = Manifest.read(temporary)
            manifest.verify(temporary)
            final = _publish(folder, temporary)
            if milvus and manifest.collection:
                milvus.publish(manifest.collection)
            return final
    except OSError as error:
        raise IndexBuildError(
            f"The index could not be written to {folder}: {error.strerror or error}. "
            "The index that was there before is unchanged."
        ) from error


def _fits(folder: Path, fingerprint: str, model: str, milvus: MilvusBuilds | None) -> bool:
    """Whether the current index is of this corpus, this model and this code, and lies where it should."""
    try:
        manifest = Manifest.read(current(folder))
    except (IndexMissingError, IndexForeignError, IndexDamagedError):
        return False
    if milvus is not None and manifest.collection is None:
        return False
    return (manifest.corpus, manifest.model, manifest.code) == (fingerprint, model, code_digest())


def _usable(folder: Path, embedder: Embedder) -> Index | None:
    """The current index, where this code and this model made it."""
    try:
        index = load(folder, embedder.id, whole=True)
    except (IndexMissingError, IndexForeignError, IndexDamagedError):
        return None
    return index if index.manifest and index.manifest.code == code_digest() else None


def _publish(folder: Path, temporary: Path) -> Path:
    """Rename the finished build to its content's name and point `CURRENT` to it."""
    final = _free_name(folder, Manifest.read(temporary).version)
    previous = _pointed_at(folder)
    if not final.exists():
        temporary.rename(final)
    pointer = folder / f"{_BUILDING}{_CURRENT}"
    pointer.write_text(final.name + "\n", encoding="ascii")
    with pointer.open("rb") as file:
        os.fsync(file.fileno())
    pointer.replace(folder / _CURRENT)
    _sync_folder(folder)
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


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _building_alone(folder: Path) -> Iterator[None]:
    """Hold the builders' lock (the kernel lets go of it when the process dies)."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
