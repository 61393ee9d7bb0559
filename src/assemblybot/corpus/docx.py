"""Word documents to blocks, by python-docx: headings, lists, tables, footnotes."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from assemblybot.corpus.archives import checked_archive, xml_of
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import BlockWriter, Extract
from assemblybot.corpus.structure import LIST_MARK, is_heading
from assemblybot.corpus.tables import TableCell, holds_data, write_table
from assemblybot.errors import DocumentReadError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|titre|título|عنوان) ?\d?$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|titre principal|puesto)$", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet|number)", re.IGNORECASE)
_NOTES: Final = ("footnotes", "endnotes")
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSHOWN: Final = frozenset({_FALLBACK, f"{_W}del", f"{_W}moveFrom"})
_HOLDERS: Final = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_SIGNS: Final = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}p": "\n",
    f"{_W}noBreakHyphen": "-",
}


def docx_extract(data: bytes) -> Extract:
    """Blocks of a Word document; page headers and footers, and comments, are left out, and said so."""
    import docx

    checked_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DocumentReadError(
            "This is no Word document that can be read: it is damaged, or protected by a password. "
            "Save it anew and add it again."
        ) from error
    return _Reader(document).read()


class _Reader:
    """Reads the paragraphs and tables of one document once, in order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._writer = BlockWriter()
        self._title: str | None = None
        self._counters: Counter[tuple[str, str]] = Counter()
        self._formats = dict(_list_formats(document))
        self._notes: list[str] = []

    def read(self) -> Extract:
        from docx.table import Table
        from docx.text.paragraph import Paragraph

        for element in _blocks(self._document.element.body):
            if element.tag == f"{_W}p":
                self._paragraph(Paragraph(element, self._document))
            else:
                self._table(Table(element, self._document))
        for note in self._footnotes():
            self._writer.add(PassageKind.PARAGRAPH, note)
        stated = (self._document.core_properties.title or "").strip()
        return self._writer.extract(self._title or self._first_heading() or stated or None, self._left_out())

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = _text(paragraph._p)
        style = (paragraph.style.name or "") if paragraph.style else ""
        mark = self._mark(paragraph, style)
        if _TITLE.match(style):
            self._writer.add(PassageKind.HEADING, text)
            self._title = self._title or text.strip() or None
        elif _HEADING.match(style) or (not mark and _is_bold_line(paragraph, text)):
            self._writer.add(PassageKind.HEADING, text)
        elif mark or LIST_MARK.match(text):
            self._writer.add(PassageKind.ITEM, mark + text if text.strip() else "")
        else:
            self._writer.add(PassageKind.PARAGRAPH, text)

    def _mark(self, paragraph: Paragraph, style: str) -> str:
        """The bullet or number that Word shows before a paragraph; empty where it shows none."""
        numbered = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        if numbered is None and paragraph.style is not None:
            numbered = paragraph.style.element.find(f"{_W}pPr/{_W}numPr")
        if numbered is None:
            return "• " if _LIST.match(style) and not _HEADING.match(style) else ""
        number, level = _value(numbered, "numId"), _value(numbered, "ilvl") or "0"
        if number == "0" or self._formats.get((number, level), "bullet") in ("bullet", "none"):
            return "" if number == "0" else "• "
        self._counters[number, level] += 1
        for deeper in [key for key in self._counters if key[0] == number and key[1] > level]:
            del self._counters[deeper]
        return f"{self._counters[number, level]}. "

    def _table(self, table: Table) -> None:
        cells: dict[Any, TableCell] = {}
        rows = [[_table_cell(cell, row, cells) for cell in row.cells] for row in table.rows]
        if holds_data(rows):
            write_table(self._writer, rows)
        else:
            for cell in cells.values():
                self._writer.add(PassageKind.PARAGRAPH, cell.text)

    def _footnotes(self) -> Iterator[str]:
        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(_NOTES):
                continue
            for note in xml_of(relation.target_part.blob):
                if note.get(f"{_W}type") is None and (text := _text(note).strip()):
                    yield text

    def _first_heading(self) -> str | None:
        return next((text for kind, text in self._written() if kind is PassageKind.HEADING), None)

    def _written(self) -> Iterator[tuple[PassageKind, str]]:
        text = self._writer.text
        return ((block.kind, text[block.start : block.end]) for block in self._writer.blocks)

    def _left_out(self) -> list[str]:
        found: list[str] = []
        for section in self._document.sections:
            for place in (section.header, section.footer):
                found += [text for paragraph in place.paragraphs if (text := paragraph.text.strip())]
        left_out = [f"page headers and footers ({len(found)} lines)"] if found else []
        pictures = len(self._document.inline_shapes)
        return left_out + ([f"pictures ({pictures})"] if pictures else [])


def _list_formats(document: Document) -> Iterator[tuple[tuple[str, str], str]]:
    """How each level of each list is numbered: `bullet`, `decimal` …"""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return
    levels = {
        abstract.get(f"{_W}abstractNumId"): abstract.findall(f"{_W}lvl")
        for abstract in numbering.findall(f"{_W}abstractNum")
    }
    for number in numbering.findall(f"{_W}num"):
        for level in levels.get(_value(number, "abstractNumId"), ()):
            yield (
                (number.get(f"{_W}numId") or "", level.get(f"{_W}ilvl") or "0"),
                _value(level, "numFmt") or "decimal",
            )


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return str(found.get(f"{_W}val") or "") if found is not None else ""


def _text(element: Any) -> str:
    """Text of an element: its runs, a new line for each break and paragraph.

    What a tracked change deletes or moves away is left out; a text box, which Word writes twice for
    older programs, is read once.
    """
    pieces: list[str] = []
    events = etree.iterwalk(element, events=("start",), tag=(f"{_W}*", _FALLBACK))
    for _, node in events:
        if node.tag in _UNSHOWN:
            events.skip_subtree()
        elif node.tag == f"{_W}t":
            pieces.append(node.text or "")
        else:
            pieces.append(_SIGNS.get(node.tag, ""))
    return "".join(pieces).strip("\n")


def _blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body, also those within content controls and tracked changes."""
    for element in container:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in _HOLDERS:
            yield from _blocks(element)


def _table_cell(cell: _Cell, row: _Row, seen: dict[Any, TableCell]) -> TableCell:
    """The cell at one place of a row; the same for each place that it spans."""
    if cell._tc not in seen:
        runs = [run for paragraph in cell.paragraphs for run in paragraph.runs if run.text.strip()]
        bold = bool(runs) and all(run.bold for run in runs)
        repeated = row._tr.find(f"{_W}trPr/{_W}tblHeader") is not None
        seen[cell._tc] = TableCell(_text(cell._tc), is_name=bold or repeated)
    return seen[cell._tc]


def _is_bold_line(paragraph: Paragraph, text: str) -> bool:
    """Whether a paragraph is a heading that its author made by hand: one short line, all of it bold."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and is_heading(text.strip()) and all(run.bold for run in runs)
