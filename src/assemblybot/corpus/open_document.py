"""OpenDocument texts (.odt) to blocks: headings, lists with their numbers, tables, footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from assemblybot.corpus.archives import checked_archive, part, xml_of
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import Extract, ExtractBuilder
from assemblybot.corpus.structure import LIST_MARK
from assemblybot.corpus.tables import TableCell, count_of, spread, write_table_or_layout

_OFFICE, _STYLE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "style", "table", "text")
)
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


class _Reader:
    """Reads the body of one text once, in order; styles and the stated title may lie in other parts."""

    def __init__(self, tree: Any, others: list[Any]) -> None:
        self._tree = tree
        self._builder = ExtractBuilder()
        self._title: str | None = None
        stated = (other.findtext(".//{http://purl.org/dc/elements/1.1/}title") for other in others)
        self._stated = next(filter(None, stated), None)
        self._parents = {
            style.get(f"{_STYLE}name"): style.get(f"{_STYLE}parent-style-name")
            for style in tree.iter(f"{_STYLE}style")
        }
        # How each level of each list style is numbered (`1`, `a` …); nothing for bullets.
        self._formats = {
            (style.get(f"{_STYLE}name"), place): level.get(f"{_STYLE}num-format", "")
            for part_tree in (*others, tree)
            for style in part_tree.iter(f"{_TEXT}list-style")
            for place, level in enumerate(style, start=1)
        }

    def read(self) -> Extract:
        body = self._tree.find(f".//{_OFFICE}text")
        self._blocks(body if body is not None else ())
        for note in self._tree.iter(f"{_TEXT}note-body"):
            self._builder.text(_text(note))
        counted = {
            "comments": self._tree.iter(f"{_OFFICE}annotation"),
            "deleted text": self._tree.iterfind(f".//{_TEXT}changed-region/{_TEXT}deletion"),
            "pictures": self._tree.iter("{*}image"),
        }
        left_out = [f"{what} ({count})" for what, found in counted.items() if (count := len(list(found)))]
        return self._builder.extract(self._title or self._builder.first_heading or self._stated, left_out)

    def _blocks(self, container: Any) -> None:
        for element in container:
            if element.tag == f"{_TEXT}h":
                self._builder.heading(_text(element))
            elif element.tag == f"{_TEXT}p":
                self._paragraph(element)
            elif element.tag == f"{_TEXT}list":
                self._list(element, element.get(f"{_TEXT}style-name"), 1)
            elif element.tag == f"{_TABLE}table":
                rows = spread([self._cells(row) for row in _table_rows(element)])
                write_table_or_layout(self._builder, rows)
            elif element.tag in _SECTIONS:
                self._blocks(element)

    def _paragraph(self, element: Any) -> None:
        text = _text(element)
        if "Title" in self._styles(element):
            self._title = self._title or text.strip()
            self._builder.heading(text)
        else:
            self._builder.add(PassageKind.ITEM if LIST_MARK.match(text) else PassageKind.PARAGRAPH, text)

    def _styles(self, paragraph: Any) -> tuple[str | None, str | None]:
        """The style of a paragraph, and the one which that is made of."""
        style = paragraph.get(f"{_TEXT}style-name")
        return style, self._parents.get(style)

    def _list(self, element: Any, style: str | None, level: int) -> None:
        self._builder.begin_list(1 if self._formats.get((style, level)) else None)
        for item in element.iterfind(f"{_TEXT}list-item"):
            self._builder.begin_item()
            for child in item:
                if child.tag == f"{_TEXT}list":
                    self._list(child, child.get(f"{_TEXT}style-name") or style, level + 1)
                elif child.tag == f"{_TEXT}h":
                    self._builder.heading(_text(child))
                else:
                    self._builder.text(_text(child))
            self._builder.end_item()
        self._builder.end_list()

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
                yield TableCell(_text(cell), is_name), across, down


def _table_rows(table: Any) -> Iterator[Any]:
    """The rows of a table, without those of tables in its cells."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _table_rows(child)


def _text(element: Any) -> str:
    """Text of an element without its notes and comments; spaces and breaks as they are shown."""
    pieces: list[str] = []
    events = etree.iterwalk(element, events=("start", "end"))
    for event, node in events:
        if event == "end":
            pieces.append((node.tail or "") if node is not element else "")
        elif node.tag in _UNSHOWN:
            events.skip_subtree()
        else:
            pieces += (_SIGNS.get(node.tag, ""), node.text or "")
    return "".join(pieces).strip("\n")
