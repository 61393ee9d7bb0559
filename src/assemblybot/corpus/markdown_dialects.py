"""Marks of Hugo, Jekyll, Obsidian and GitHub that CommonMark takes for text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token

_CALLOUT = re.compile(r"\[!(?P<kind>[\w-]+)\][+-]?[ \t]*(?P<title>.*)")
_CONTENTS = re.compile(r"\[\[?_?TOC_?\]\]?", re.IGNORECASE)
_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,200}\|)?(?P<shown>[^\[\]|\n]{1,200})\]\]")
_MARKED = re.compile(r"==(?=\S)(?P<text>[^=\n]{1,500})(?<=\S)==")
_PLACE = re.compile(r"(?:^|\s)\^[A-Za-z][\w-]*$")
#: What is left out, by what it is called.
_UNSHOWN: Final = (
    ("template tags", re.compile(r"\{\{[<%].{0,500}?[%>]\}\}|\{%.{0,500}?%\}")),
    ("comments of the author", re.compile(r"%%.{0,500}?%%")),
    ("pictures", re.compile(r"!\[\[[^\[\]\n]{0,200}\]\]")),
)
_LISTS: Final = ("bullet_list", "ordered_list")
_WITHIN_LINKS: Final = frozenset({"text", "link_open", "link_close", "softbreak", "code_inline"})


def shown(text: str) -> tuple[str, list[str]]:
    """A text as its program shows it, and what was left out of it."""
    left_out = [what for what, pattern in _UNSHOWN if pattern.search(text)]
    for _, pattern in _UNSHOWN:
        text = pattern.sub("", text)
    text = "" if _CONTENTS.fullmatch(text.strip()) else text
    text = _LINK.sub(lambda link: link["shown"].replace("#", ", ").removeprefix(", "), text)
    return _PLACE.sub("", _MARKED.sub(lambda mark: mark["text"], text)), left_out


def callout(text: str) -> tuple[str, bool] | None:
    """What stands for “[!note] Title” at the beginning of a quote, and whether it has a title."""
    found = _CALLOUT.fullmatch(text)
    return (f"{found['kind'].capitalize()}: {found['title']}", bool(found["title"])) if found else None


def without_contents(tokens: Sequence[Token]) -> tuple[list[Token], bool]:
    """The tokens without lists of nothing but links to places in the text, and whether there was one."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _list_end(tokens, at)
        if end and all(_leads_within(token) for token in _inline(tokens[at:end])):
            at = end
            continue
        kept.append(tokens[at])
        at += 1
    return kept, len(kept) < len(tokens)


def _list_end(tokens: Sequence[Token], at: int) -> int:
    """The position behind a list that begins at `at`; 0 where none begins."""
    token = tokens[at]
    name = token.type.removesuffix("_open")
    if token.level or name not in _LISTS or not token.type.endswith("_open"):
        return 0
    closing = (n for n in range(at, len(tokens)) if tokens[n].type == f"{name}_close" and not tokens[n].level)
    return next(closing, -1) + 1


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.type == "inline")


def _leads_within(inline: Token) -> bool:
    """Whether a text is one link to a place in the same text."""
    children = [child for child in inline.children or () if child.content.strip() or child.type != "text"]
    if not children or children[0].type != "link_open" or children[-1].type != "link_close":
        return False
    links = [child for child in children if child.type == "link_open"]
    kinds = {child.type for child in children}
    return kinds <= _WITHIN_LINKS and all(str(link.attrGet("href")).startswith("#") for link in links)
