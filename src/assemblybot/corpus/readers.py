"""Files to text: `.txt`, `.md`, `.html` (trafilatura) and `.pdf` (pypdf).

Each reader returns the text that offsets refer to, where headings begin if the format says
so, and marks (pages, fragment ids) for citations. Heavy libraries load only when needed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assemblybot.errors import DocumentReadError

READERS_VERSION: Final = "1"
_LARGEST_FILE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Extract:
    """Text of a file; offsets at which its headings begin; `(offset, label)` marks in order."""

    text: str
    headings: frozenset[int] = frozenset()
    marks: tuple[tuple[int, str], ...] = field(default=())


def read(path: Path) -> Extract:
    """Text of one file.

    Raises DocumentReadError when the format is unknown, the file cannot be opened or decoded,
    or there is no text in it.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentReadError(
            f"{path.name}: files of type “{path.suffix or 'none'}” cannot be read. "
            f"Use one of: {', '.join(sorted(_READERS))}."
        )
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise DocumentReadError(f"{path.name} is larger than 64 MiB. Split it and add the parts.")
        extract = reader(path)
    except OSError as error:
        raise DocumentReadError(f"{path} cannot be opened: {error.strerror or error}.") from error
    if not any(char.isalpha() for char in extract.text):
        raise DocumentReadError(f"{path.name} holds no readable text (a scan? an empty file?).")
    return extract


def readable_suffixes() -> frozenset[str]:
    """The file endings for which there is a reader, with their dots."""
    return frozenset(_READERS)


def decode(path: Path) -> str:
    """Text of a UTF-8 (or UTF-16 with a byte order mark) file, line ends kept as they are."""
    data = path.read_bytes()
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8")
    except UnicodeDecodeError as error:
        raise DocumentReadError(
            f"{path.name} is not UTF-8 text (byte {error.start}). Save it as UTF-8 and add it again."
        ) from error
    if "\x00" in text:
        raise DocumentReadError(f"{path.name} is a binary file, not text.")
    return text


def _read_text(path: Path) -> Extract:
    return Extract(decode(path))


def _read_markdown(path: Path) -> Extract:
    text = decode(path)
    headings = frozenset(match.end() for match in re.finditer(r"^#{1,6}\s+", text, re.MULTILINE))
    return Extract(text, headings)


def _read_html(path: Path) -> Extract:
    import trafilatura
    from lxml import etree, html

    source = decode(path)
    tree = trafilatura.extract(
        source, output_format="xml", include_comments=False, include_tables=True, favor_recall=True
    )
    if not tree:
        raise DocumentReadError(f"{path.name}: no article text was found in the page.")
    page = html.fromstring(source.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    anchors = {" ".join(node.text_content().split()): "#" + node.get("id") for node in page.xpath("//*[@id]")}
    lines: list[str] = []
    headings: set[int] = set()
    marks: list[tuple[int, str]] = []
    offset = 0
    for node in etree.fromstring(tree.encode("utf-8")).iter("head", "p", "item", "row", "quote"):
        line = " ".join("".join(node.itertext()).split())
        if not line or (node.tag == "p" and node.getparent().tag in ("item", "quote")):
            continue
        if node.tag == "head":
            headings.add(offset)
        if node.tag == "item":
            line = f"• {line}"
        if line in anchors:
            marks.append((offset, anchors[line]))
        lines.append(line)
        offset += len(line) + 1
    return Extract("\n".join(lines), frozenset(headings), tuple(marks))


def _read_pdf(path: Path) -> Extract:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise DocumentReadError(
                f"{path.name} is protected by a password. Remove it and add the file again."
            )
        pages = [page.extract_text() for page in reader.pages]
    except PyPdfError as error:
        raise DocumentReadError(f"{path.name} is not a PDF that can be read: {error}.") from error
    marks: list[tuple[int, str]] = []
    offset = 0
    for number, page in enumerate(pages, start=1):
        marks.append((offset, f"page {number}"))
        offset += len(page) + 2
    return Extract("\n\n".join(pages), marks=tuple(marks))


_READERS: Final[dict[str, Callable[[Path], Extract]]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
}
