"""Addresses at which a passage can be read in its document: built here, and recognised here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from assemblybot.answering.answer import Citation
from assemblybot.collection import DEFAULT

#: Gives the address of a cited passage, or `None` where it cannot be read anywhere.
Link = Callable[[Citation], str | None]

#: Where the reader's pages stand under the public URL.
READER: Final = "/read/"
#: Behind it in a fragment stands what says nothing about the page itself, such as the words to mark.
DIRECTIVE: Final = ":~:"
_PAGE = re.compile(rf"{READER}(?P<document>[^/]+)")
_ANCHOR = re.compile(r"p(?P<number>[1-9]\d{0,5})")
# The address of a passage in messages sent before passages had anchors; the reader redirects it.
_FORMER = re.compile(rf"{READER}(?P<document>[^/]+)/(?P<number>[1-9]\d{{0,5}})/?")


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
    """The passage that a reader address shows, or `None` for any other address."""
    if not public_url:
        return None
    base, asked = urlsplit(public_url), urlsplit(url)
    if (asked.scheme, asked.netloc) != (base.scheme, base.netloc):
        return None
    path = asked.path.removeprefix(base.path.rstrip("/"))
    page, number = _PAGE.fullmatch(path), _ANCHOR.fullmatch(asked.fragment.partition(DIRECTIVE)[0])
    if page and number:
        return f"{unquote(page['document'])}#{int(number['number'])}"
    former = _FORMER.fullmatch(path)
    return f"{unquote(former['document'])}#{int(former['number'])}" if former else None
