"""Word documents to blocks, by python-docx: headings, lists, tables, footnotes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.document import Document
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from assemblybot.corpus.builder import ExtractBuilder, raised_digits
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.formats.archives import DAMAGED, checked_archive, xml_of
from assemblybot.corpus.formats.docx_numbering import Numbering
from assemblybot.corpus.formats.metadata import stated_author, stated_title
from assemblybot.corpus.numbering import BULLET
from assemblybot.corpus.structure import LIST_MARK, is_heading
from assemblybot.corpus.tables import TableCell, write_table_or_layout
from assemblybot.errors import DocumentReadError
from assemblybot.text.divisions import division_end

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|titre|título|عنوان) ?\d?$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|contents) ?(?:\d|heading)$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|titre principal|puesto)$", re.IGNORECASE)
_TEMPLATE_AUTHOR: Final = "python-docx"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSHOWN: Final = frozenset({_FALLBACK, f"{_W}del", f"{_W}moveFrom"})
_HOLDERS: Final = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_SIGNS: Final = {
    f"{_W}{name}": sign
    for name, sign in (("tab", " "), ("br", "\n"), ("cr", "\n"), ("p", "\n"), ("noBreakHyphen", "-"))
}


def extract(data: bytes) -> Extract:
    """Blocks of a Word document; page headers and footers, and comments, are left out, and said so."""
    checked_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DocumentReadError(DAMAGED) from error
    return _Reader(document).read()


class _Reader:
    """Reads the paragraphs and tables of one document once, in order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._builder = ExtractBuilder()
        self._contents = 0
        self._numbering = Numbering(document)
        self._styles: dict[str | None, ParagraphStyle | None] = {}

    def read(self) -> Extract:
        for element in _blocks(self._document.element.body):
            if element.tag == f"{_W}p":
                self._paragraph(Paragraph(element, self._document))
            else:
                self._table(Table(element, self._document))
        for relation in self._document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(("footnotes", "endnotes")):
                for note in xml_of(relation.target_part.blob):
                    if note.get(f"{_W}type") is None:
                        self._builder.text(_text(note))
        stated = self._document.core_properties
        title = self._builder.marked_title or self._builder.first_heading or stated_title(stated.title)
        # The template of python-docx has the day on which it was made itself.
        day = stated.created if stated.author != _TEMPLATE_AUTHOR else None
        self._leave_out()
        return self._builder.extract(
            title, author=stated_author(stated.author), day=day.date().isoformat() if day else None
        )

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = _text(paragraph._p)
        styled = self._style(paragraph)
        style = (styled.name or "") if styled else ""
        mark = self._numbering.mark(paragraph, styled) if text.strip() else ""
        number = mark if mark != BULLET else ""
        if _CONTENTS.match(style):
            self._contents += bool(text.strip())
        elif _TITLE.match(style):
            self._builder.title(text)
        elif _HEADING.match(style):
            self._builder.heading(number + text)
        elif not mark and is_heading(text.strip()) and _is_bold(paragraph):
            self._builder.heading(text, by_look=True)
        elif text.strip():
            is_item = (mark and not division_end(mark.strip())) or LIST_MARK.match(text)
            self._builder.add(PassageKind.ITEM if is_item else PassageKind.PARAGRAPH, mark + text)

    def _style(self, paragraph: Paragraph) -> ParagraphStyle | None:
        """The style of a paragraph; each is looked up once, because python-docx walks through all of them."""
        name = paragraph._p.style
        if name not in self._styles:
            self._styles[name] = paragraph.style
        return self._styles[name]

    def _table(self, table: Table) -> None:
        cells: dict[Any, TableCell] = {}  # a cell that spans several places is one element, and one object
        rows: list[list[TableCell]] = []
        for row in table.rows:
            repeated = row._tr.find(f"{_W}trPr/{_W}tblHeader") is not None
            for cell in row.cells:
                if cell._tc not in cells:
                    is_name = repeated or _names_columns(cell) or _is_bold(*cell.paragraphs)
                    cells[cell._tc] = TableCell(_text(cell._tc), is_name)
            rows.append([cells[cell._tc] for cell in row.cells])
        write_table_or_layout(self._builder, rows)

    def _leave_out(self) -> None:
        edges = [edge for section in self._document.sections for edge in (section.header, section.footer)]
        lines = sum(bool(paragraph.text.strip()) for edge in edges for paragraph in edge.paragraphs)
        body = self._document.element.body
        contents = self._contents + sum(_count(at, "p") for at in _contents(body))
        deleted = sum(at.getparent().tag == f"{_W}p" for at in body.iter(f"{_W}del"))
        self._builder.leave_out("page headers and footers ({} lines)", lines)
        self._builder.leave_out("table of contents ({} lines)", contents)
        self._builder.leave_out("comments ({})", _count(body, "commentReference"))
        self._builder.leave_out("deleted text ({})", deleted)
        self._builder.leave_out("pictures ({})", len(self._document.inline_shapes))


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
            raised = node.getparent().find(f"{_W}rPr/{_W}vertAlign[@{_W}val='superscript']") is not None
            pieces.append(raised_digits(node.text or "") if raised else node.text or "")
        else:
            pieces.append(_SIGNS.get(node.tag, ""))
    return "".join(pieces).strip("\n")


def _blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body, also in content controls and tracked changes; no contents."""
    contents = _contents(container)
    for element in container:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in _HOLDERS and element not in contents:
            yield from _blocks(element)


def _is_bold(*paragraphs: Paragraph) -> bool:
    """Whether all of the text is bold, as its author sets headings and names of columns by hand."""
    runs = [(run, at.style) for at in paragraphs for run in at.runs if run.text.strip()]
    return bool(runs) and all(
        run.font.cs_bold if run.font.rtl else (style and style.font.bold) if run.bold is None else run.bold
        for run, style in runs
    )


def _names_columns(cell: Any) -> bool:
    """Whether a cell has the style in which LibreOffice writes the names of columns."""
    return any(at.style and at.style.name == "Table Heading" for at in cell.paragraphs)


def _contents(body: Any) -> list[Any]:
    """The tables of contents that Word made."""
    gallery = f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery[@{_W}val='Table of Contents']"
    return [held for held in body.iterchildren(f"{_W}sdt") if held.find(gallery) is not None]


def _count(element: Any, name: str) -> int:
    return sum(1 for _ in element.iter(f"{_W}{name}"))
