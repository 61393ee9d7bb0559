"""Tables of a page: which hold data, and their cells in a grid."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

Element = Any

_LAID_OUT: Final = "h1|h2|h3|h4|h5|h6|table|ul|ol|article|section|form|nav|blockquote".split("|")
_LONGEST_CELL: Final = 600
_MOST_COLUMNS: Final = 100
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


def table_rows(table: Element) -> tuple[str, list[str] | None, list[list[str]]]:
    """Caption, column names (None where the table has none) and cells of a table."""
    captions = table.xpath("./caption")
    rows = _rows(table)
    grid = _grid(rows)
    head = 0
    while head < len(rows) and _is_header(rows[head]):
        head += 1
    if head == 0:
        first_names = len(grid) > 1 and _names_columns(table, rows)
        head = 1 if first_names else 0
    header = [" ".join(dict.fromkeys(filter(None, names))) for names in zip(*grid[:head], strict=False)]
    return cell_text(captions[0]) if captions else "", header if head else None, grid[head:]


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


def _is_header(row: Element) -> bool:
    cells = _cells(row)
    in_head = row.getparent().tag == "thead"
    return in_head or (bool(cells) and all(cell.tag == "th" for cell in cells))


def _names_columns(table: Element, rows: list[Element]) -> bool:
    """A first row of bold or short cells without digits above rows that have some."""
    if table.xpath("boolean(./tbody/tr/th | ./tr/th)"):
        return False
    first = _cells(rows[0])
    if all(cell.xpath("boolean(.//b | .//strong)") for cell in first):
        return True
    texts = [cell_text(cell) for cell in first]
    below = " ".join(cell_text(cell) for row in rows[1:] for cell in _cells(row))
    digits = re.compile(r"\d")
    return all(texts) and not any(map(digits.search, texts)) and bool(digits.search(below))


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return min(int(value), _MOST_SPAN) if re.fullmatch(r"[1-9]\d{0,5}", value) else 1


def _grid(rows: list[Element]) -> list[list[str]]:
    """The cells of each row, those that span rows or columns in each place they cover."""
    grid: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    for row in rows:
        values: list[str] = []
        waiting = _cells(row)[::-1]
        while (waiting or len(values) in carried) and len(values) < _MOST_COLUMNS:
            if len(values) in carried:
                values.append(_carry(carried, len(values)))
                continue
            cell = waiting.pop()
            text, down = cell_text(cell), _span(cell, "rowspan")
            for _ in range(min(_span(cell, "colspan"), _MOST_COLUMNS)):
                if down > 1:
                    carried[len(values)] = (down - 1, text)
                values.append(text)
        grid.append(values)
    return grid


def _carry(carried: dict[int, tuple[int, str]], column: int) -> str:
    left, text = carried.pop(column)
    if left > 1:
        carried[column] = (left - 1, text)
    return text
