"""Files to text and blocks, by their format; bounds and errors of every format are here.

A library may hang or take all memory over a damaged or malicious file, so files are read in a process of
their own, which can be ended. `python -m assemblybot.corpus.readers FILE` is that process.
"""

from __future__ import annotations

import stat
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from assemblybot.corpus.extract import Extract
from assemblybot.errors import DocumentReadError

LONGEST_SECONDS: Final = 60.0
_MOST_MEMORY: Final = 4 << 30
_LARGEST_FILE: Final = 64 * 2**20
_UNPRINTED: Final = dict.fromkeys((*range(32), 127), "�")
# Small files of these types are read in this process, which is faster.
_TEXTS: Final = frozenset({".txt", ".md"})
_SMALL: Final = 256 * 1024
_REFUSED: Final = DocumentReadError.exit_code
_EXTRACT: Final = TypeAdapter(Extract)
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
#: The file endings for which there is a reader, with their dots.
READABLE: Final = frozenset(_MODULES)


def read(path: Path) -> Extract:
    """Text and blocks of one file.

    Raises DocumentReadError, whose message begins with the name of the file, when the format is
    unknown, the file cannot be opened, decoded or understood, is too large, or holds no text.
    """
    module = _MODULES.get(path.suffix.lower())
    if module is None:
        raise DocumentReadError(
            f"{name_of(path)}: files of type “{path.suffix or 'none'}” cannot be read. "
            f"Use one of: {', '.join(sorted(READABLE))}."
        )
    data = read_bytes(path, _LARGEST_FILE)
    try:
        extract: Extract = import_module(f"assemblybot.corpus.formats.{module}").extract(data)
    except DocumentReadError as error:
        raise DocumentReadError(f"{name_of(path)}: {error}") from error
    except Exception as error:
        # Libraries raise errors of many kinds on damaged files.
        raise DocumentReadError(
            f"{name_of(path)}: the file is damaged, or it is no {path.suffix} file ({type(error).__name__}). "
            "Save it anew and add it again."
        ) from error
    if not any(map(str.strip, extract.texts())):
        raise DocumentReadError(f"{name_of(path)} holds no readable text.")
    return extract


def name_of(path: Path) -> str:
    """The name of a file as it can be printed, whatever bytes it is made of."""
    return path.name.encode(errors="backslashreplace").decode().translate(_UNPRINTED)


def read_bytes(path: Path, largest: int) -> bytes:
    """The bytes of a regular file of at most `largest` bytes; nothing else is opened."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentReadError(f"{name_of(path)} is not a regular file (a folder, a pipe or a device).")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentReadError(f"{name_of(path)} cannot be opened: {reason}.") from error
    if len(data) > largest:
        raise DocumentReadError(
            f"{name_of(path)} is larger than {largest // 2**20} MiB. Split it and add the parts."
        )
    return data


def read_bounded(path: Path, seconds: float = LONGEST_SECONDS) -> Extract:
    """Text and blocks of one file, as `read` gives them.

    Raises DocumentReadError as `read` does, and when reading takes too long or too much memory.
    """
    if path.suffix.lower() in _TEXTS and path.is_file() and path.stat().st_size <= _SMALL:
        return read(path)
    command = [sys.executable, "-m", "assemblybot.corpus.readers", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise DocumentReadError(
            f"{name_of(path)} was not read within {seconds:.0f} seconds. Split it, or save it anew."
        ) from error
    if done.returncode == _REFUSED:
        raise DocumentReadError(done.stderr.decode(errors="replace").strip())
    try:
        return from_json(done.stdout)
    except ValueError as error:
        raise DocumentReadError(
            f"{name_of(path)} cannot be read: it is damaged, or it needs more than {_MOST_MEMORY >> 30} GiB "
            "of memory. Split it, or save it anew."
        ) from error


def to_json(extract: Extract) -> bytes:
    """An extract as JSON."""
    return _EXTRACT.dump_json(extract)


def from_json(data: bytes) -> Extract:
    """An extract of `to_json`. Raises ValueError when it is none, or its offsets do not fit."""
    try:
        extract = _EXTRACT.validate_json(data)
    except ValidationError as error:
        raise ValueError("this is no extract") from error
    end = 0
    for position, block in enumerate(extract.blocks):
        above = max(block.lead_in or 0, block.section or 0)
        if not end <= block.start < block.end <= len(extract.text) or above > position:
            raise ValueError("blocks and text do not fit")
        end = block.end
    return extract


def main() -> None:
    """Read the file that the command names, and print what was read."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # the system knows no such limit
    try:
        sys.stdout.buffer.write(to_json(read(Path(sys.argv[1]))))
    except DocumentReadError as error:
        sys.stderr.buffer.write(str(error).encode(errors="replace"))
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
