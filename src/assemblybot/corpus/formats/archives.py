"""Documents that are zip archives of XML (.docx, .odt, .epub): opened within bounds."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

from lxml import etree

from assemblybot.errors import DocumentReadError

_LARGEST_UNPACKED: Final = 256 * 2**20
DAMAGED: Final = "The file is damaged, or protected by a password. Save it anew and add it again."


def checked_archive(data: bytes) -> zipfile.ZipFile:
    """The archive; raises DocumentReadError when it is damaged, or too large when unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as error:
        raise DocumentReadError(DAMAGED) from error
    if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_UNPACKED:
        raise DocumentReadError(
            f"The document is larger than {_LARGEST_UNPACKED >> 20} MiB when it is unpacked. Split it."
        )
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of the archive; raises DocumentReadError when it is missing, damaged or encrypted."""
    try:
        return archive.read(name)
    except (KeyError, RuntimeError, zipfile.BadZipFile, ValueError) as error:
        raise DocumentReadError(DAMAGED) from error


def xml_of(data: bytes) -> Any:
    """The tree of a part; nothing outside it is read. Raises DocumentReadError when it is no XML."""
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise DocumentReadError(DAMAGED) from error
