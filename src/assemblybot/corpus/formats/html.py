"""HTML to blocks: a walk over the tree that lxml reads, after boilerplate is taken out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from assemblybot.corpus.builder import ExtractBuilder, collapsed, raised_digits
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.formats.boilerplate import take_out_boilerplate
from assemblybot.corpus.formats.encodings import decode_markup
from assemblybot.corpus.formats.html_metadata import stated_of
from assemblybot.corpus.formats.html_tree import prepare
from assemblybot.corpus.formats.metadata import stated_title
from assemblybot.corpus.structure import is_heading
from assemblybot.corpus.tables import TableCell, count_of, holds_data, spread, write_table
from assemblybot.errors import DocumentReadError

Element = Any

_HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6 summary".split())
_BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol option p pre section"
    " summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED: Final = frozenset(
    "audio button canvas embed iframe input map math meta noscript object script select style svg"
    " template textarea title video".split()
)
_MOST_ELEMENTS: Final = 300_000
_MOST_ATTRIBUTES: Final = 1_000
# The time of the parser grows with the square of the number of attributes, so they are counted first.
_LONG_TAG = re.compile(r"<[A-Za-z](?:[^<>=]*=){5000}")
_UNALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHOLE = re.compile(r"-?\d{1,6}")
_SITE_NAME = re.compile(r"\s+[|–—·»]\s+[^|–—·»]*$")
_READING_TIME = re.compile(
    r"\s*[·|•–-]?\s*(?:(?:temps de lecture|reading time|tiempo de lectura|(?:مدة|وقت) القراءة)"
    r"\s*:?\s*\d+\s*\w+"
    r"|\b\d+ min(?:ute)? read\b)",
    re.IGNORECASE,
)
_ROWS: Final = etree.XPath("./thead/tr | ./tbody/tr | ./tfoot/tr | ./tr")
_CELLS: Final = etree.XPath("./td | ./th")
_NAMES_COLUMNS: Final = etree.XPath("boolean(./caption | ./thead//th | ./tr/th | ./tbody/tr/th)")
_HOLDS_BLOCKS: Final = etree.XPath(
    "boolean(.//p[translate(normalize-space(), '\u00a0', '')][2] | .//"
    + " | .//".join("h1 h2 h3 h4 h5 h6 table ul ol article section form nav blockquote".split())
    + ")"
)


def extract(data: bytes) -> Extract:
    """Blocks of a page; navigation, cookie notices, comments and the like are left out, and said so."""
    decoded = decode_markup(data)
    tree = _parsed(decoded.text)
    author, day = stated_of(tree)
    prepare(tree)
    builder = ExtractBuilder()
    for kind, words in take_out_boilerplate(tree).items():
        builder.leave_out(f"{kind} ({{}} words)", words)
    _Walk(builder, anchors=True).over(tree)
    named = tree.findtext("./head/title") or ""
    title = builder.marked_title or stated_title(_SITE_NAME.sub("", collapsed(named)))
    return builder.extract(title, decoded.notes, author, day)


def write_fragment(source: str, builder: ExtractBuilder) -> None:
    """Write the blocks of a piece of HTML, such as Markdown holds; its ids are no places in the whole."""
    tree = _parsed(source)
    prepare(tree)
    _Walk(builder, anchors=False).over(tree)


def _parsed(source: str) -> Element:
    """The tree of a page, empty where it holds nothing. Raises DocumentReadError when it is too large."""
    if _LONG_TAG.search(source):
        raise DocumentReadError("A tag of the page has more attributes than can be read. Save it anew.")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(_UNALLOWED.sub(" ", source).encode() or b" ", parser=parser)
    except etree.LxmlError:
        return etree.Element("html")
    for count, element in enumerate(tree.iter(etree.Element)):
        if count > _MOST_ELEMENTS or len(element.attrib) > _MOST_ATTRIBUTES:
            raise DocumentReadError(
                "The page has more elements or attributes than can be read. Save it anew."
            )
    return tree


class _Walk:
    """One pass over a tree: text is gathered until a block begins or ends, and written then."""

    def __init__(self, builder: ExtractBuilder, *, anchors: bool) -> None:
        self._builder = builder
        self._anchors = anchors
        self._pieces: list[tuple[str, bool]] = []
        self._open: Counter[str] = Counter()

    def over(self, tree: Element) -> None:
        """Write every block of `tree`, without recursion, however deep it is."""
        events = etree.iterwalk(tree, events=("start", "end"))
        skipped = None
        for event, element in events:
            if event == "end":
                if element is not skipped:
                    self._end(element.tag)
                self._take(element.tail if element is not tree else None)
                continue
            skipped = element
            if not isinstance(element.tag, str) or element.tag in _SKIPPED:
                self._take(" ")
                events.skip_subtree()
            elif element.tag == "table" and _is_data_table(element):
                self._flush()
                if (caption := element.find("caption")) is not None:
                    self._builder.text(_cell_text(caption))
                write_table(self._builder, _table_cells(element))
                events.skip_subtree()
            else:
                skipped = None
                self._start(element)
                self._take(_own_text(element))
        self._flush()

    def _take(self, text: str | None) -> None:
        if text:
            shown = text if self._open["pre"] else re.sub(r"\s+", " ", text)
            self._pieces.append((shown, bool(self._open["b"] or self._open["strong"])))

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._pieces.append(("\n", False))
        if tag in _BLOCKS:
            self._flush()
        name = element.get("id") or (element.get("name") if tag == "a" else None)
        if self._anchors and name and not re.search(r"\s", name):
            self._builder.anchor = f"#{name}"
        self._open[tag] += 1
        if tag == "ol":
            start = element.get("start", "")
            self._builder.begin_list(int(start) if _WHOLE.fullmatch(start) else 1, element.get("type", "1"))
        elif tag == "ul":
            self._builder.begin_list()
        elif tag == "dd":
            self._builder.begin_definition()
        elif tag == "li":
            value = element.get("value", "")
            self._builder.begin_item(int(value) if _WHOLE.fullmatch(value) else None)
        elif tag == "details":
            self._builder.begin_part()

    def _end(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush(tag)
        self._open[tag] -= 1
        if tag in ("ul", "ol"):
            self._builder.end_list()
        elif tag == "dl":
            self._builder.end_definitions()
        elif tag == "li":
            self._builder.end_item()
        elif tag == "details":
            self._builder.end_part()

    def _flush(self, closed: str = "") -> None:
        """Write the text that was gathered before a block begins, or before the block `closed` ends."""
        pieces, self._pieces = self._pieces, []
        text = _READING_TIME.sub("", "".join(text for text, _ in pieces))
        if not text.strip():
            return
        if closed == "dt":
            self._builder.term(text)
        elif closed == "h1" and not self._builder.marked_title:
            self._builder.title(text)
        elif any(self._open[tag] for tag in _HEADINGS):
            self._builder.heading(text)
        elif any(self._open[tag] for tag in ("li", "dd", "pre", "blockquote")):
            self._builder.text(text, verbatim=closed == "pre")
        else:
            for line, is_bold in _lines(pieces):
                if is_bold and is_heading(line):
                    self._builder.heading(line, by_look=True)
                else:
                    self._builder.text(_READING_TIME.sub("", line))


def _lines(pieces: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The lines of a block that are bold, and runs of the others."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, bold in pieces:
        for at, line in enumerate(text.split("\n")):
            if at:
                lines.append([])
            lines[-1].append((line, bold))
    told = [("".join(t for t, _ in line).strip(), all(b for t, b in line if t.strip())) for line in lines]
    # An empty line parts paragraphs.
    for (is_bold, is_empty), run in groupby(told, key=lambda line: (line[1], not line[0])):
        texts = [text for text, _ in run if not is_empty]
        if is_bold:
            yield from ((text, True) for text in texts)
        else:
            yield "\n".join(texts), False


def _is_data_table(table: Element) -> bool:
    """Whether a table holds data; else it lays out a page, and its cells are read as blocks."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = [_CELLS(row) for row in _ROWS(table)]
    if max(map(len, rows), default=0) < 2:
        return False
    return bool(_NAMES_COLUMNS(table)) or (
        not any(_HOLDS_BLOCKS(cell) for row in rows for cell in row) and holds_data(_table_cells(table))
    )


def _table_cells(table: Element) -> list[list[TableCell]]:
    """The cells of a table in every place that they cover."""
    return spread([[_spanning(cell) for cell in _CELLS(row)] for row in _ROWS(table)])


def _cell_text(cell: Element) -> str:
    """Text of a cell on one line, with a space wherever a block or line ends in it."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        pieces.append(" " if element.tag in _BLOCKS or element.tag == "br" else "")
        if event == "end":
            pieces.append((element.tail or "") if element is not cell else "")
        elif element.tag not in ("script", "style"):
            pieces.append(_own_text(element))
    return " ".join("".join(pieces).split())


def _own_text(element: Element) -> str:
    """The text that an element begins with; digits of `<sup>` as raised signs, so that they join no word."""
    text = element.text or ""
    return raised_digits(text) if element.tag == "sup" else text


def _spanning(cell: Element) -> tuple[TableCell, int, int]:
    text = _cell_text(cell)
    bold = next(cell.iter("b", "strong"), None)
    is_bold = bold is not None and _cell_text(bold) == text
    is_name = cell.tag == "th" or cell.getparent().getparent().tag == "thead" or is_bold
    return TableCell(text, is_name), count_of(cell.get("colspan")), count_of(cell.get("rowspan"))
