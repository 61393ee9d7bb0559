"""Permalinks: addresses in the reader that carry a quote, its place and the hash of its document.

Everything stands in the fragment, which a browser does not send, behind the directive that makes it scroll
to the quote and mark it (https://wicg.github.io/scroll-to-text-fragment/); it leaves other directives alone:

    https://bot.example.org/read/report#p12:~:text=The%20harbour&quote=…&at=120-260&document=…&index=…

Before `/read/` stands the collection, where it is not the default one: `/in/press/read/report`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from assemblybot.answering.answer import Citation
from assemblybot.collection import DEFAULT
from assemblybot.errors import CitationError
from assemblybot.index.index import Index
from assemblybot.render.links import DIRECTIVE, READER, Link, anchor, page_of, prefix_of
from assemblybot.render.reference import LONGEST_QUOTE, Reference, digest, ends, quoted_span

# 128 bits: whoever alters a document cannot find another quote with the same hash.
_DIGITS: Final = 32
_PAGE = re.compile(rf"(?:/in/(?P<collection>[a-z0-9-]+))?{READER}(?P<document>[^/]+)$")
_HASH = re.compile(rf"[0-9a-f]{{{_DIGITS},64}}")
_AT = re.compile(r"(?P<start>\d{1,12})-(?P<end>\d{1,12})")


class Permalinks:
    """Permalinks into the reader at `public_url`. The hashes of an index's documents are worked out once."""

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        #: For each collection, its index and the hashes that are known.
        self._known: dict[str, tuple[Index, dict[str, str]]] = {}

    def base(self, index: Index) -> str | None:
        """The address before `/read/` of the documents of `index`; `None` without a reader."""
        return None if self._public_url is None else self._public_url + prefix_of(index.collection)

    def into(self, index: Index) -> Link | None:
        """A function that gives the address of what was cited from `index`; `None` without a reader."""
        base = self.base(index)
        if base is None:
            return None

        def link(citation: Citation) -> str:
            reference = Reference.of(
                citation.document,
                quoted_span(citation)[0],
                citation.quote,
                document_digest=self.digest(index, citation.document),
                index=index.version or None,
            )
            return permalink(base, citation.paragraph, reference, citation.quote)

        return link

    def page(self, index: Index, document: str) -> str | None:
        """The address of the page of a document of `index`; `None` without a reader."""
        base = self.base(index)
        return None if base is None else _page(base, document)

    def digest(self, index: Index, document: str) -> str:
        """SHA-256 of the text of a document of `index`. Raises KeyError where there is none."""
        of, digests = self._known.get(index.collection, (None, {}))
        if of is not index:
            digests = {}
            self._known[index.collection] = index, digests
        if document not in digests:
            digests[document] = digest(index.documents[document].text)
        return digests[document]


def permalink(public_url: str, paragraph: int, reference: Reference, text: str) -> str:
    """The address of the quote `text` in passage number `paragraph`."""
    shown = ",".join(_escaped(end) for end in ends(text) if end)
    directives = [
        f"text={shown}",
        f"quote={reference.digest[:_DIGITS]}",
        f"at={reference.start}-{reference.end}",
    ]
    if reference.document_digest:
        directives.append(f"document={reference.document_digest[:_DIGITS]}")
    if reference.index:
        directives.append(f"index={quote(reference.index, safe='')}")
    page = _page(public_url.rstrip("/"), reference.document)
    return f"{page}#{anchor(paragraph)}{DIRECTIVE}{'&'.join(directives)}"


def parse(link: str) -> Reference:
    """The reference that a permalink carries. Raises CitationError."""
    try:
        address = urlsplit(link.strip())
    except ValueError:
        raise _unreadable() from None
    page = _PAGE.search(address.path)
    directives = dict(
        part.partition("=")[::2] for part in address.fragment.partition(DIRECTIVE)[2].split("&")
    )
    at = _AT.fullmatch(directives.get("at", ""))
    opening = unquote(directives.get("text", "").split(",")[0])
    of_quote, of_document = directives.get("quote", ""), directives.get("document")
    if (
        not page
        or not at
        or not opening
        or not all(map(_HASH.fullmatch, (of_quote, of_document or of_quote)))
    ):
        raise _unreadable()
    start, end = int(at["start"]), int(at["end"])
    if not 0 < end - start <= LONGEST_QUOTE:
        raise _unreadable()
    index = unquote(directives["index"]) if "index" in directives else None
    return Reference(
        unquote(page["document"]),
        start,
        end,
        opening,
        of_quote,
        of_document,
        index,
        page["collection"] or DEFAULT,
    )


def _page(base: str, document: str) -> str:
    return f"{base}{READER}{page_of(document)}"


def _escaped(text: str) -> str:
    """Percent-encoded, with what the directive gives a meaning."""
    return quote(text, safe="").replace("-", "%2D")


def _unreadable() -> CitationError:
    return CitationError(
        "This is no permalink of a citation. Give the whole address, with all that follows “#”."
    )
