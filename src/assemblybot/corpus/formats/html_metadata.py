"""The author and the day of a web page, as its head states them for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from assemblybot.corpus.formats.metadata import stated_author, stated_day

Element = Any

_AUTHOR: Final = ("author", "dc.creator", "dcterms.creator", "article:author", "citation_author")
_DAY: Final = (
    "article:published_time datepublished date dc.date dc.date.issued dcterms.date dcterms.issued"
    " dcterms.created citation_publication_date pubdate"
).split()
_TIMES: Final = (
    "string((//time[@pubdate or @itemprop='datePublished' or contains(@class, 'published')])[1]/@datetime)"
)
_LARGEST: Final = 200_000
_DEEPEST: Final = 6


def stated_of(tree: Element) -> tuple[str | None, str | None]:
    """Author and day (as ISO 8601 writes it) of a page."""
    said: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        said.setdefault(name.lower(), meta.get("content") or "")
    linked = list(_linked(tree))
    authors = [author for author, _ in linked]
    days = [day for _, day in linked]
    author = stated_author(*(said.get(name) for name in _AUTHOR), *authors)
    return author, stated_day(*(said.get(name) for name in _DAY), *days, tree.xpath(_TIMES))


def _linked(tree: Element) -> Iterator[tuple[str, str]]:
    """Author and day of each article that JSON in the page describes."""
    for script in tree.iter("script"):
        text = script.text or ""
        if script.get("type") == "application/ld+json" and len(text) <= _LARGEST:
            try:
                yield from _articles(json.loads(re.sub(r"[\x00-\x1f]", " ", text)), 0)
            except (ValueError, RecursionError):
                continue


def _articles(value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _articles(part, depth + 1)
    elif isinstance(value, dict):
        if isinstance(day := value.get("datePublished"), str):
            yield _name(value.get("author")), day
        yield from _articles(value.get("@graph"), depth + 1)


def _name(author: Any) -> str:
    first = author[0] if isinstance(author, list) and author else author
    name = first.get("name") if isinstance(first, dict) else first
    return name if isinstance(name, str) else ""
