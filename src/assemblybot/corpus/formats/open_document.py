"""OpenDocument texts (.odt) to blocks: headings, lists with their numbers, tables, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from lxml import etree

from assemblybot.corpus.builder import ExtractBuilder, raised_digits
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.formats.archives import checked_archive, part, xml_of
from assemblybot.corpus.formats.metadata import stated_author, stated_day
from assemblybot.corpus.numbering import BULLET, Counters, Level
from assemblybot.corpus.structure import LIST_MARK, is_heading
from assemblybot.corpus.tables import TableCell, count_of, spread, write_table_or_layout

_OFFICE, _STYLE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table", "text")
)
_FO: Final = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_CONTENTS = re.compile(r"Contents_20_(?:\d|Heading)")
#: What the numbers of headings are kept by; no list has an empty name.
_OUTLINE: Final = "/outline"
_MOST_STYLES: Final = 20
_UNSHOWN: Final = frozenset(
    {f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}ruby-text"}
)
_SIGNS: Final = {f"{_TEXT}tab": " ", f"{_TEXT}s": " ", f"{_TEXT}line-break": "\n", f"{_TEXT}p": "\n"}
_MOST_REPEATED: Final = 100
_SECTIONS: Final = frozenset(f"{_TEXT}{name}" for name in ("section", "index-body", "numbered-paragraph"))
_ROW_GROUPS: Final = frozenset(f"{_TABLE}table-{name}" for name in ("header-rows", "rows", "row-group"))


def extract(data: bytes) -> Extract:
    """Blocks of an OpenDocument text; comments, deleted text and pictures are left out."""
    archive = checked_archive(data)
    tree, *others = (
        xml_of(part(archive, name))
        for name in ("content.xml", "styles.xml", "meta.xml")
        if name == "content.xml" or name in archive.namelist()
    )
    return _Reader(tree, others).read()


class _Font(NamedTuple):
    bold: bool | None = None
    raised: bool = False


_PLAIN: Final = _Font()


class _Reader:
    """Reads the body of one text once, in order; styles and the stated title may lie in other parts."""

    def __init__(self, tree: Any, others: list[Any]) -> None:
        self._tree = tree
        self._builder = ExtractBuilder()
        self._contents = 0
        edges = (f"{_STYLE}header", f"{_STYLE}footer")
        self._edges = [edge for other in others for edge in other.iter(*edges)]
        self._stated = {
            etree.QName(field).localname: field.text or ""
            for other in others
            for field in other.iterfind(f"{_OFFICE}meta/*")
        }
        self._parents = {
            style.get(f"{_STYLE}name"): style.get(f"{_STYLE}parent-style-name")
            for style in tree.iter(f"{_STYLE}style")
        }
        self._fonts = dict(_fonts(tree, *others))
        self._levels = dict(_levels(tree, *others))
        self._counters: dict[str, Counters] = {}

    def read(self) -> Extract:
        body = self._tree.find(f".//{_OFFICE}text")
        self._blocks(body if body is not None else ())
        for note in self._tree.iter(f"{_TEXT}note-body"):
            self._builder.text(self._text(note))
        counted = {
            "comments": self._tree.iter(f"{_OFFICE}annotation"),
            "deleted text": self._tree.iterfind(f".//{_TEXT}changed-region/{_TEXT}deletion"),
            "pictures": self._tree.iter("{*}image"),
            "page headers and footers": (edge for edge in self._edges if self._text(edge).strip()),
        }
        for what, found in counted.items():
            self._builder.leave_out(f"{what} ({{}})", len(list(found)))
        made = self._tree.iterfind(f".//{_TEXT}table-of-content//{_TEXT}p")
        self._contents += sum(bool(self._text(line).strip()) for line in made)
        self._builder.leave_out("table of contents ({} lines)", self._contents)
        stated = self._stated.get
        title = self._builder.marked_title or self._builder.first_heading or stated("title")
        author = stated_author(stated("initial-creator"), stated("creator"))
        return self._builder.extract(title, author=author, day=stated_day(stated("creation-date")))

    def _blocks(self, container: Any) -> None:
        for element in container:
            if element.tag == f"{_TEXT}h":
                self._heading(element)
            elif element.tag == f"{_TEXT}p":
                self._paragraph(element)
            elif element.tag == f"{_TEXT}list":
                self._list(element, element.get(f"{_TEXT}style-name"), 1)
            elif element.tag == f"{_TABLE}table":
                rows = spread([self._cells(row) for row in _table_rows(element)])
                write_table_or_layout(self._builder, rows)
            elif element.tag in _SECTIONS:
                self._blocks(element)

    def _heading(self, element: Any) -> None:
        """A heading with the number that its level has in the outline, if any."""
        level = count_of(element.get(f"{_TEXT}outline-level"))
        mark = ""
        if self._levels.get(_OUTLINE) and element.get(f"{_TEXT}is-list-header") != "true":
            mark = self._next_mark(_OUTLINE, level)
        self._builder.heading(mark.removeprefix(BULLET) + self._text(element))

    def _paragraph(self, element: Any) -> None:
        text = self._text(element)
        styles = self._styles(element)
        if any(map(_CONTENTS.match, filter(None, styles))):
            self._contents += bool(text.strip())
        elif "Title" in styles:
            self._builder.title(text)
        elif is_heading(text.strip()) and self._is_bold(element):
            self._builder.heading(text, by_look=True)
        else:
            self._builder.add(PassageKind.ITEM if LIST_MARK.match(text) else PassageKind.PARAGRAPH, text)

    def _is_bold(self, paragraph: Any) -> bool:
        """Whether all of the text is bold, by the style of the paragraph or those of its parts."""
        own = self._fonts.get(paragraph.get(f"{_TEXT}style-name"), _PLAIN).bold
        found = [(own, paragraph.text)]
        for part_of in paragraph.iter():
            if part_of is not paragraph:
                bold = self._fonts.get(part_of.get(f"{_TEXT}style-name"), _PLAIN).bold
                above = part_of.getparent().get(f"{_TEXT}style-name")
                found.append((own if bold is None else bold, part_of.text))
                found.append((self._fonts.get(above, _PLAIN).bold or own, part_of.tail))
        shown = [bool(bold) for bold, text in found if text and text.strip()]
        return bool(shown) and all(shown)

    def _styles(self, paragraph: Any) -> tuple[str | None, str | None]:
        """The style of a paragraph, and the one which that is made of."""
        style = paragraph.get(f"{_TEXT}style-name")
        return style, self._parents.get(style)

    def _list(self, element: Any, style: str | None, level: int) -> None:
        name = style or ""
        goes_on = element.get(f"{_TEXT}continue-numbering") == "true" or element.get(f"{_TEXT}continue-list")
        if level == 1 and not goes_on:
            self._counters.pop(name, None)
        self._builder.begin_list()
        for item in element.iterchildren(f"{_TEXT}list-item", f"{_TEXT}list-header"):
            mark = self._item_mark(item, name, level)
            self._builder.begin_item(mark)
            for child in item:
                if child.tag == f"{_TEXT}list":
                    self._list(child, child.get(f"{_TEXT}style-name") or style, level + 1)
                elif child.tag == f"{_TEXT}h":
                    self._builder.heading(mark.removeprefix(BULLET) + self._text(child))
                else:
                    self._builder.text(self._text(child))
            self._builder.end_item()
        self._builder.end_list()

    def _item_mark(self, item: Any, style: str, level: int) -> str:
        """The mark of an item; none for one that only holds deeper lists, or a text between items."""
        if item.tag != f"{_TEXT}list-item" or item.find(f"{_TEXT}p") is item.find(f"{_TEXT}h"):
            return ""
        start = item.get(f"{_TEXT}start-value")
        return self._next_mark(style, level, count_of(start) if start else None)

    def _next_mark(self, style: str, level: int, restart: int | None = None) -> str:
        counters = self._counters.setdefault(style, Counters(self._levels.get(style, {})))
        return counters.next(level - 1, restart)

    def _text(self, element: Any) -> str:
        """Text of an element without its notes and comments; spaces and breaks as they are shown."""
        pieces: list[str] = []
        events = etree.iterwalk(element, events=("start", "end"))
        for event, node in events:
            if event == "end":
                pieces.append((node.tail or "") if node is not element else "")
            elif node.tag in _UNSHOWN:
                events.skip_subtree()
            else:
                raised = self._fonts.get(node.get(f"{_TEXT}style-name"), _PLAIN).raised
                text = node.text or ""
                pieces += (_SIGNS.get(node.tag, ""), raised_digits(text) if raised else text)
        return "".join(pieces).strip("\n")

    def _cells(self, row: Any) -> Iterator[tuple[TableCell, int, int]]:
        """The cells of a row with the columns and rows that they span; covered ones are left out."""
        in_header = row.getparent().tag == f"{_TABLE}table-header-rows"
        for cell in row.iterchildren(f"{_TABLE}table-cell"):
            styles = {style for p in cell.iterchildren(f"{_TEXT}p") for style in self._styles(p)}
            is_name = in_header or "Table_20_Heading" in styles
            across, down, repeated = (
                count_of(cell.get(f"{_TABLE}number-{what}"))
                for what in ("columns-spanned", "rows-spanned", "columns-repeated")
            )
            for _ in range(min(repeated, _MOST_REPEATED)):
                yield TableCell(self._text(cell), is_name), across, down


def _table_rows(table: Any) -> Iterator[Any]:
    """The rows of a table, without those of tables in its cells."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _table_rows(child)


