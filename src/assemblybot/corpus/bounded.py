"""Reading a file within bounds of time and memory, in a process of its own.

What a format's library does with a damaged or malicious file nobody can foresee; a process can be
ended. Small texts are read here, since nothing of that kind can happen to them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from assemblybot.corpus.extract import Extract
from assemblybot.corpus.readers import read, shown
from assemblybot.errors import DocumentReadError

LONGEST_SECONDS: Final = 60.0
_MOST_MEMORY: Final = 4 << 30
_SMALL: Final = 256 * 1024
_TEXTS: Final = frozenset({".txt", ".md"})
_REFUSED: Final = DocumentReadError.exit_code
_EXTRACT: Final = TypeAdapter(Extract)


def read_bounded(path: Path, seconds: float = LONGEST_SECONDS) -> Extract:
    """Text and blocks of one file, as `read` gives them.

    Raises DocumentReadError as `read` does, and when reading takes too long or too much memory.
    """
    if path.suffix.lower() in _TEXTS and path.is_file() and path.stat().st_size <= _SMALL:
        return read(path)
    command = [sys.executable, "-m", "assemblybot.corpus", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise DocumentReadError(
            f"{shown(path)} was not read within {seconds:.0f} seconds. Split it, or save it anew."
        ) from error
    if done.returncode == _REFUSED:
        raise DocumentReadError(done.stderr.decode(errors="replace").strip())
    try:
        return from_json(done.stdout)
    except ValueError as error:
        raise DocumentReadError(
            f"{shown(path)} cannot be read: it is damaged, or it needs more than {_MOST_MEMORY >> 30} GiB of "
            "memory. Split it, or save it anew."
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
        if not end <= block.start < block.end <= len(extract.text) or (block.lead_in or 0) > position:
            raise ValueError("blocks and text do not fit")
        end = block.end
    return extract


def main() -> None:
    """Read the file that the command names, and print what was read (see `__main__.py`)."""
    _limit_memory()
    try:
        sys.stdout.buffer.write(to_json(read(Path(sys.argv[1]))))
    except DocumentReadError as error:
        sys.stderr.buffer.write(str(error).encode(errors="replace"))
        sys.exit(_REFUSED)


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        return
