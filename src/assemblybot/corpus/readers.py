"""Files to text and blocks, by their format; bounds and errors of every format are here.

Heavy libraries load only when a format needs them.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assemblybot.corpus.encodings import decode
from assemblybot.corpus.extract import Extract
from assemblybot.errors import DocumentReadError

_LARGEST_FILE: Final = 64 * 2**20
_UNPRINTED: Final = dict.fromkeys((*range(32), 127), "�")
_LONGEST_PLAIN: Final = 5_000_000


def read(path: Path) -> Extract:
    """Text and blocks of one file.

    Raises DocumentReadError, whose message begins with the name of the file, when the format is
    unknown, the file cannot be opened, decoded or understood, is too large, or holds no text.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentReadError(
            f"{shown(path)}: files of type “{path.suffix or 'none'}” cannot be read. "
            f"Use one of: {', '.join(sorted(_READERS))}."
        )
    data = read_bytes(path, _LARGEST_FILE)
    try:
        extract = reader(data)
    except DocumentReadError as error:
        raise DocumentReadError(f"{shown(path)}: {error}") from error
    except Exception as error:
        # Libraries raise whatever they like on damaged files.
        raise DocumentReadError(
            f"{shown(path)}: the file is damaged, or it is no {path.suffix} file ({type(error).__name__}). "
            "Save it anew and add it again."
        ) from error
    if not any(extract.text[block.start : block.end].strip() for block in extract.blocks):
        raise DocumentReadError(f"{shown(path)} holds no readable text.")
    return extract


def readable_suffixes() -> frozenset[str]:
    """The file endings for which there is a reader, with their dots."""
    return frozenset(_READERS)


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


def _read_text(data: bytes) -> Extract:
    from assemblybot.corpus.plain import plain_extract

    text, notes = _bounded(data)
    return plain_extract(text, notes)


def _read_markdown(data: bytes) -> Extract:
    from assemblybot.corpus.markdown import markdown_extract

    text, notes = _bounded(data)
    return markdown_extract(text, notes)


def _bounded(data: bytes) -> tuple[str, tuple[str, ...]]:
    decoded = decode(data)
    if len(decoded.text) > _LONGEST_PLAIN:
        raise DocumentReadError(
            f"The text is longer than {_LONGEST_PLAIN:,} characters. Split the file and add the parts."
        )
    return decoded.text, decoded.notes


def _read_html(data: bytes) -> Extract:
    from assemblybot.corpus.html import html_extract

    return html_extract(data)


def _read_pdf(data: bytes) -> Extract:
    from assemblybot.corpus.pdf.reader import pdf_extract

    return pdf_extract(data)


def _read_docx(data: bytes) -> Extract:
    from assemblybot.corpus.docx import docx_extract

    return docx_extract(data)


def _read_odt(data: bytes) -> Extract:
    from assemblybot.corpus.open_document import odt_extract

    return odt_extract(data)


def _read_epub(data: bytes) -> Extract:
    from assemblybot.corpus.epub import epub_extract

    return epub_extract(data)


_READERS: Final[dict[str, Callable[[bytes], Extract]]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".odt": _read_odt,
    ".epub": _read_epub,
}
