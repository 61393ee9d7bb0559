"""OpenDocument texts (.odt) to blocks: headings, lists with their numbers, tables, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lxml import etree

from assemblybot.corpus.archives import checked_archive, part, xml_of
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import BlockWriter, Extract
from assemblybot.corpus.structure import LIST_MARK
from assemblybot.corpus.tables import TableCell, holds_data, spread, write_table

_NAMES: Final = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "style", "table", "text")
}
_TEXT: Final = f"{{{_NAMES['text']}}}"
_TABLE: Final = f"{{{_NAMES['table']}}}"
_STYLE: Final = f"{{{_NAMES['style']}}}"
_OFFICE: Final = f"{{{_NAMES['office']}}}"
_UNSHOWN: Final = frozenset(
    {f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}ruby-text"}
)
_SIGNS: Final = {f"{_TEXT}tab": " ", f"{_TEXT}s": " ", f"{_TEXT}line-break": "\n", f"{_TEXT}p": "\n"}
_MOST_REPEATED: Final = 100
_MOST_SPANNED: Final = 1000
_ROW_GROUPS: Final = frozenset(f"{_TABLE}table-{name}" for name in ("header-rows", "rows", "row-group"))


def odt_extract(data: bytes) -> Extract:
    """Blocks of an OpenDocument text; comments, deleted text and pictures are left out."""
    archive = checked_archive(data)
    tree = xml_of(part(archive, "content.xml"))
    meta = xml_of(part(archive, "meta.xml")) if "meta.xml" in archive.namelist() else None
    stated = meta.findtext(".//{http://purl.org/dc/elements/1.1/}title") if meta is not None else None
    named = [xml_of(part(archive, "styles.xml"))] if "styles.xml" in archive.namelist() else []
    return _Reader(tree, dict(_formats([*named, tree]))).read((stated or "").strip())


class _Reader:
    """Reads the body of one text once, in order."""

    def __init__(self, tree: Any, formats: Mapping[tuple[str | None, int], str]) -> None:
        self._tree = tree
        self._formats = formats
        self._writer = BlockWriter()
        self._title: str | None = None
        styles = tree.findall(f".//{_STYLE}style")
        self._parents = {
            style.get(f"{_STYLE}name"): style.get(f"{_STYLE}parent-style-name") for style in styles
        }

    def read(self, stated: str) -> Extract:
        body = self._tree.find(f".//{_OFFICE}text")
        self._blocks(body if body is not None else ())
        for note in self._tree.iter(f"{_TEXT}note-body"):
            self._writer.add(PassageKind.PARAGRAPH, _text(note))
        headings = (block for block in self._writer.blocks if block.kind is PassageKind.HEADING)
        first = next((self._writer.text[block.start : block.end] for block in headings), None)
        return self._writer.extract(self._title or first or stated or None, self._left_out())

    def _blocks(self, container: Any) -> None:
        for element in container:
            if element.tag == f"{_TEXT}h":
                self._writer.add(PassageKind.HEADING, _text(element))
            elif element.tag == f"{_TEXT}p":
                self._paragraph(element)
            elif element.tag == f"{_TEXT}list":
                self._list(element, element.get(f"{_TEXT}style-name"), 1)
            elif element.tag == f"{_TABLE}table":
                self._table(element)
            elif element.tag in (f"{_TEXT}section", f"{_TEXT}index-body", f"{_TEXT}numbered-paragraph"):
                self._blocks(element)

    def _paragraph(self, element: Any) -> None:
        text, style = _text(element), element.get(f"{_TEXT}style-name")
        if "Title" in (style, self._parents.get(style)):
            self._title = self._title or text.strip() or None
            self._writer.add(PassageKind.HEADING, text)
        else:
            item = LIST_MARK.match(text)
            self._writer.add(PassageKind.ITEM if item else PassageKind.PARAGRAPH, text)

    def _list(self, element: Any, style: str | None, level: int) -> None:
        number = 0
        numbered = bool(self._formats.get((style, level)))
        for item in element.iterfind(f"{_TEXT}list-item"):
            begun = False
            for child in item:
                if child.tag == f"{_TEXT}list":
                    self._list(child, child.get(f"{_TEXT}style-name") or style, level + 1)
                elif child.tag == f"{_TEXT}h":
                    self._writer.add(PassageKind.HEADING, _text(child))
                elif begun:
                    self._writer.extend(_text(child))
                elif _text(child).strip():
                    number, begun = number + 1, True
                    mark = f"{number}. " if numbered else "• "
                    self._writer.add(PassageKind.ITEM, mark + _text(child))

    def _table(self, table: Any) -> None:
        rows = spread(self._cells(row) for row in _table_rows(table))
        if holds_data(rows):
            write_table(self._writer, rows)
        else:
            for cell in dict.fromkeys(cell for row in rows for cell in row):
                self._writer.add(PassageKind.PARAGRAPH, cell.text)

    def _cells(self, row: Any) -> Iterator[tuple[TableCell, int, int]]:
        """The cells of a row with the columns and rows that they span; covered ones are left out."""
        in_header = row.getparent().tag == f"{_TABLE}table-header-rows"
        for cell in row.iterchildren(f"{_TABLE}table-cell"):
            styles = {paragraph.get(f"{_TEXT}style-name") for paragraph in cell.iterchildren(f"{_TEXT}p")}
            heads = styles | {self._parents.get(style) for style in styles}
            is_name = in_header or "Table_20_Heading" in heads
            for _ in range(_number(cell, "columns-repeated", _MOST_REPEATED)):
                across, down = (
                    _number(cell, f"{what}-spanned", _MOST_SPANNED) for what in ("columns", "rows")
                )
                yield TableCell(_text(cell), is_name), across, down

    def _left_out(self) -> list[str]:
        counted = {
            "comments": len(self._tree.findall(f".//{_OFFICE}annotation")),
            "deleted text": len(self._tree.findall(f".//{_TEXT}changed-region/{_TEXT}deletion")),
            "pictures": sum(1 for _ in self._tree.iter("{*}image")),
        }
        return [f"{what} ({count})" for what, count in counted.items() if count]


def _formats(trees: Iterable[Any]) -> Iterator[tuple[tuple[str | None, int], str]]:
    """How each level of each list style is numbered (`1`, `a` …); nothing for bullets."""
    for style in (style for tree in trees for style in tree.iter(f"{_TEXT}list-style")):
        for place, level in enumerate(style, start=1):
            yield (style.get(f"{_STYLE}name"), place), level.get(f"{_STYLE}num-format", "")


def _table_rows(table: Any) -> Iterator[Any]:
    """The rows of a table, without those of tables in its cells."""
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _table_rows(child)


def _number(cell: Any, name: str, most: int) -> int:
    value = cell.get(f"{_TABLE}number-{name}", "1")
    return min(int(value), most) if re.fullmatch(r"[1-9]\d{0,5}", value) else 1


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