def _fonts(*parts: Any) -> Iterator[tuple[str | None, _Font]]:
    """How each style writes its text, where it or a style that it is made of says so."""
    styles = {style.get(f"{_STYLE}name"): style for tree in parts for style in tree.iter(f"{_STYLE}style")}
    for name, style in styles.items():
        bold, raised, seen = None, False, 0
        while style is not None and seen < _MOST_STYLES:
            said = style.find(f"{_STYLE}text-properties")
            if said is not None:
                weights = said.get(f"{_FO}font-weight"), said.get(f"{_STYLE}font-weight-complex")
                bold = bold if bold is not None or not any(weights) else "bold" in weights
                raised = raised or (said.get(f"{_STYLE}text-position") or "").startswith("super")
            style, seen = styles.get(style.get(f"{_STYLE}parent-style-name")), seen + 1
        yield name, _Font(bold, raised)


def _levels(*parts: Any) -> Iterator[tuple[str, dict[int, Level]]]:
    """The levels of each list style, and of the outline where its headings have numbers."""
    for tree in parts:
        for style in tree.iter(f"{_TEXT}list-style", f"{_TEXT}outline-style"):
            levels = {count_of(level.get(f"{_TEXT}level")) - 1: _level(level) for level in style}
            is_outline = style.tag == f"{_TEXT}outline-style"
            if not is_outline or any(level.form for level in levels.values()):
                yield _OUTLINE if is_outline else style.get(f"{_STYLE}name", ""), levels


def _level(level: Any) -> Level:
    at, shown = (count_of(level.get(f"{_TEXT}{name}")) for name in ("level", "display-levels"))
    places = ".".join(f"%{place}" for place in range(max(at - shown, 0) + 1, at + 1))
    before, after = (level.get(f"{_STYLE}num-{name}", "") for name in ("prefix", "suffix"))
    in_list = level.tag != f"{_TEXT}outline-level-style"
    template = f"{before}{places}{after or '.' * (in_list and not before)}"
    return Level(
        level.get(f"{_STYLE}num-format", "")[:1], template, count_of(level.get(f"{_TEXT}start-value"))
    )
