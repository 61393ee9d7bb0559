"""Marks of Hugo, Jekyll, Obsidian and GitHub that CommonMark takes for text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

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
_WITHIN_LINKS: Final = frozenset({"text", "link", "softbreak", "code_inline"})


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
    blocks = SyntaxTreeNode(tokens).children
    kept = [block for block in blocks if not _is_contents(block)]
    return [token for block in kept for token in block.to_tokens()], len(kept) < len(blocks)


def _is_contents(block: SyntaxTreeNode) -> bool:
    """Whether a block is a list, each text of which is one link to a place in the same text."""
    texts = (node.children for node in block.walk() if node.type == "inline")
    return block.type in _LISTS and all(map(_leads_within, texts))


def _leads_within(text: Sequence[SyntaxTreeNode]) -> bool:
    """Whether a text is a link, or begins and ends with one, and all of them lead to the same text."""
    parts = [part for part in text if part.content.strip() or part.type != "text"]
    nodes = [node for part in parts for node in part.walk()]
    leads_within = all(str(node.attrGet("href")).startswith("#") for node in nodes if node.type == "link")
    are_links = {part.type for part in (*parts[:1], *parts[-1:])} == {"link"}
    return are_links and leads_within and {node.type for node in nodes} <= _WITHIN_LINKS
