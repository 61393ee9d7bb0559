"""What the reader tests share: read a file and look at its passages."""

from __future__ import annotations

from pathlib import Path

from assemblybot.corpus.document import Passage
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import read


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def extract_of(folder: Path, name: str, content: str | bytes) -> Extract:
    return read(written(folder, name, content))


def passages_of(folder: Path, name: str, content: str | bytes) -> tuple[Passage, ...]:
    extract = extract_of(folder, name, content)
    found = split("d", extract)
    assert all(extract.text[p.start : p.end] == p.text for p in found)
    return found


def kinds_of(folder: Path, name: str, content: str | bytes) -> list[tuple[str, str]]:
    return [(p.kind.value, p.text) for p in passages_of(folder, name, content)]
