"""Bytes to text: UTF-8, UTF-16 and UTF-32, else a guess among the code pages of our languages."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from assemblybot.errors import DocumentReadError

_MARKS: Final = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CODE_PAGES: Final = {"cp1256": "Windows-1256", "cp1252": "Windows-1252"}
_SAMPLE: Final = 200_000
_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,80}?encoding)\s*=\s*["']?([\w.:-]{1,40})""", re.I
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROL: Final = 0.01
_ARABIC_LETTERS = re.compile(r"[\u0620-\u064a]")
_BINARY: Final = "This is a binary file, not text."


class Decoded(NamedTuple):
    """Text, and what to tell whoever adds the file: that its encoding was guessed."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of `data`.

    Raises DocumentReadError for binary data, and where no encoding gives readable text.
    """
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        decoded = Decoded(data.decode(marked))
    except UnicodeDecodeError as error:
        if marked != "utf-8" or _is_mostly_utf8(data):
            raise DocumentReadError(
                f"The file is {marked.upper()} with damage at byte {error.start}. Save it anew and add it."
            ) from error
        decoded = _by_code_page(data)
    if _is_binary(decoded.text):
        decoded = _unmarked_utf16(data)
    if _is_binary(decoded.text):
        raise DocumentReadError(_BINARY)
    return decoded


def decode_markup(data: bytes) -> Decoded:
    """The text of HTML or XML, by the encoding it declares where that fits."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith(tuple(_MARKS)):
        try:
            return Decoded(data.decode(codecs.lookup(declared.group(1).decode()).name))
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether a file that is not UTF-8 is nearly so: a code page would make nonsense of it."""
    text = data.decode("utf-8", errors="replace")
    return text.count("\ufffd") * 4 < sum(not char.isascii() for char in text)


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text)


def _guessed(text: str, encoding: str) -> Decoded:
    return Decoded(text, (f"The encoding is not said in the file; it was read as {encoding}.",))


def _unmarked_utf16(data: bytes) -> Decoded:
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if sum(map(str.isascii, text)) + len(_ARABIC_LETTERS.findall(text)) > 0.7 * len(text):
            return _guessed(text, name.upper())
    raise DocumentReadError(_BINARY)


def _by_code_page(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_SAMPLE], cp_isolation=list(_CODE_PAGES), threshold=0.4).best()
    if found is None:
        raise DocumentReadError("The encoding was not recognised. Save the file as UTF-8 and add it again.")
    try:
        return _guessed(data.decode(found.encoding), _CODE_PAGES.get(found.encoding, found.encoding))
    except UnicodeDecodeError as error:
        raise DocumentReadError(
            "The encoding changes within the file. Save it as UTF-8 and add it again."
        ) from error
