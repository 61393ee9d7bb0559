"""Permalinks: addresses in the reader that carry a quote, its place and the hash of its document.

Everything stands in the fragment, which a browser does not send, behind the directive that makes it scroll
to the quote and mark it (https://wicg.github.io/scroll-to-text-fragment/); it leaves other directives alone:

    https://bot.example.org/read/report#p12:~:text=The%20harbour&quote=…&at=120-260&document=…&index=…
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from assemblybot.answering.answer import Citation
from assemblybot.errors import CitationError
from assemblybot.render.links import READER, anchor, page_of

DIRECTIVE: Final = ":~:"
# 128 bits: whoever alters a document cannot find another quote with the same hash.
_DIGITS: Final = 32
#: In characters. No passage is longer.
LONGEST_QUOTE: Final = 10_000
# A quote of more words is given by its first and its last ones.
_MOST_WORDS, _ENDS = 10, 4
_WORDS = re.compile(r"\S+")
_PAGE = re.compile(rf"{READER}(?P<document>[^/]+)$")
_HASH = re.compile(rf"[0-9a-f]{{{_DIGITS},64}}")
_AT = re.compile(r"(?P<start>\d{1,12})-(?P<end>\d{1,12})")


@dataclass(frozen=True, slots=True)
class Reference:
    """A quote as others can check it: `opening` its first words, `digest` the SHA-256 of all of it.

    `start` and `end` are its place in the text of `document`, whose SHA-256 `document_digest` is, in the index
    `index`. Of a hash, 32 hexadecimal digits or more are enough.
    """

    document: str
    start: int
    end: int
    opening: str
    digest: str
    document_digest: str | None = None
    index: str | None = None

    @classmethod
    def of(
        cls,
        document: str,
        start: int,
        text: str,
        *,
        document_digest: str | None = None,
        index: str | None = None,
    ) -> Reference:
        """The reference to `text`, which begins at `start` of `document`."""
        opening, _ = ends(text)
        return cls(document, start, start + len(text), opening, digest(text), document_digest, index)

    def stands(self, text: str) -> bool:
        """Whether the quote is where it was in the `text` of its document."""
        return self._is(text[self.start : self.end])

    def found(self, text: str) -> Iterator[int]:
        """Where the quote begins in `text`, each place."""
        at = text.find(self.opening)
        while at >= 0:
            if self._is(text[at : at + self.end - self.start]):
                yield at
            at = text.find(self.opening, at + 1)

    def is_of(self, text: str) -> bool:
        """Whether `text` is the whole document that was cited, to the character."""
        return self.document_digest is not None and digest(text).startswith(self.document_digest)

    def _is(self, text: str) -> bool:
        return digest(text).startswith(self.digest)


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def quoted_span(citation: Citation) -> tuple[int, int]:
    """Start and end of the quote of a citation in the text of its document.

    A sentence that stands twice in a passage is the one that holds the highlight.
    """
    first = min((start for start, _ in citation.highlights), default=0)
    at = citation.text.rfind(citation.quote, 0, first + len(citation.quote))
    at = at if at >= 0 else citation.text.index(citation.quote)
    return citation.start + at, citation.start + at + len(citation.quote)


def ends(text: str) -> tuple[str, str | None]:
    """A short text and `None`; the first and the last words of a longer one, as they stand in it."""
    words = list(_WORDS.finditer(text))
    if len(words) <= _MOST_WORDS:
        return text, None
    return text[: words[_ENDS - 1].end()], text[words[-_ENDS].start() :]


def permalink(public_url: str, paragraph: int, reference: Reference, text: str) -> str:
    """The address of the quote `text` in passage number `paragraph`."""
    shown = ",".join(_escaped(end) for end in ends(text) if end)
    directives = [f"text={shown}", f"quote={reference.digest[:_DIGITS]}", f"at={reference.start}-{reference.end}"]
    if reference.document_digest:
        directives.append(f"document={reference.document_digest[:_DIGITS]}")
    if reference.index:
        directives.append(f"index={quote(reference.index, safe='')}")
    page = f"{public_url.rstrip('/')}{READER}{page_of(reference.document)}"
    return f"{page}#{anchor(paragraph)}{DIRECTIVE}{'&'.join(directives)}"


def parse(link: str) -> Reference:
    """The reference that a permalink carries. Raises CitationError."""
    try:
        address = urlsplit(link.strip())
    except ValueError:
        raise _unreadable() from None
    page = _PAGE.search(address.path)
    directives = dict(part.partition("=")[::2] for part in address.fragment.partition(DIRECTIVE)[2].split("&"))
    at = _AT.fullmatch(directives.get("at", ""))
    opening = unquote(directives.get("text", "").split(",")[0])
    of_quote, of_document = directives.get("quote", ""), directives.get("document")
    if not page or not at or not opening or not all(map(_HASH.fullmatch, (of_quote, of_document or of_quote))):
        raise _unreadable()
    start, end = int(at["start"]), int(at["end"])
    if not 0 < end - start <= LONGEST_QUOTE:
        raise _unreadable()
    index = unquote(directives["index"]) if "index" in directives else None
    return Reference(unquote(page["document"]), start, end, opening, of_quote, of_document, index)


def _escaped(text: str) -> str:
    """Percent-encoded, with what the directive gives a meaning."""
    return quote(text, safe="").replace("-", "%2D")


def _unreadable() -> CitationError:
    return CitationError(
        "This is no permalink of a citation. Give the whole address as it was copied, with all that follows “#”."
    )
