"""Books (.epub) to blocks: their pages are HTML, read in the order of the spine."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote
from zipfile import ZipFile

from assemblybot.corpus.archives import DAMAGED, checked_archive, part, xml_of
from assemblybot.corpus.encodings import decode_markup
from assemblybot.corpus.extract import BlockWriter, Extract
from assemblybot.corpus.html import write_fragment
from assemblybot.errors import DocumentReadError

_UNTITLED: Final = frozenset({"", "unknown", "unknown title", "untitled"})
_PAGES: Final = ("application/xhtml+xml", "text/html")


def epub_extract(data: bytes) -> Extract:
    """Blocks of a book; its table of contents is left out, and said so."""
    archive = checked_archive(data)
    if "META-INF/encryption.xml" in archive.namelist() and b"#aes" in part(
        archive, "META-INF/encryption.xml"
    ):
        raise DocumentReadError("The book is encrypted (DRM). Add a copy without encryption.")
    root = xml_of(part(archive, "META-INF/container.xml")).find(".//{*}rootfile")
    if root is None:
        raise DocumentReadError(DAMAGED)
    package_name = root.get("full-path", "")
    package = xml_of(part(archive, package_name))
    writer = BlockWriter()
    for name in _spine(archive, package, posixpath.dirname(package_name)):
        write_fragment(decode_markup(part(archive, name)).text, writer)
    # A fragment names a place in one page of the book, and citations do not name the page.
    writer.blocks = [replace(block, anchor=None) for block in writer.blocks]
    contents = any("nav" in item.get("properties", "").split() for item in package.iter("{*}item"))
    title = (package.findtext(".//{*}title") or "").strip()
    return writer.extract(
        None if title.casefold() in _UNTITLED else title, ["table of contents"] if contents else ()
    )


def _spine(archive: ZipFile, package: Any, folder: str) -> Iterator[str]:
    """The names of the pages in the order of reading, each once, without the table of contents."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    names = set(archive.namelist())
    for reference in package.iter("{*}itemref"):
        item = items.pop(reference.get("idref"), None)
        if item is None or item.get("media-type") not in _PAGES:
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        if name in names and "nav" not in item.get("properties", "").split():
            yield name
