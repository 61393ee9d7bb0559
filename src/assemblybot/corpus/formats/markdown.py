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

from assemblybot.corpus.builder import ExtractBuilder
from assemblybot.corpus.extract import Extract, check_length
from assemblybot.corpus.formats.encodings import decode
from assemblybot.corpus.formats.html import write_fragment
from assemblybot.corpus.formats.markdown_dialects import callout, shown, without_contents
from assemblybot.corpus.formats.metadata import stated_author, stated_day
from assemblybot.corpus.structure import is_heading
from assemblybot.corpus.tables import TableCell, write_table

_DEEPEST: Final = 30
_FIELD = re.compile(r"^[\w-]+[ \t]*[:=]", re.MULTILINE)
# A field with its value: on its line, and in lines set in below it or in a list.
_STATED = re.compile(
    r"^(?P<name>title|authors?|date|published|created)[ \t]*[:=]"
    r"(?P<value>.*(?:\n[ \t]+\S.*|\n[ \t]*-[ \t].*)*)",
    re.MULTILINE | re.IGNORECASE,
)
# Front matter in TOML.
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<fields>.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^>]*>", re.DOTALL)
_DETAILS = re.compile(r"(</?details\b[^>]*>)", re.IGNORECASE)
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


class _Reader:
    """Reads the tokens of one file once, in order."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        kept, had_contents = without_contents(tokens)
        self._tokens = iter(kept)
        self._builder = ExtractBuilder()
        self._stated: dict[str, str] = {}
        self._builder.leave_out("table of contents", had_contents)

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
        title = self._stated.get("title") or self._builder.first_heading
        author = stated_author(self._stated.get("author"), self._stated.get("authors"))
        day = stated_day(*map(self._stated.get, ("date", "published", "created")))
        return self._builder.extract(title, notes, author, day)

    def _take(self, token: Token) -> None:
        match token.type:
            case "front_matter":
                self._front_matter(token.content)
            case "heading_open":
                self._builder.heading(self._inline())
            case "paragraph_open":
                self._paragraph(next(self._tokens).children or ())
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
        for found in _STATED.finditer(content):
            self._stated.setdefault(found["name"].lower(), _value(found["value"]))
        self._builder.leave_out("front matter")

    def _paragraph(self, children: Sequence[Token]) -> None:
        text = "".join(self._inline_texts(children))
        if _is_bold(children) and is_heading(text.strip()) and not self._builder.in_item:
            self._builder.heading(text, by_look=True)
        else:
            self._builder.text(text)

    def _inline(self) -> str:
        """Text of the inline token that comes next."""
        return "".join(self._inline_texts(next(self._tokens).children or ()))

    def _inline_texts(self, children: Sequence[Token]) -> Iterator[str]:
        called = callout(children[0].content) if children and children[0].type == "text" else None
        for at, child in enumerate(children):
            if called and at < 2:
                text, is_titled = called
                yield text if at == 0 else "\n" * is_titled
            elif child.type in ("softbreak", "hardbreak"):
                yield " " if child.type == "softbreak" else "\n"
            elif child.type == "html_inline":
                if child.content.startswith("<!--"):
                    self._builder.leave_out("comments of the author")
                yield "\n" if _BREAK.match(child.content) else ""
            elif child.type == "image":
                self._builder.leave_out("pictures")
            elif child.type == "text":
                text, left_out = shown(child.content)
                for what in left_out:
                    self._builder.leave_out(what)
                yield text
            elif child.type != "footnote_ref":
                yield child.content

    def _html(self, content: str) -> None:
        if "<!--" in content:
            self._builder.leave_out("comments of the author")
        # Markdown stands between the tags of <details>, which end elsewhere.
        for part in _DETAILS.split(content):
            if _DETAILS.fullmatch(part):
                if part.startswith("</"):
                    self._builder.end_part()
                else:
                    self._builder.begin_part()
            elif _TAG.sub("", part).strip():
                write_fragment(part, self._builder)

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


def _is_bold(children: Sequence[Token]) -> bool:
    """Whether all of a paragraph is bold."""
    depth, shown_bold = 0, []
    for child in children:
        depth += (child.type == "strong_open") - (child.type == "strong_close")
        if child.content.strip():
            shown_bold.append(depth > 0)
    return bool(shown_bold) and all(shown_bold)


def _value(field: str) -> str:
    """The text of a field of front matter, those of a list with commas; of a record, its name."""
    first, *below = (line.strip() for line in field.split("\n"))
    lines = [line for line in (re.sub(r"^[>|][+-]?$", "", first), *below) if line]
    named = [line for line in lines if re.match(r"(?:- +)?name *[:=]", line)]
    values = [re.sub(r"^(?:- +)?(?:name *[:=])?", "", line) for line in named or lines]
    is_list = bool(named) or any(line.startswith("- ") for line in lines)
    joined = (", " if is_list else " ").join(values)
    listed = joined[1:-1].split(",") if joined.startswith("[") and joined.endswith("]") else [joined]
    return ", ".join(value.strip(" \"'") for value in listed)
