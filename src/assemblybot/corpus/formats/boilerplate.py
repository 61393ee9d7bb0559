"""What of a web page is not its text: menus, notices, comments, sharing, related links, footers.

In the tree of a page it is told by HTML's own elements (nav, footer, aside, form), by the words in class
names and ids that sites name such parts with, by the labels above them, and by how much of a part is
links. A part that holds the heading of the page, or most of its text, is never taken out.

Of a text file, only the last lines may be left out, and only where they hold what nothing but a web page
has: a loading mark, or a cookie notice and labels of links. There are no rules for particular sites.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile
from typing import Any, Final

from assemblybot.corpus.formats.html_tree import is_within, link_share, text_of, texts_of
from assemblybot.text.arabic import fold

Element = Any

_NAMES: Final = {
    "cookie notice": "cookie cookies gdpr consent onetrust cmp",
    "navigation": "nav navbar navigation menu menus breadcrumb breadcrumbs pagination pager skip skiplink"
    " topbar toolbar sitemap editsection backlink",
    "comments": "comments commentlist disqus respond comentarios commentaires",
    "sharing links": "share sharing social sociable sharedaddy addtoany addthis",
    "related links": "related recommended recommendations teaser teasers promo outbrain taboola popular"
    " trending",
    "advertisement": "ad ads advert advertisement adsense sponsor sponsored",
    "newsletter form": "newsletter subscribe subscription signup",
    "page footer": "footer colophon copyright",
    "sidebar": "sidebar widget widgets",
    "tags": "tags taglist tagcloud keywords",
    "what is not printed": "noprint printfooter",
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
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|zip|epub|csv)(?:[?#]|$)", re.IGNORECASE)
_SENTENCE: Final = 80
# Below these labels, pages have links or comments.
_LABELS: Final = frozenset(
    fold(
        "شاهد أيضا|اقرأ أيضا|قد يعجبك أيضا|مواضيع ذات صلة|مقالات ذات صلة|الأكثر قراءة|المزيد من"
        "|تعليقات الزوار|التعليقات|تعليقات|اترك تعليقا|أضف تعليقا|اكتب تعليقا"
        "|see also|read also|read more|related|related articles|related posts|related links|you may also like"
        "|most read|comments|leave a comment|leave a reply|post a comment|recommended"
        "|voir aussi|lire aussi|à lire aussi|sur le même sujet|articles similaires|commentaires"
        "|laisser un commentaire|les plus lus"
        "|ver también|lea también|te puede interesar|artículos relacionados|comentarios|deja un comentario"
        "|deja una respuesta|lo más leído"
    ).split("|")
)
# What stands on a page that was still loading.
_LOADING: Final = frozenset(fold("loading|جاري التحميل|chargement|chargement en cours|cargando").split("|"))
_COOKIES = re.compile(fold(r"\bcookies?\b|ملفات تعريف الارتباط|ملفات الارتباط|témoins de connexion|الكوكيز"))
_CONSENT = re.compile(
    fold(
        r"accept|agree|consent|\buse[sd]?\b|experience|موافق|نستخدم|يستخدم|تجربتك|سياسة"
        r"|utilis|acceptez|acepta|utiliza|experiencia|expérience"
    )
)
_LONGEST_LABEL: Final = 40
_LONGEST_LINK: Final = 160
_TEXT_END: Final = (".", "!", "؟", "?", "؛", ":", "…", "»", '"')


def take_out_boilerplate(tree: Element) -> Counter[str]:
    """Take out of `tree` what is not the text of the page; gives the number of words of each kind."""
    whole = _length(tree)
    found: Counter[str] = Counter()
    for element, kind in _parts(tree):
        attached = tree in element.iterancestors()
        if attached and not _is_content(element, kind, whole):
            found[kind] += sum(len(text.split()) for text in texts_of(element))
            element.tail = f" {element.tail or ''}"
            element.drop_tree()
    return found


def _parts(tree: Element) -> Iterator[tuple[Element, str]]:
    """Parts that are boilerplate by their tag, role, name, label or links, outer ones first."""
    for element in list(tree.iter("*")):
        if kind := _kind(element):
            yield element, kind
    for heading in list(tree.iter("h2", "h3", "h4", "h5", "p", "div")):
        yield from _labelled(heading)
    yield from ((element, "table of contents") for element in tree.iter("ul", "ol") if _is_contents(element))
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
    """Whether what looks like boilerplate is text after all."""
    if kind == "hidden text":
        return False
    if element.xpath("boolean(.//h1 | .//main | .//article[.//p])"):
        return True
    if element.tag == "nav":
        return False
    if element.tag == "form":
        return _has_sentences(element)
    inside = is_within(element, "article", "main", "blockquote")
    if element.tag == "header":
        headings = element.xpath("boolean(.//h2 | .//h3 | .//h4)")
        return inside or headings or _has_sentences(element)
    if element.tag in ("aside", "footer") and inside:
        return link_share(element) < 0.3 and _has_sentences(element)
    return _length(element) > 0.5 * whole


def _labelled(heading: Element) -> Iterator[tuple[Element, str]]:
    """Links below a closing label, and whatever follows the heading of the comments."""
    text = text_of(heading) if len(heading) <= 3 else ""
    label, parted, _ = text.partition(":")
    if parted and heading.tag in ("p", "div") and _is_label(label, _LABELS) and link_share(heading) > 0.5:
        yield heading, "related links"
        return
    comments = heading.tag not in ("p", "div") and len(text) <= 40 and bool(_COMMENTS.fullmatch(text))
    if not (comments or _is_label(text, _LABELS)):
        return
    below = list(takewhile(lambda part: comments or part.tag != heading.tag, heading.itersiblings()))
    if comments or (below and all(link_share(part) > 0.5 for part in below if text_of(part))):
        yield from ((part, "comments" if comments else "related links") for part in (heading, *below))


def _is_contents(listed: Element) -> bool:
    """Whether a list has nothing but links to places in the page."""
    targets = [link.get("href", "") for link in listed.iter("a")]
    within = len(targets) > 1 and all(re.match("#.", target) for target in targets)
    return within and link_share(listed) > 0.8 and len(targets) >= sum(1 for _ in listed.iter("li"))


def _link_lists(tree: Element) -> Iterator[Element]:
    """Lists and cells of nothing but links, outside the main part of the page."""
    for element in tree.xpath("//*[self::ul or self::ol or self::td or self::div][.//a]"):
        inside = is_within(element, "main", "article") or _offers_files(element)
        if not inside and link_share(element) > 0.8 and not _has_sentences(element):
            yield element


def _offers_files(element: Element) -> bool:
    """Whether most links lead to documents, whose names are part of the text."""
    targets = [link.get("href", "") for link in element.iter("a")]
    return sum(bool(_FILE.search(target)) for target in targets) > len(targets) / 2


def _length(element: Element) -> int:
    return sum(map(len, texts_of(element)))


def _has_sentences(element: Element) -> bool:
    return any(
        len(text.strip()) >= _SENTENCE
        for text in element.xpath(".//text()[not(ancestor::a or parent::script)]")
    )


def _is_label(block: str, labels: Collection[str]) -> bool:
    return len(block) <= _LONGEST_LABEL and fold(block).strip(" .:…!-–—|•»«*#()0123456789") in labels


def _is_cookie_notice(block: str) -> bool:
    """Whether the block asks for consent to cookies."""
    folded = fold(block)
    return bool(_COOKIES.search(folded) and _CONSENT.search(folded))


def web_tail(blocks: Sequence[str]) -> int:
    """The position from which on `blocks` are the tail of a web page; their number where none is."""
    closing = [_is_label(block, _LABELS) for block in blocks]
    loading = [_is_label(block, _LOADING) for block in blocks]
    notices = list(map(_is_cookie_notice, blocks))
    marks = list(map(any, zip(closing, loading, notices, strict=True)))
    links = [len(text) <= _LONGEST_LINK and not text.rstrip().endswith(_TEXT_END) for text in blocks]
    start = len(blocks)
    while start and (marks[start - 1] or links[start - 1]):
        start -= 1
    while start < len(blocks) and not marks[start]:
        start += 1
    is_tail = any(loading[start:]) or (any(closing[start:]) and any(notices[start:]))
    return start if is_tail else len(blocks)
