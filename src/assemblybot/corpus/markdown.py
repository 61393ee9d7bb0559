"""Markdown to blocks by markdown-it-py: CommonMark with tables, definitions, footnotes, front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from assemblybot.corpus.document import DAYS
from assemblybot.corpus.encodings import decode
from assemblybot.corpus.extract import Extract, ExtractBuilder, check_length
from assemblybot.corpus.html import write_fragment
from assemblybot.corpus.tables import TableCell, write_table

_DEEPEST: Final = 30
_FIELD = re.compile(r"^[\w-]+[ \t]*[:=]", re.MULTILINE)
_LINES: Final = re.MULTILINE | re.IGNORECASE
_TITLE = re.compile(
    r"^title[ \t]*[:=][ \t]*(?:[>|][+-]?[ \t]*\n[ \t]+)?(?P<title>\S.*(?:\n[ \t]+\S.*)*)",
    _LINES,
)
# Front matter in TOML.
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<fields>.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^>]*>", re.DOTALL)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)


def extract(data: bytes) -> Extract:
    """Blocks of a Markdown file; front matter and comments are left out, and said so."""
    decoded = decode(data)
    check_length(len(decoded.text))
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin)
    source = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").lstrip("\n")
    if found := _TOML.match(source):
        source = f"---\n{found['fields']}\n---\n{source[found.end() :]}"
    return _Reader(parser.parse(source)).read(decoded.notes)


def _day(front_matter: str) -> str | None:
    """The date that a front matter gives under one of the names that `document.toml` has for it."""
    for name in DAYS:
        field = re.compile(rf"^{name}[ \t]*[:=][ \t]*[\"']?(\d{{4}}-\d\d-\d\d)(?!\d)", _LINES)
        for found in field.finditer(front_matter):
            with suppress(ValueError):
                return date.fromisoformat(found[1]).isoformat()
    return None


class _Reader:
    """Reads the tokens of one file once, in order."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = iter(tokens)
        self._builder = ExtractBuilder()
        self._title: str | None = None
        self._day: str | None = None
        self._left_out: dict[str, None] = {}

    def read(self, notes: Sequence[str]) -> Extract:
        html: list[str] = []
        for token in self._tokens:
            # Empty lines part blocks of HTML, and their elements go on.
            if token.type == "html_block":
                html.append(token.content)
                continue
            self._html("".join(html))
            html = []
            self._take(token)
        self._html("".join(html))
        title = self._title or self._builder.first_heading
        return replace(self._builder.extract(title, list(self._left_out), notes), day=self._day)

    def _take(self, token: Token) -> None:
        match token.type:
            case "front_matter":
                self._front_matter(token.content)
            case "heading_open":
                self._builder.heading(self._inline())
            case "paragraph_open":
                self._builder.text(self._inline())
            case "dt_open":
                self._builder.term(self._inline())
            case "dd_open":
                self._builder.begin_definition()
            case "dl_close":
                self._builder.end_definitions()
            case "fence" | "code_block":
                self._builder.text(token.content, verbatim=True)
            case "table_open":
                self._table()
            case "bullet_list_open":
                self._builder.begin_list()
            case "ordered_list_open":
                self._builder.begin_list(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._builder.end_list()
            case "list_item_open":
                self._builder.begin_item()
            case "list_item_close":
                self._builder.end_item()

    def _front_matter(self, content: str) -> None:
        if not _FIELD.search(content):
            self._builder.text(content)
            return
        if found := _TITLE.search(content):
            self._title = " ".join(found["title"].split()).strip("\"'")
        self._day = _day(content)
        self._left_out["front matter"] = None

    def _inline(self) -> str:
        """Text of the inline token that comes next."""
        return "".join(self._inline_texts(next(self._tokens).children or ()))

    def _inline_texts(self, children: Sequence[Token]) -> Iterator[str]:
        for child in children:
            if child.type in ("softbreak", "hardbreak"):
                yield " " if child.type == "softbreak" else "\n"
            elif child.type == "html_inline":
                if child.content.startswith("<!--"):
                    self._left_out["comments of the author"] = None
                yield "\n" if _BREAK.match(child.content) else ""
            elif child.type == "image":
                self._left_out["pictures"] = None
            elif child.type != "footnote_ref":
                yield child.content

    def _html(self, content: str) -> None:
        if "<!--" in content:
            self._left_out["comments of the author"] = None
        if _TAG.sub("", content).strip():
            write_fragment(content, self._builder)

    def _table(self) -> None:
        rows: list[list[TableCell]] = []
        for token in self._tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(TableCell(self._inline(), is_name=token.type == "th_open"))
        write_table(self._builder, rows)
