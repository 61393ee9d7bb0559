"""What of a page is not its text: menus, cookie notices, comments, sharing, related links, footers.

Told by HTML's own elements (nav, footer, aside, form), by the words in class names and ids that
sites name such parts with, by the labels above them, and by how much of a part is links. A part
that holds the heading of the page, or most of its text, is never taken out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from typing import Any, Final

from assemblybot.corpus.cleaning import is_closing_label

Element = Any

_NAMES: Final = {
    "cookie notice": "cookie cookies gdpr consent onetrust cmp",
    "navigation": "nav navbar navigation menu menus breadcrumb breadcrumbs pagination pager skip skiplink"
    " topbar toolbar sitemap",
    "comments": "comments commentlist disqus respond comentarios commentaires",
    "sharing links": "share sharing social sociable sharedaddy addtoany addthis",
    "related links": "related recommended recommendations teaser teasers promo outbrain taboola popular"
    " trending",
    "advertisement": "ad ads advert advertisement adsense sponsor sponsored",
    "newsletter form": "newsletter subscribe subscription signup",
    "page footer": "footer colophon copyright",
    "sidebar": "sidebar widget widgets",
    "tags": "tags taglist tagcloud keywords",
    "hidden text": "visuallyhidden",
}
_TAGS: Final = {
    "navigation": "nav",
    "form": "form",
    "page header": "header",
    "page footer": "footer",
    "sidebar": "aside",
}
_ROLES: Final = {
    "navigation": "navigation menu menubar",
    "form": "search",
    "page footer": "contentinfo",
    "sidebar": "complementary",
    "dialog": "dialog alertdialog",
}
_KIND_OF_NAME, _KIND_OF_TAG, _KIND_OF_ROLE = (
    {word: kind for kind, words in kinds.items() for word in words.split()}
    for kinds in (_NAMES, _TAGS, _ROLES)
)
_COMMENTS = re.compile(
    r"\d* ?(?:comments?|commentaires?|comentarios?|تعليقات?|تعليقات الزوار|التعليقات)(?: \(?\d+\)?)?",
    re.IGNORECASE,
)
_SENTENCE: Final = 80


def take_out_furniture(tree: Element) -> tuple[str, ...]:
    """Take out of `tree` what is not the text of the page; what that was, in words."""
    whole = _length(tree)
    found: Counter[str] = Counter()
    for element, kind in _parts(tree):
        attached = tree in element.iterancestors()
        if attached and not _is_content(element, kind, whole):
            found[kind] += len(_text(element).split())
            element.tail = f" {element.tail or ''}"
            element.drop_tree()
    return tuple(f"{kind} ({words} words)" for kind, words in found.items() if words)


def _parts(tree: Element) -> Iterator[tuple[Element, str]]:
    """Parts that are furniture by their tag, role, name, label or links, outer ones first."""
    for element in list(tree.iter("*")):
        if kind := _kind(element):
            yield element, kind
    for heading in tree.xpath("//*[self::h2 or self::h3 or self::h4 or self::h5 or self::p or self::div]"):
        yield from _labelled(heading)
    yield from ((element, "links") for element in _link_lists(tree))


def _kind(element: Element) -> str | None:
    if element.tag in ("html", "body", "main", "article", "head", "td", "tr", "tbody"):
        return None
    if element.get("hidden") is not None or re.search(r"display:\s*none", element.get("style", "")):
        return "hidden text"
    if kind := _KIND_OF_TAG.get(element.tag) or _KIND_OF_ROLE.get(element.get("role", "")):
        return kind
    names = f"{element.get('class', '')} {element.get('id', '')}"
    words = re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", names).lower())
    return next(filter(None, map(_KIND_OF_NAME.get, words)), None)


def _is_content(element: Element, kind: str, whole: int) -> bool:
    """Whether what looks like furniture is text after all."""
    if kind == "hidden text":
        return False
    if element.xpath("boolean(.//h1 | .//main | .//article[.//p])"):
        return True
    if element.tag == "nav":
        return False
    if element.tag == "form":
        return _has_sentences(element)
    inside = _within(element, ("article", "main", "blockquote"))
    if element.tag == "header":
        headings = element.xpath("boolean(.//h2 | .//h3 | .//h4)")
        return bool(inside) or headings or _has_sentences(element)
    if element.tag in ("aside", "footer") and inside:
        return _link_share(element) < 0.3 and _has_sentences(element)
    return _length(element) > 0.5 * whole


def _labelled(heading: Element) -> Iterator[tuple[Element, str]]:
    """Links below a closing label, and whatever follows the heading of the comments."""
    text = _text(heading) if len(heading) <= 3 else ""
    comments = heading.tag not in ("p", "div") and len(text) <= 40 and bool(_COMMENTS.fullmatch(text))
    if not (comments or is_closing_label(text)):
        return
    below = list(takewhile(lambda part: comments or part.tag != heading.tag, heading.itersiblings()))
    if comments or (below and all(_link_share(part) > 0.5 for part in below if _text(part))):
        yield from ((part, "comments" if comments else "related links") for part in (heading, *below))


def _link_lists(tree: Element) -> Iterator[Element]:
    """Lists and cells of nothing but links, outside the main part of the page."""
    for element in tree.xpath("//*[self::ul or self::ol or self::td or self::div][.//a]"):
        inside = _within(element, ("main", "article"))
        if not inside and _link_share(element) > 0.8 and not _has_sentences(element):
            yield element


def _within(element: Element, tags: tuple[str, ...]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _text(element: Element) -> str:
    return " ".join(element.xpath("string()").split())


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.xpath(".//text()[not(parent::script or parent::style)]"))


def _link_share(element: Element) -> float:
    links = sum(len(text.strip()) for text in element.xpath(".//a//text()"))
    return links / max(_length(element), 1) if element.tag != "a" else 1.0


def _has_sentences(element: Element) -> bool:
    return any(
        len(text.strip()) >= _SENTENCE
        for text in element.xpath(".//text()[not(ancestor::a or parent::script)]")
    )
