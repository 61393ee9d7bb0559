"""One page of a PDF: its glyphs, lines, tables and bullets, as pdfplumber gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage
from pdfplumber.page import Page

from assemblybot.corpus.formats.pdf.glyphs import (
    Glyph,
    PageDirection,
    has_arabic,
    letters,
    page_direction,
    rows,
)
from assemblybot.corpus.formats.pdf.lines import Line, page_lines
from assemblybot.corpus.formats.pdf.tables import FEWEST_EDGES, MOST_EDGES, Grid, drawn_grids, inside
from assemblybot.errors import DocumentReadError

_MOST_GLYPHS: Final = 200_000
# The last two are fonts of LaTeX: CMBX12, NimbusRomNo9L-Medi.
_BOLD = re.compile(r"bold|black|heavy|semib|demi|bx(?:ti|sl)?\d|-medi(?:ital)?$", re.IGNORECASE)
_CODE = re.compile(r"\(cid:\d+\)")
_BULLETS: Final = str.maketrans("\uf0b7\uf0a7\uf0d8\uf0fc\uf02d", "•▪••-")
NO_LETTER = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class PageContent:
    """What is on a page: lines, tables, its height, and how many glyphs, unreadable ones and pictures."""

    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    height: float = 1.0
    glyphs: int = 0
    unreadable: int = 0
    pictures: int = 0
    damaged: bool = False


def read_page(page: Page) -> PageContent:
    """What is on a page; a damaged page is empty, and said to be so."""
    try:
        return _content(page)
    except DocumentReadError:
        raise
    except Exception:
        return PageContent(damaged=True)


def _content(page: Page) -> PageContent:
    drawn = list(_drawn(page.layout))
    chars = [item for item in drawn if isinstance(item, LTChar)]
    if len(chars) > _MOST_GLYPHS:
        raise DocumentReadError(
            f"Page {page.page_number} has more than {_MOST_GLYPHS:,} letters; it cannot be read."
        )
    height = float(page.height)
    glyphs, unreadable = _glyphs(chars, height)
    shapes = [item.bbox for item in drawn if isinstance(item, LTCurve)]
    arabic = has_arabic("".join(glyph.text for glyph in glyphs))
    direction = page_direction(rows(glyphs)) if arabic else PageDirection.LEFT_TO_RIGHT
    with_tables = FEWEST_EDGES <= len(shapes) <= MOST_EDGES
    grids = list(drawn_grids(page, glyphs, direction)) if with_tables else []
    flow = [glyph for glyph in glyphs if not any(inside(glyph, grid.box) for grid in grids)]
    # A small shape, or a sign without a letter, in front of a line is a bullet.
    bullets = [char.bbox for char in chars if unreadable and NO_LETTER.search(_text_of(char.get_text()))]
    bullets += [box for box in shapes if 1 < box[2] - box[0] < 9 and 1 < box[3] - box[1] < 9]
    middles = [((x0 + x1) / 2, height - (y0 + y1) / 2) for x0, y0, x1, y1 in bullets]
    lines = [
        replace(line, bullet=any(_is_in_front(line, x, y) for x, y in middles))
        for line in page_lines(flow, page.page_number, direction)
    ]
    pictures = sum(isinstance(item, LTImage) for item in drawn)
    page.close()
    return PageContent(lines, grids, height, len(glyphs), unreadable, pictures)


def _drawn(container: Iterable[Any]) -> Iterator[Any]:
    """Everything drawn on a page, also within figures."""
    for item in container:
        if isinstance(item, LTFigure):
            yield from _drawn(item)
        else:
            yield item


def _glyphs(chars: Sequence[LTChar], height: float) -> tuple[list[Glyph], int]:
    """The glyphs that are text, drawn once each and upright, and how many have no letter."""
    found: list[Glyph] = []
    seen: set[tuple[str, int, int]] = set()
    unreadable = 0
    for drawn, char in enumerate(chars):
        text = _text_of(char.get_text())
        place = text, round(char.x0), round(char.y0)
        if not char.upright or char.size < 1 or (place in seen and text.strip()):
            continue
        seen.add(place)
        if NO_LETTER.search(text):
            unreadable += 1
            continue
        x0, x1 = min(char.x0, char.x1), max(char.x0, char.x1)
        bold = is_bold(str(char.fontname))
        found.append(Glyph(text, x0, x1, height - char.y1, height - char.y0, char.size, bold, drawn))
    return found, unreadable


@lru_cache(maxsize=1_000)
def is_bold(font: str) -> bool:
    """Whether the name of a font says that it is bold."""
    return bool(_BOLD.search(font))


@lru_cache(maxsize=10_000)
def _text_of(text: str) -> str:
    return letters(_CODE.sub("\ufffd", text).translate(_BULLETS))


def _is_in_front(line: Line, x: float, y: float) -> bool:
    before = x - line.x1 if line.right_to_left else line.x0 - x
    return 0 < before < 2.5 * line.size and line.top < y < line.bottom
