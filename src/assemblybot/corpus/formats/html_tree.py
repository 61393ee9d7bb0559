"""What a browser shows of a page, put into its tree as elements that say so, before the tree is read.

Roles become tags, the buttons of an accordion headings, labels terms; parts that a click opens are shown;
words of elements side by side are parted; references to footnotes are taken out.
"""

from __future__ import annotations

import re
from typing import Any, Final

from assemblybot.corpus.structure import is_heading, is_question

Element = Any

_TAGS: Final = {
    "list": "ul",
    "listitem": "li",
    "table": "table",
    "grid": "table",
    "rowgroup": "tbody",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
}
_PLAIN: Final = frozenset("div span section p".split())
_INLINE: Final = frozenset("a span time small strong em b i label".split())
_OPENS: Final = "@aria-controls or @aria-expanded or @data-target or @data-bs-target or @role='tab'"
_ACCORDION = re.compile(r"accordion|faq|collaps", re.IGNORECASE)
_LABEL = re.compile(r"(?:^|[\s_-])label(?:$|\s)")
_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_SIGNS = re.compile(r"font(?:-family)?:[^;]*(?:Symbol|Wingdings)|font(?:-family)?:\s*[\"']?Courier New")
_LARGEST_SHEET: Final = 200_000
_LONGEST_LABEL: Final = 80
_LONGEST_REFERENCE: Final = 6


def prepare(tree: Element) -> None:
    """Change `tree` as this module says."""
    for element in list(tree.iter("*")):
        _by_role(element)
    _show_what_opens(tree)
    for button in list(tree.iter("button")):
        _as_heading(button)
    for reference in list(tree.iter("sup")):
        _without_reference(reference)
    for element in list(tree.iter("div")):
        _as_term(element)
    _by_style(tree)
    for cited in tree.xpath("//blockquote/cite"):
        cited.tag = "p"
    for element in tree.iter(*_INLINE):
        _parted(element)


def _by_role(element: Element) -> None:
    role = element.get("role")
    if not role or element.tag not in _PLAIN:
        return
    if role == "heading":
        level = element.get("aria-level", "")
        element.tag = f"h{level if re.fullmatch('[1-6]', level) else 2}"
    else:
        element.tag = _TAGS.get(role, element.tag)


def _show_what_opens(tree: Element) -> None:
    """Show the parts that a click on an accordion or a tab opens, unless they are menus."""
    names: set[str] = set()
    for opener in tree.xpath(f"//*[{_OPENS}]"):
        said = (opener.get(name) for name in ("aria-controls", "data-target", "data-bs-target", "href"))
        names.update(name.removeprefix("#") for name in said if name)
    for part in tree.xpath("//*[@hidden or @style][@id or @role='tabpanel']"):
        if (part.get("id") in names or part.get("role") == "tabpanel") and link_share(part) <= 0.5:
            part.attrib.pop("hidden", None)
            part.attrib.pop("style", None)


def _by_style(tree: Element) -> None:
    """What word processors write as styles: bold text, the title, bullets of fonts that only have signs."""
    sheets = " ".join(sheet.text or "" for sheet in tree.iter("style"))[:_LARGEST_SHEET]
    bold = {name for name, rules in _RULE.findall(sheets) if _BOLD.search(rules)}
    for span in tree.iter("span"):
        style = span.get("style", "")
        if _SIGNS.search(style) and len(text_of(span)) == 1:
            span.text = "•"
        elif _BOLD.search(style) or bold & set(span.get("class", "").split()):
            span.tag = "b"
    titles = tree.xpath("//p[contains(concat(' ', @class, ' '), ' title ') or @class='MsoTitle']")
    if titles and tree.find(".//h1") is None:
        titles[0].tag = "h1"


def _as_heading(button: Element) -> None:
    """A button in a heading is its text; one that opens a part of the text reads as a bold line above it."""
    if is_within(button, "h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"):
        button.tag = "span"
        return
    text = text_of(button)
    named = f"{button.get('class', '')} {button.get('id', '')}"
    opens = button.get("aria-controls") or button.get("aria-expanded")
    if (_ACCORDION.search(named) and is_heading(text)) or (opens and is_question(text)):
        for child in list(button):
            button.remove(child)
        button.tag, button.text = "p", None
        bold = button.makeelement("b")
        bold.text = text
        button.append(bold)


def _without_reference(raised: Element) -> None:
    """Take out “[1]” that only leads to a footnote."""
    links = list(raised.iter("a"))
    text = text_of(raised)
    if links and all("#" in link.get("href", "") for link in links) and len(text) <= _LONGEST_REFERENCE:
        raised.clear(keep_tail=True)


def _as_term(label: Element) -> None:
    """A label that stands first in its part is a term, and what follows there its definition."""
    part = label.getparent()
    if part is None or part.tag != "div" or not _LABEL.search(label.get("class", "")) or part[0] is not label:
        return
    below = part[1:]
    text = text_of(label)
    if below and 0 < len(text) <= _LONGEST_LABEL and all(child.tag == "div" for child in below):
        part.tag, label.tag = "dl", "dt"
        for child in below:
            child.tag = "dd"


def _parted(element: Element) -> None:
    """Put a space between words of two elements that nothing but their style keeps apart."""
    after = element.getnext()
    if element.tail or after is None or after.tag not in _INLINE or is_within(element, "pre", "code"):
        return
    left, right = text_of(element)[-1:], text_of(after)[:1]
    if not left or not right or left in "([{«‹“" or not (right.isalnum() or right in "([{«‹“€$£#@"):
        return
    goes_on = left.isalpha() and right.isalpha() and (left.isupper() or not right.isupper())
    if not goes_on or (element.tag != after.tag and {"a", "time", "label"} & {element.tag, after.tag}):
        element.tail = " "


def text_of(element: Element) -> str:
    """The text of an element on one line."""
    return " ".join(element.text_content().split())


def texts_of(element: Element) -> list[str]:
    """The texts of an element and those in it, without scripts and styles."""
    return [text.strip() for text in element.xpath(".//text()[not(parent::script or parent::style)]")]


def link_share(element: Element) -> float:
    """The share of the text of an element that is in links, in [0, 1]."""
    links = sum(len(text.strip()) for text in element.xpath("descendant-or-self::a//text()"))
    return links / max(sum(map(len, texts_of(element))), 1)


def is_within(element: Element, *tags: str) -> bool:
    """Whether an element stands in one of these tags."""
    return next(element.iterancestors(*tags), None) is not None
