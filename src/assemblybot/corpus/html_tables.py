"""Tables of a page: which hold data, and their cells in a grid."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from assemblybot.corpus.tables import TableCell, spread

Element = Any

_LAID_OUT: Final = "h1|h2|h3|h4|h5|h6|table|ul|ol|article|section|form|nav|blockquote".split("|")
_LONGEST_CELL: Final = 600
_MOST_SPAN: Final = 1000
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BREAKS: Final = frozenset("br p div li ul ol dd dt tr td th table h1 h2 h3 h4 h5 h6 hr pre".split())


def has_rows(table: Element) -> bool:
    """Whether a table holds data; else it lays out a page, and its cells are read as blocks."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = _rows(table)
    if not rows or max(len(_cells(row)) for row in rows) < 2:
        return False
    if table.xpath("boolean(./caption | ./thead//th | ./tr/th | ./tbody/tr/th)"):
        return True
    if len(rows) < 2:
        return False
    cells = [cell for row in rows for cell in _cells(row)]
    if any(cell.xpath("boolean(.//" + " | .//".join(_LAID_OUT) + ")") for cell in cells):
        return False
    return all(len(cell_text(cell)) <= _LONGEST_CELL and len(cell.xpath(".//p")) < 2 for cell in cells)


def table_cells(table: Element) -> list[list[TableCell]]:
    """The cells of a table in every place that they cover."""
    return spread([_placed(cell) for cell in _cells(row)] for row in _rows(table))


def caption(table: Element) -> str:
    """What stands over a table."""
    found = table.xpath("./caption")
    return cell_text(found[0]) if found else ""


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


def _rows(table: Element) -> list[Element]:
    return list(table.xpath("./thead/tr | ./tbody/tr | ./tfoot/tr | ./tr"))


def _cells(row: Element) -> list[Element]:
    return list(row.xpath("./td | ./th"))


def _placed(cell: Element) -> tuple[TableCell, int, int]:
    is_name = cell.tag == "th" or cell.getparent().getparent().tag == "thead" or _is_bold(cell)
    return TableCell(cell_text(cell), is_name), _span(cell, "colspan"), _span(cell, "rowspan")


def _is_bold(cell: Element) -> bool:
    bold = cell.xpath(".//b | .//strong")
    return bool(bold) and cell_text(bold[0]) == cell_text(cell)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return min(int(value), _MOST_SPAN) if re.fullmatch(r"[1-9]\d{0,5}", value) else 1
