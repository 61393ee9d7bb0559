"""Tables of a page: which hold data, and their cells in a grid."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from assemblybot.corpus.tables import TableCell, holds_data, spread

Element = Any

_MOST_SPAN: Final = 1000
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BREAKS: Final = frozenset("br p div li ul ol dd dt tr td th table h1 h2 h3 h4 h5 h6 hr pre".split())
_ROWS: Final = etree.XPath("./thead/tr | ./tbody/tr | ./tfoot/tr | ./tr")
_CELLS: Final = etree.XPath("./td | ./th")
_NAMES: Final = etree.XPath("boolean(./caption | ./thead//th | ./tr/th | ./tbody/tr/th)")
_HOLDS_BLOCKS: Final = etree.XPath(
    "boolean(.//p[2] | .//"
    + " | .//".join("h1 h2 h3 h4 h5 h6 table ul ol article section form nav blockquote".split())
    + ")"
)


def has_rows(table: Element) -> bool:
    """Whether a table holds data; else it lays out a page, and its cells are read as blocks."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = [_CELLS(row) for row in _ROWS(table)]
    if max(map(len, rows), default=0) < 2:
        return False
    return bool(_NAMES(table)) or (
        not any(_HOLDS_BLOCKS(cell) for row in rows for cell in row) and holds_data(table_cells(table))
    )


def table_cells(table: Element) -> list[list[TableCell]]:
    """The cells of a table in every place that they cover."""
    return spread([_placed(cell) for cell in _CELLS(row)] for row in _ROWS(table))


def caption(table: Element) -> str:
    """What stands over a table."""
    found = table.find("caption")
    return cell_text(found) if found is not None else ""


def cell_text(cell: Element) -> str:
    """Text of a cell on one line, with a space wherever a block or line ends in it."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        pieces.append(" " if element.tag in _BREAKS else "")
        if event == "end":
            pieces.append((element.tail or "") if element is not cell else "")
        elif element.tag not in ("script", "style"):
            pieces.append(own_text(element))
    return " ".join("".join(pieces).split())


def own_text(element: Element) -> str:
    """The text that an element begins with; digits of `<sup>` as raised signs, so that they join no word."""
    text = element.text or ""
    return text.strip().translate(_RAISED) if element.tag == "sup" and text.strip().isdecimal() else text


def _placed(cell: Element) -> tuple[TableCell, int, int]:
    text = cell_text(cell)
    bold = next(cell.iter("b", "strong"), None)
    is_bold = bold is not None and cell_text(bold) == text
    is_name = cell.tag == "th" or cell.getparent().getparent().tag == "thead" or is_bold
    return TableCell(text, is_name), _span(cell, "colspan"), _span(cell, "rowspan")


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return min(int(value), _MOST_SPAN) if re.fullmatch(r"[1-9]\d{0,5}", value) else 1
