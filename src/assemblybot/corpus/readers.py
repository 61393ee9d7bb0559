"""Files to text and blocks, by their format; bounds and errors of every format are here."""

from __future__ import annotations

import stat
from importlib import import_module
from pathlib import Path
from typing import Final

from assemblybot.corpus.extract import Extract
from assemblybot.errors import DocumentReadError

_LARGEST_FILE: Final = 64 * 2**20
_UNPRINTED: Final = dict.fromkeys((*range(32), 127), "�")
# The module of a format: it has a function `extract`, and is imported when a file of that format is read.
_MODULES: Final = {
    ".txt": "plain",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf.reader",
    ".docx": "docx",
    ".odt": "open_document",
    ".epub": "epub",
}


def read(path: Path) -> Extract:
    """Text and blocks of one file.

    Raises DocumentReadError, whose message begins with the name of the file, when the format is
    unknown, the file cannot be opened, decoded or understood, is too large, or holds no text.
    """
    module = _MODULES.get(path.suffix.lower())
    if module is None:
        raise DocumentReadError(
            f"{shown(path)}: files of type “{path.suffix or 'none'}” cannot be read. "
            f"Use one of: {', '.join(sorted(_MODULES))}."
        )
    data = read_bytes(path, _LARGEST_FILE)
    try:
        extract: Extract = import_module(f"assemblybot.corpus.{module}").extract(data)
    except DocumentReadError as error:
        raise DocumentReadError(f"{shown(path)}: {error}") from error
    except Exception as error:
        # Libraries raise whatever they like on damaged files.
        raise DocumentReadError(
            f"{shown(path)}: the file is damaged, or it is no {path.suffix} file ({type(error).__name__}). "
            "Save it anew and add it again."
        ) from error
    if not any(map(str.strip, extract.texts())):
        raise DocumentReadError(f"{shown(path)} holds no readable text.")
    return extract


def readable_suffixes() -> frozenset[str]:
    """The file endings for which there is a reader, with their dots."""
    return frozenset(_MODULES)


def shown(path: Path) -> str:
    """The name of a file as it can be printed, whatever bytes it is made of."""
    return path.name.encode(errors="backslashreplace").decode().translate(_UNPRINTED)


def read_bytes(path: Path, largest: int) -> bytes:
    """The bytes of a regular file of at most `largest` bytes; nothing else is opened."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentReadError(f"{shown(path)} is not a regular file (a folder, a pipe or a device).")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentReadError(f"{shown(path)} cannot be opened: {reason}.") from error
    if len(data) > largest:
        raise DocumentReadError(
            f"{shown(path)} is larger than {largest // 2**20} MiB. Split it and add the parts."
        )
    return data
