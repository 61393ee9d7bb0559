"""Books (.epub) to blocks: their pages are HTML, read in the order of the spine."""

from __future__ import annotations

import posixpath
from typing import Final
from urllib.parse import unquote

from assemblybot.corpus.builder import ExtractBuilder
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.formats.archives import DAMAGED, checked_archive, part, xml_of
from assemblybot.corpus.formats.encodings import decode_markup
from assemblybot.corpus.formats.html import write_fragment
from assemblybot.corpus.formats.metadata import stated_author, stated_day
from assemblybot.errors import DocumentReadError

_UNTITLED: Final = frozenset({"", "unknown", "unknown title", "untitled"})
_PAGES: Final = ("application/xhtml+xml", "text/html")
_ENCRYPTION: Final = "META-INF/encryption.xml"


def extract(data: bytes) -> Extract:
    """Blocks of a book; its table of contents is left out, and said so."""
    archive = checked_archive(data)
    names = set(archive.namelist())
    if _ENCRYPTION in names and b"#aes" in part(archive, _ENCRYPTION):
        raise DocumentReadError("The book is encrypted (DRM). Add a copy without encryption.")
    root = xml_of(part(archive, "META-INF/container.xml")).find(".//{*}rootfile")
    if root is None:
        raise DocumentReadError(DAMAGED)
    package_name = root.get("full-path", "")
    package = xml_of(part(archive, package_name))
    items = {item.get("id"): item for item in package.iter("{*}item")}
    contents = {name for name, item in items.items() if "nav" in item.get("properties", "").split()}
    builder = ExtractBuilder()
    for name in dict.fromkeys(reference.get("idref") for reference in package.iter("{*}itemref")):
        if name in items and name not in contents and items[name].get("media-type") in _PAGES:
            place = posixpath.join(posixpath.dirname(package_name), unquote(items[name].get("href", "")))
            if (page := posixpath.normpath(place)) in names:
                write_fragment(decode_markup(part(archive, page)).text, builder)
    title = (package.findtext(".//{*}title") or "").strip()
    builder.leave_out("table of contents", len(contents))
    return builder.extract(
        None if title.casefold() in _UNTITLED else title,
        author=stated_author(package.findtext(".//{*}creator")),
        day=stated_day(package.findtext(".//{*}metadata/{*}date")),
    )
