"""PDF to blocks, by pdfplumber; what it cannot read is said in a sentence."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.pdf import PDF

from assemblybot.corpus.builder import ExtractBuilder
from assemblybot.corpus.document import PAGE, PassageKind
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.formats.metadata import stated_author, stated_title
from assemblybot.corpus.formats.pdf.contents import without_contents
from assemblybot.corpus.formats.pdf.layout import (
    Look,
    Paragraph,
    kind_of,
    look_of,
    paragraph_text,
    paragraphs,
    rejoined,
)
from assemblybot.corpus.formats.pdf.lines import Line
from assemblybot.corpus.formats.pdf.page import NO_LETTER, PageContent, read_page
from assemblybot.corpus.formats.pdf.running_lines import without_running_lines
from assemblybot.corpus.formats.pdf.tables import Grid, aligned_grids
from assemblybot.corpus.tables import Header, write_table
from assemblybot.errors import DocumentReadError
from assemblybot.text.divisions import division_end

_MOST_PAGES: Final = 2_000
# Share of the signs whose fonts do not say which letters they draw.
_MOST_UNREADABLE: Final = 0.3


def extract(data: bytes) -> Extract:
    """Blocks of a PDF; running headers, footers and page numbers are left out, and said so."""
    with _open(data) as pdf:
        count = len(pdf.pages)
        if count > _MOST_PAGES:
            raise DocumentReadError(
                f"The PDF has {count:,} pages; at most {_MOST_PAGES:,} can be read. Split it."
            )
        contents = [read_page(page) for page in pdf.pages]
        stated = {name: NO_LETTER.sub("", str(value or "")) for name, value in (pdf.metadata or {}).items()}
    _check_text(contents)
    return _write(contents, stated)


def _open(data: bytes) -> PDF:
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return pdfplumber.open(io.BytesIO(data), unicode_norm=None)
    except Exception as error:
        # pdfplumber raises an error of its own that holds the one of pdfminer.
        cause = next((cause for cause in error.args if isinstance(cause, PDFEncryptionError)), error)
        if isinstance(cause, PDFPasswordIncorrect):
            message = "The PDF opens with a password only. Save it without one and add it again."
        elif isinstance(cause, PDFEncryptionError):
            message = (
                "The PDF is encrypted in a way that cannot be read. Save it without encryption and add it."
            )
        else:
            message = (
                "This is not a PDF that can be read: it is damaged. Save or print it anew and add it again."
            )
        raise DocumentReadError(message) from error


def _check_text(contents: Sequence[PageContent]) -> None:
    glyphs = sum(page.glyphs for page in contents)
    unreadable = sum(page.unreadable for page in contents)
    if all(page.damaged for page in contents):
        raise DocumentReadError("The pages of this PDF are damaged. Save or print it anew and add it again.")
    if unreadable > _MOST_UNREADABLE * (glyphs + unreadable):
        raise DocumentReadError(
            "The fonts of this PDF do not say which letters they draw. Print it anew from its source, or run "
            "text recognition (OCR), and add the result."
        )
    if not glyphs and any(page.pictures for page in contents):
        raise DocumentReadError(
            "This is a scan: it holds pictures of pages and no text. Run text recognition (OCR) and add "
            "the result."
        )
    if not glyphs:
        raise DocumentReadError("The PDF holds no text.")


def _write(contents: Sequence[PageContent], stated: Mapping[str, str]) -> Extract:
    lines, running = without_running_lines(contents)
    lines, listed = without_contents(lines, len(contents))
    builder = ExtractBuilder()
    headings: list[tuple[float, str]] = []
    header: Header | None = None
    look = look_of(lines)
    for piece in rejoined(_pieces(contents, look, lines), look):
        if isinstance(piece, Grid):
            builder.anchor = f"{PAGE}{piece.page}"
            header = write_table(builder, piece.cells, above=header)
        else:
            first, kind, text = piece[0], kind_of(piece, look), paragraph_text(piece, look)
            builder.anchor = f"{PAGE}{first.page}"
            builder.add(kind, text)
            if kind is PassageKind.HEADING and first.page <= 2 and not division_end(text):
                headings.append((first.size, text))
    title = max(headings, key=itemgetter(0))[1] if headings else stated_title(stated.get("Title", ""))
    builder.leave_out("running headers, footers and page numbers ({} lines)", running)
    builder.leave_out("table of contents ({} lines)", listed)
    _leave_out_unreadable(builder, contents)
    # Its date is no day of the document: it is that of the last export or print.
    return builder.extract(title, author=stated_author(stated.get("Author")))


def _leave_out_unreadable(builder: ExtractBuilder, contents: Sequence[PageContent]) -> None:
    empty = [number for number, page in enumerate(contents, start=1) if not page.glyphs and page.pictures]
    damaged = [number for number, page in enumerate(contents, start=1) if page.damaged]
    for pages, what in ((empty, "pages that are pictures without text"), (damaged, "damaged pages")):
        if pages:
            numbers = ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")
            builder.leave_out(f"{what} ({numbers})")
    unreadable = sum(page.unreadable for page in contents)
    builder.leave_out("signs whose fonts do not say which letters they draw ({})", unreadable)


def _pieces(contents: Sequence[PageContent], look: Look, lines: Sequence[Line]) -> Iterator[Paragraph | Grid]:
    """Paragraphs and tables in the order in which they stand."""
    at = 0
    for grid in (grid for page in contents for grid in page.grids):
        start = at
        while at < len(lines) and (lines[at].page, lines[at].bottom) < (grid.page, grid.box[3]):
            at += 1
        yield from _runs(lines[start:at], look)
        yield grid
    yield from _runs(lines[at:], look)


def _runs(lines: Sequence[Line], look: Look) -> Iterator[Paragraph | Grid]:
    """Paragraphs, and the tables without lines among them."""
    at = 0
    for start, end, grid in aligned_grids(lines):
        yield from paragraphs(lines[at:start], look)
        yield grid
        at = end
    yield from paragraphs(lines[at:], look)
