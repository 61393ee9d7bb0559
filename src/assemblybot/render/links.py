"""Addresses in the reader: of documents, of passages, and permalinks of quotes; built and recognised here.

A permalink carries a quote, its place and the hash of its document. Everything stands in the fragment,
which a browser does not send, behind the directive that makes it scroll to the quote and mark it
(https://wicg.github.io/scroll-to-text-fragment/); it leaves other directives alone:

    https://bot.example.org/read/report#p12:~:text=The%20harbour&quote=…&at=120-260&document=…&index=…

Before `/read/` stands the collection, where it is not the default one: `/in/press/read/report`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from assemblybot.answering.answer import Citation
from assemblybot.collection import DEFAULT
from assemblybot.corpus.structure import list_mark
from assemblybot.errors import CitationError
from assemblybot.index.index import Index
from assemblybot.render.reference import LONGEST_QUOTE, Reference, digest, ends, quoted_span

#: Gives the address of a cited passage, or `None` where it cannot be read anywhere.
Link = Callable[[Citation], str | None]

#: Where the reader's pages stand under the public URL.
READER: Final = "/read/"
# Behind it in a fragment stands what says nothing about the page itself, such as the words to mark.
_DIRECTIVE: Final = ":~:"
# 128 bits: whoever alters a document cannot find another quote with the same hash.
_DIGITS: Final = 32
# A number behind the document is the address of a passage in messages sent before passages had anchors.
_PAGE = re.compile(
    rf"(?:/in/(?P<collection>[a-z0-9-]+))?{READER}(?P<document>[^/]+)(?:/(?P<number>[1-9]\d{{0,5}})/?)?$"
)
_ANCHOR = re.compile(r"p(?P<number>[1-9]\d{0,5})")
_HASH = re.compile(rf"[0-9a-f]{{{_DIGITS},64}}")
_AT = re.compile(r"(?P<start>\d{1,12})-(?P<end>\d{1,12})")


class Permalinks:
    """Permalinks into the reader at `public_url`. The hashes of an index's documents are worked out once."""

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        #: For each collection, its index and the hashes that are known.
        self._known: dict[str, tuple[Index, dict[str, str]]] = {}

    def into(self, index: Index) -> Link | None:
        """A function that gives the address of what was cited from `index`; `None` without a reader."""
        base = self._base(index)
        if base is None:
            return None
        version = index.manifest.version if index.manifest else None

        def link(citation: Citation) -> str:
            start, _ = quoted_span(citation)
            hashed = self.digest(index, citation.document)
            reference = Reference.of(
                citation.document, start, citation.quote, document_digest=hashed, index=version
            )
            return permalink(base, citation.paragraph, reference, citation.quote)

        return link

    def page(self, index: Index, document: str) -> str | None:
        """The address of the page of a document of `index`; `None` without a reader."""
        base = self._base(index)
        return None if base is None else f"{base}{READER}{page_of(document)}"

    def digest(self, index: Index, document: str) -> str:
        """SHA-256 of the text of a document of `index`. Raises KeyError where there is none."""
        of, digests = self._known.get(index.collection, (None, {}))
        if of is not index:
            digests = {}
            self._known[index.collection] = index, digests
        if document not in digests:
            digests[document] = digest(index.documents[document].text)
        return digests[document]

    def _base(self, index: Index) -> str | None:
        """The address before `/read/` of the documents of `index`."""
        return None if self._public_url is None else self._public_url + prefix_of(index.collection)


def prefix_of(collection: str) -> str:
    """What stands before the addresses of a collection's pages: nothing for the default one."""
    return "" if collection == DEFAULT else f"/in/{collection}"


def anchor(number: int) -> str:
    """The fragment that names passage `number` on the page of its document."""
    return f"p{number}"


def page_of(document: str) -> str:
    """The last part of the address of a document's page."""
    return quote(document, safe="")


def passage_of(url: str, public_url: str | None) -> str | None:
    """The passage that a reader address under `public_url` shows, or `None` for any other address."""
    if not public_url:
        return None
    base, asked = urlsplit(public_url), urlsplit(url)
    if (asked.scheme, asked.netloc) != (base.scheme, base.netloc):
        return None
    page = _PAGE.fullmatch(asked.path.removeprefix(base.path.rstrip("/")))
    if page is None or page["collection"]:
        return None
    place = _ANCHOR.fullmatch(asked.fragment.partition(_DIRECTIVE)[0])
    number = page["number"] or (place and place["number"])
    return f"{unquote(page['document'])}#{number}" if number else None


def permalink(public_url: str, paragraph: int, reference: Reference, text: str) -> str:
    """The address of the quote `text` in passage number `paragraph`."""
    opening, ending = ends(text)
    # The reader hangs the mark of a list item beside its text. A browser finds words across such a break only
    # where the directive names what stands before them apart.
    mark = list_mark(opening)
    shown = [_encoded(opening.removeprefix(mark) or opening), *map(_encoded, [ending] if ending else [])]
    if mark and mark != opening:
        shown.insert(0, f"{_encoded(mark)}-")
    directives = [
        f"text={','.join(shown)}",
        f"quote={reference.digest[:_DIGITS]}",
        f"at={reference.start}-{reference.end}",
    ]
    if reference.document_digest:
        directives.append(f"document={reference.document_digest[:_DIGITS]}")
    if reference.index:
        directives.append(f"index={quote(reference.index, safe='')}")
    page = f"{public_url.rstrip('/')}{READER}{page_of(reference.document)}"
    return f"{page}#{anchor(paragraph)}{_DIRECTIVE}{'&'.join(directives)}"


def _encoded(words: str) -> str:
    """Percent-encoded, with the hyphen that the directive gives a meaning."""
    return quote(words, safe="").replace("-", "%2D")


def parse(link: str) -> Reference:
    """The reference that a permalink carries. Raises CitationError."""
    try:
        address = urlsplit(link.strip())
    except ValueError:
        raise _unreadable() from None
    page = _PAGE.search(address.path)
    parts = address.fragment.partition(_DIRECTIVE)[2].split("&")
    directives = dict(part.partition("=")[::2] for part in parts)
    at = _AT.fullmatch(directives.get("at", ""))
    first, *others = directives.get("text", "").split(",")
    opening = unquote(first.removesuffix("-") + others[0] if first.endswith("-") and others else first)
    of_quote, of_document = directives.get("quote", ""), directives.get("document")
    hashes = (of_quote, of_document or of_quote)
    if not (page and at and opening and all(map(_HASH.fullmatch, hashes))):
        raise _unreadable()
    start, end = int(at["start"]), int(at["end"])
    if not 0 < end - start <= LONGEST_QUOTE:
        raise _unreadable()
    index = unquote(directives["index"]) if "index" in directives else None
    document, collection = unquote(page["document"]), page["collection"] or DEFAULT
    return Reference(document, start, end, opening, of_quote, of_document, index, collection)


def _unreadable() -> CitationError:
    return CitationError(
        "This is no permalink of a citation. Give the whole address, with all that follows “#”."
    )
