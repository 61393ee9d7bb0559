"""The columns of a page: text that a gap parts from top to bottom, whatever the lines on its two sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from statistics import median
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.formats.pdf.glyphs import Glyph, rows

# In sizes of a letter: the least gap; and what is wider than words of justified lines are apart.
_GAP: Final = 0.6
_WIDE_GAP: Final = 1.2
# Lines on both sides of a wide gap, and of another, at the least.
_FEWEST: Final = 4
_FEWEST_OF_NARROW: Final = 8
# Share of the lines of running text that are about as wide as its widest.
_FULL: Final = 0.45
# Letters that a column has at least on a line; cells of tables mostly have fewer.
_NARROWEST: Final = 15
# Points of the page that are looked at together, across and down.
_ACROSS: Final = 1.0
_DOWN: Final = 2.0
# Places of a sheet of two metres; a damaged file can have letters anywhere.
_MOST_PLACES: Final = 16_000_000

Column = tuple[int, ...]


class _Gutter(NamedTuple):
    """The gap between two columns: its middle, and from where to where it reaches down the page."""

    x: float
    top: float
    bottom: float


class _Extent(NamedTuple):
    """How wide a line is, where it stands, and the size of its letters."""

    width: float
    bottom: float
    size: float

    @classmethod
    def of(cls, row: Sequence[Glyph]) -> _Extent:
        """The extent of the line of some glyphs."""
        width = max(glyph.x1 for glyph in row) - min(glyph.x0 for glyph in row)
        return cls(width, median(glyph.bottom for glyph in row), median(glyph.size for glyph in row))

    def is_beside(self, other: _Extent) -> bool:
        """Whether two lines stand on one height."""
        return abs(self.bottom - other.bottom) < 0.15 * self.size


def columns(
    glyphs: Sequence[Glyph], right_to_left: bool, column: Column = ()
) -> Iterator[tuple[Sequence[Glyph], Column]]:
    """The glyphs of each column in the order of reading, and what tells it apart.

    What goes over all columns has no number of its own; it is read where it stands.
    """
    gutter = _gutter(glyphs)
    if gutter is None:
        yield glyphs, column
        return
    middles = [(glyph, (glyph.top + glyph.bottom) / 2) for glyph in glyphs]
    above = [glyph for glyph, y in middles if y < gutter.top]
    within = [glyph for glyph, y in middles if gutter.top <= y <= gutter.bottom]
    below = [glyph for glyph, y in middles if y > gutter.bottom]
    left = [glyph for glyph in within if glyph.x0 < gutter.x]
    right = [glyph for glyph in within if glyph.x0 >= gutter.x]
    if _is_table(left, right):
        yield glyphs, column
        return
    yield from columns(above, right_to_left, column)
    for side, half in enumerate((right, left) if right_to_left else (left, right)):
        yield from columns(half, right_to_left, (*column, round(gutter.top), side))
    yield from columns(below, right_to_left, column)


def _is_table(left: Sequence[Glyph], right: Sequence[Glyph]) -> bool:
    """Whether the lines on one side are cells: not running text, and each beside a line of the other side.

    Lines above or below all of the other side may be text over or under the table.
    """
    sides = [[_Extent.of(row) for row in rows(g for g in side if g.text.strip())] for side in (left, right)]
    if not all(sides):
        return True
    for lines, others in (sides, sides[::-1]):
        top, bottom = others[0].bottom - others[0].size, others[-1].bottom + others[-1].size
        cells = [line for line in lines if top <= line.bottom <= bottom]
        aligned = all(any(line.is_beside(other) for other in others) for line in cells)
        if cells and aligned and not _is_running(cells):
            return True
    return False


def _is_running(lines: Sequence[_Extent]) -> bool:
    """Whether as many of the lines are full as in running text."""
    full = 0.85 * max(line.width for line in lines)
    return sum(line.width >= full for line in lines) >= _FULL * len(lines)


class _Page(NamedTuple):
    """What is at each place of a page, down and across.

    Whether a gap can begin there, whether the letters of a column are on a line left of it and right of it;
    and for each place down, whether anything is there.
    """

    free: NDArray[np.bool_]
    left: NDArray[np.bool_]
    right: NDArray[np.bool_]
    filled: NDArray[np.bool_]


def _gutter(glyphs: Sequence[Glyph]) -> _Gutter | None:
    """The gap with most text on both sides; none on most pages."""
    filled = [glyph for glyph in glyphs if glyph.text.strip()]
    if len(filled) < 2 * _FEWEST * _NARROWEST:
        return None
    size = median(glyph.size for glyph in filled)
    x0, y0 = min(glyph.x0 for glyph in filled), min(glyph.top for glyph in filled)
    across = ceil((max(glyph.x1 for glyph in filled) - x0) / _ACROSS) + 1
    down = ceil((max(glyph.bottom for glyph in filled) - y0) / _DOWN) + 1
    if across * down > _MOST_PLACES:
        return None
    page = _page(filled, x0, y0, (down, across), max(1, int(_GAP * size / _ACROSS)))
    beside = _text_beside(page)
    if not beside.size or not beside.max():
        return None
    # The places from which a gap with most text beside it can begin: as many as the gap is wider.
    first = last = int(np.argmax(beside >= 0.9 * beside.max()))
    while last + 1 < len(beside) and beside[last + 1] >= 0.9 * beside.max():
        last += 1
    is_wide = (last - first) * _ACROSS + _GAP * size > _WIDE_GAP * size
    if beside.max() * _DOWN < (_FEWEST if is_wide else _FEWEST_OF_NARROW) * size:
        return None
    x = first + int(np.argmax(beside[first : last + 1]))
    top, bottom = _reach(page, x, round(2.5 * size / _DOWN))
    return _Gutter(x0 + x * _ACROSS + _GAP * size / 2, y0 + top * _DOWN, y0 + bottom * _DOWN)


def _page(glyphs: Sequence[Glyph], x0: float, y0: float, shape: tuple[int, int], gap: int) -> _Page:
    """The places, so many down and across, of glyphs that begin at `x0` and `y0`; a gap has `gap` places."""
    down, across = shape
    covered = np.zeros((down, across + 1), np.int32)
    begun = np.zeros((down, across + 1), np.int32)
    for glyph in glyphs:
        rows = slice(int((glyph.top - y0) / _DOWN), ceil((glyph.bottom - y0) / _DOWN))
        begin = int((glyph.x0 - x0) / _ACROSS)
        covered[rows, begin + 1 : ceil((glyph.x1 - x0) / _ACROSS) + 1] = 1
        begun[rows, begin + 1] += 1
    covered, begun = np.cumsum(covered, axis=1), np.cumsum(begun, axis=1)
    before = begun[:, :-gap]
    return _Page(
        free=covered[:, gap:] == covered[:, :-gap],
        left=before >= _NARROWEST,
        right=begun[:, -1:] - before >= _NARROWEST,
        filled=covered[:, -1] > 0,
    )


def _text_beside(page: _Page) -> NDArray[np.int64]:
    """For each place across: how far down there is text beside its longest gap, on the side with less."""
    on_left = on_right = most = np.zeros(page.free.shape[1], np.int64)
    for free, left, right in zip(page.free, page.left, page.right, strict=True):
        on_left, on_right = np.where(free, on_left + left, 0), np.where(free, on_right + right, 0)
        most = np.maximum(most, np.minimum(on_left, on_right))
    return most


def _reach(page: _Page, x: int, far: int) -> tuple[int, int]:
    """From where to where the gap at `x` reaches that has most text beside it.

    A line that stands `far` above or below the others is of the page, not of its columns.
    """
    text = page.left[:, x] & page.right[:, x]
    top, bottom = max(_runs(page.free[:, x]), key=lambda run: (int(text[run[0] : run[1]].sum()), -run[0]))
    lines = [(top + begin, top + end) for begin, end in _runs(page.filled[top:bottom])]
    if len(lines) > 1 and lines[1][0] - lines[0][1] >= far > lines[0][1] - lines[0][0]:
        top = lines[0][1]
    if len(lines) > 1 and lines[-1][0] - lines[-2][1] >= far > lines[-1][1] - lines[-1][0]:
        bottom = lines[-1][0]
    return top, bottom


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where the runs of true values begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
