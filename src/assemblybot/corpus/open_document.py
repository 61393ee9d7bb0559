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
from assemblybot.corpus.tables import row_texts

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
        rows = [list(_cells(row)) for row in table.iter(f"{_TABLE}table-row")]
        rows = [row for row in rows if any(map(str.strip, row))]
        if len(rows) > 1 and max(map(len, rows)) > 1:
            for text in row_texts(rows[0], rows[1:]):
                self._writer.add(PassageKind.ITEM, text)
        else:
            for text in (text for row in rows for text in dict.fromkeys(row)):
                self._writer.add(PassageKind.PARAGRAPH, text)

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


def _cells(row: Any) -> Iterator[str]:
    """The texts of a row; a cell that another covers holds nothing."""
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        count = int(repeated) if re.fullmatch(r"[1-9]\d{0,3}", repeated) else 1
        yield from [_text(cell)] * min(count, _MOST_REPEATED)


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
