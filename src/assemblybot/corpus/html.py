"""HTML to blocks: a walk over the tree that lxml reads, after page furniture is taken out."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from assemblybot.corpus.definitions import Definitions
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.encodings import decode_markup
from assemblybot.corpus.extract import BlockWriter, Extract, collapsed
from assemblybot.corpus.html_furniture import content_of
from assemblybot.corpus.html_tables import caption, has_rows, own_text, table_cells
from assemblybot.corpus.structure import mark_kind
from assemblybot.corpus.tables import write_table
from assemblybot.errors import DocumentReadError

Element = Any

_HEADINGS: Final = frozenset(f"h{level}" for level in range(1, 7)) | {"summary"}
_BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol option p pre section"
    " summary table tbody td tfoot th thead tr ul".split()
)
_SKIPPED: Final = frozenset(
    "audio button canvas embed iframe input map math meta noscript object script select style svg"
    " template textarea title video".split()
)
_ANCHORED: Final = _HEADINGS | {"a", "article", "div", "dt", "li", "p", "section", "span"}
_MOST_ELEMENTS: Final = 300_000
_MOST_ATTRIBUTES: Final = 1_000
# The parser takes time with the square of the number of attributes, so they are counted before it.
_LONG_TAG = re.compile(r"<[A-Za-z](?:[^<>=]*=){5000}")
_SITE_NAME = re.compile(r"\s+[|–—·»]\s+[^|–—·»]*$")

_READING_TIME = re.compile(
    r"\s*[·|•–-]?\s*(?:(?:temps de lecture|reading time|tiempo de lectura|(?:مدة|وقت) القراءة)"
    r"\s*:?\s*\d+\s*\w+"
    r"|\b\d+ min(?:ute)? read\b)",
    re.IGNORECASE,
)


def html_extract(data: bytes) -> Extract:
    """Blocks of a page; navigation, cookie notices, comments and the like are left out, and said so."""
    decoded = decode_markup(data)
    tree = parsed(decoded.text)
    left_out = content_of(tree)
    writer = BlockWriter()
    walk = _Walk(writer)
    walk.over(tree)
    return writer.extract(walk.title or _page_title(tree), left_out, decoded.notes)


def write_fragment(source: str, writer: BlockWriter) -> None:
    """Write the blocks of a piece of HTML, such as Markdown holds."""
    _Walk(writer).over(parsed(source))


def parsed(source: str) -> Element:
    """The tree of a page, empty where it holds nothing. Raises DocumentReadError when it is too large."""
    if _LONG_TAG.search(source):
        raise DocumentReadError("A tag of the page has more attributes than can be read. Save it anew.")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(_visible(source).encode("utf-8"), parser=parser)
    except etree.LxmlError:
        return etree.Element("html")
    for count, element in enumerate(tree.iter(etree.Element)):
        if count > _MOST_ELEMENTS or len(element.attrib) > _MOST_ATTRIBUTES:
            raise DocumentReadError(
                "The page has more elements or attributes than can be read. Save it anew."
            )
    return tree


def _visible(source: str) -> str:
    """Without characters that no page may hold, and with a word where a page would be empty."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", " ", source) or " "


def _page_title(tree: Element) -> str | None:
    titles = tree.xpath("//head/title")
    text = collapsed(titles[0].text_content()) if titles else ""
    return _SITE_NAME.sub("", text) or None


class _Walk:
    """One pass over a tree: text is gathered until a block begins or ends, and written then."""

    def __init__(self, writer: BlockWriter) -> None:
        self.title: str | None = None
        self._writer = writer
        self._pieces: list[str] = []
        self._verbatim = 0
        self._heading = 0
        self._lists: list[int | None] = []
        self._items: list[str | None] = []
        self._begun: list[int] = []
        self._definitions = Definitions(writer)
        self._anchor: str | None = None

    def over(self, tree: Element) -> None:
        """Write every block of `tree`, without recursion, however deep it is."""
        events = etree.iterwalk(tree, events=("start", "end"))
        for event, element in events:
            if event == "end":
                self._end(element)
                self._take(element.tail if element is not tree else None)
            elif not isinstance(element.tag, str) or element.tag in _SKIPPED:
                self._pieces.append(" ")
                events.skip_subtree()
            elif element.tag == "table" and has_rows(element):
                self._table(element)
                events.skip_subtree()
            else:
                self._start(element)
                self._take(own_text(element))
        self._flush()

    def _take(self, text: str | None) -> None:
        if text:
            self._pieces.append(text if self._verbatim else re.sub(r"\s+", " ", text))

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._pieces.append("\n")
        if tag in _BLOCKS:
            self._flush()
        elif tag == "img":
            return
        name = element.get("id") or (element.get("name") if tag == "a" else None)
        if name and tag in _ANCHORED and not re.search(r"\s", name):
            self._anchor = f"#{name}"
        if tag in _HEADINGS:
            self._heading += 1
        elif tag == "pre":
            self._verbatim += 1
        elif tag in ("ul", "ol"):
            self._lists.append(_first_number(element) if tag == "ol" else None)
        elif tag == "dd":
            self._definitions.definition()
        elif tag == "li":
            self._items.append(self._mark())
            self._begun.append(-1)

    def _end(self, element: Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or (tag == "table" and has_rows(element)):
            return
        if tag in _BLOCKS:
            self._flush(tag)
        if tag in _HEADINGS:
            self._heading -= 1
        elif tag == "pre":
            self._verbatim -= 1
        elif tag in ("ul", "ol"):
            self._lists.pop()
        elif tag == "dl":
            self._definitions.end()
        elif tag == "li":
            self._items.pop()
            self._begun.pop()

    def _mark(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _flush(self, closed: str = "") -> None:
        text, self._pieces = _READING_TIME.sub("", "".join(self._pieces)), []
        if not text.strip():
            return
        if closed == "dt":
            self._definitions.term(text)
        elif self._heading:
            self._definitions.write_term()
            self._write_heading(text, closed)
        elif self._items:
            self._write_item(text)
        else:
            text = self._definitions.with_term(text)
            verbatim = closed == "pre"
            typed = not verbatim and mark_kind(text.lstrip()) == "bullet"
            kind = PassageKind.ITEM if typed else PassageKind.PARAGRAPH
            self._writer.add(kind, text, anchor=self._anchor, verbatim=verbatim)

    def _write_heading(self, text: str, closed: str) -> None:
        one_line = " ".join(text.split())
        self._writer.add(PassageKind.HEADING, one_line, anchor=self._anchor)
        if closed == "h1" and self.title is None:
            self.title = one_line

    def _write_item(self, text: str) -> None:
        mark, self._items[-1] = self._items[-1], None
        if mark is None:
            text = self._definitions.with_term(text)
        self._definitions.write_term()
        if mark is not None:
            if self._writer.add(PassageKind.ITEM, mark + collapsed(text), anchor=self._anchor):
                self._begun[-1] = len(self._writer.blocks)
        elif self._begun[-1] == len(self._writer.blocks):
            self._writer.extend(text)
        else:
            self._writer.add(PassageKind.ITEM, collapsed(text), anchor=self._anchor)

    def _table(self, table: Element) -> None:
        self._flush()
        self._definitions.write_term()
        self._writer.add(PassageKind.PARAGRAPH, caption(table), anchor=self._anchor)
        write_table(self._writer, table_cells(table), anchor=self._anchor)


def _first_number(element: Element) -> int:
    start = element.get("start", "1")
    return int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
