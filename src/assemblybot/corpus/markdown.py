"""Markdown to blocks by markdown-it-py: CommonMark with tables, definitions, footnotes, front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from assemblybot.corpus.definitions import Definitions
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import BlockWriter, Extract
from assemblybot.corpus.html import write_fragment
from assemblybot.corpus.tables import TableCell, write_table

_DEEPEST: Final = 30
_FIELD = re.compile(r"^[\w-]+[ \t]*[:=]", re.MULTILINE)
_TITLE = re.compile(
    r"^title[ \t]*[:=][ \t]*(?:[>|][+-]?[ \t]*\n[ \t]+)?(?P<title>\S.*(?:\n[ \t]+\S.*)*)",
    re.MULTILINE | re.IGNORECASE,
)
# Front matter in TOML.
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<fields>.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^>]*>", re.DOTALL)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_PARAGRAPH: Final = PassageKind.PARAGRAPH
_ITEM: Final = PassageKind.ITEM


def markdown_extract(text: str, notes: Sequence[str] = ()) -> Extract:
    """Blocks of a Markdown file; front matter and comments are left out, and said so."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin)
    source = text.removeprefix("\ufeff").replace("\r\n", "\n").lstrip("\n")
    if found := _TOML.match(source):
        source = f"---\n{found['fields']}\n---\n{source[found.end() :]}"
    return _Reader(parser.parse(source)).read(notes)


class _Reader:
    """Reads the tokens of one file once, in order."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._writer = BlockWriter()
        self._counters: list[int | None] = []
        self._mark: str | None = None
        self._in_item = False
        self._definitions = Definitions(self._writer)
        self._title: str | None = None
        self._left_out: list[str] = []

    def read(self, notes: Sequence[str]) -> Extract:
        for token in self._rest():
            self._take(token)
        headings = (block for block in self._writer.blocks if block.kind is PassageKind.HEADING)
        first = next(headings, None)
        extract = self._writer.extract(self._title, list(dict.fromkeys(self._left_out)), notes)
        if extract.title is None and first is not None:
            return _titled(extract, extract.text[first.start : first.end])
        return extract

    def _rest(self) -> Iterator[Token]:
        while self._at < len(self._tokens):
            self._at += 1
            yield self._tokens[self._at - 1]

    def _take(self, token: Token) -> None:
        match token.type:
            case "front_matter":
                self._front_matter(token.content)
            case "heading_open":
                self._writer.add(PassageKind.HEADING, self._inline())
            case "paragraph_open":
                self._text(self._inline())
            case "dt_open":
                self._definitions.term(self._inline())
            case "dd_open":
                self._definitions.definition()
            case "dl_close":
                self._definitions.end()
            case "fence" | "code_block":
                self._code(token.content)
            case "html_block":
                self._html(token.content + "".join(self._html_below()))
            case "table_open":
                self._table()
            case "bullet_list_open":
                self._counters.append(None)
            case "ordered_list_open":
                self._counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._counters.pop()
                self._in_item = False
            case "list_item_open":
                self._mark = self._next_mark()
            case "list_item_close":
                self._mark, self._in_item = None, False

    def _front_matter(self, content: str) -> None:
        if not _FIELD.search(content):
            self._writer.add(_PARAGRAPH, content)
            return
        if found := _TITLE.search(content):
            self._title = " ".join(found["title"].split()).strip("\"'") or None
        self._left_out.append("front matter")

    def _next_mark(self) -> str:
        number = self._counters[-1]
        if number is None:
            return "• "
        self._counters[-1] = number + 1
        return f"{number}. "

    def _inline(self) -> str:
        """Text of the inline token that comes next."""
        token = next(self._rest())
        return "".join(self._inline_texts(token.children or ()))

    def _inline_texts(self, children: Sequence[Token]) -> Iterator[str]:
        for child in children:
            if child.type in ("softbreak", "hardbreak"):
                yield " " if child.type == "softbreak" else "\n"
            elif child.type == "html_inline":
                if child.content.startswith("<!--"):
                    self._left_out.append("comments of the author")
                yield "\n" if _BREAK.match(child.content) else ""
            elif child.type == "image":
                self._left_out.append("pictures")
            elif child.type != "footnote_ref":
                yield child.content

    def _text(self, text: str) -> None:
        if self._mark is not None:
            self._definitions.write_term()
            self._in_item = self._writer.add(_ITEM, self._mark + text)
            self._mark = None
        elif self._in_item:
            self._writer.extend(text)
        else:
            self._writer.add(_PARAGRAPH, self._definitions.with_term(text))

    def _code(self, content: str) -> None:
        if self._mark is not None or self._in_item:
            for line in content.splitlines():
                self._text(line)
        else:
            self._definitions.write_term()
            self._writer.add(_PARAGRAPH, content, verbatim=True)

    def _html_below(self) -> Iterator[str]:
        """Blocks of HTML that follow: empty lines part them, and their elements go on."""
        while self._at < len(self._tokens) and self._tokens[self._at].type == "html_block":
            yield next(self._rest()).content

    def _html(self, content: str) -> None:
        if "<!--" in content:
            self._left_out.append("comments of the author")
        if _TAG.sub("", content).strip():
            write_fragment(content, self._writer)

    def _table(self) -> None:
        self._definitions.write_term()
        rows: list[list[TableCell]] = []
        for token in self._rest():
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(TableCell(self._inline(), is_name=token.type == "th_open"))
        write_table(self._writer, rows)


def _titled(extract: Extract, title: str) -> Extract:
    return Extract(extract.text, extract.blocks, title, extract.left_out, extract.notes)
