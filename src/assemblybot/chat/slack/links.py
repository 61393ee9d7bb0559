"""Addresses at which a passage can be read in its document: built here, and recognised here."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from assemblybot.answering.answer import Citation
from assemblybot.render.slack import Link

_PATH = re.compile(r"/read/(?P<document>[^/]+)/(?P<number>\d{1,6})/?")


def reader_links(public_url: str | None) -> Link | None:
    """A function that gives the address of a citation; `None` where no reader is served."""
    if not public_url:
        return None
    base = public_url.rstrip("/")

    def link(citation: Citation) -> str:
        return f"{base}/read/{quote(citation.document, safe='')}/{citation.paragraph}"

    return link


def passage_of(url: str, public_url: str | None) -> str | None:
    """The passage that a reader address shows, or `None` for any other address."""
    if not public_url:
        return None
    base, asked = urlsplit(public_url), urlsplit(url)
    if (asked.scheme, asked.netloc) != (base.scheme, base.netloc):
        return None
    found = _PATH.fullmatch(asked.path.removeprefix(base.path.rstrip("/")))
    return f"{unquote(found['document'])}#{int(found['number'])}" if found else None
