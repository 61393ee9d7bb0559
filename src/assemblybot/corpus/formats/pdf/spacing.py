"""How the lines of a PDF are spaced, block by block: their leading, and how far they reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import median
from typing import Final

from assemblybot.corpus.formats.pdf.lines import Line
from assemblybot.corpus.structure import ENDS_SENTENCE

#: Lines further apart than so many times the leading are of two paragraphs. It is more than 1.25, by
#: which fpdf2 sets the last line of a justified paragraph apart when its line height is 1.5.
FURTHER_APART: Final = 1.26
# Lines further apart than so many sizes of a letter are not of one block.
_NEAR: Final = 3
_LOOK: Final = attrgetter("page", "column", "right_to_left", "bold")
# The distances that are compared, and the share of the most common one that makes another common.
_SAMPLED: Final = 500
_COMMON: Final = 0.25
# The lines of running text that are broken for want of room: at the least, and as a share of all.
_FEWEST_BROKEN: Final = 2
_SHARE_BROKEN: Final = 0.6
# In sizes of a letter.
_NARROWEST: Final = 16


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distance of the lines of a block, and how far they reach in the direction of reading."""

    leading: float
    reach: float

    def is_short(self, line: Line, share: float = 0.8) -> bool:
        """Whether a line ends well before the others of its block do."""
        return line.ends - line.begins < share * (self.reach - line.begins)


def spacings(lines: Sequence[Line], size: float) -> dict[Line, Spacing]:
    """The spacing of each line: of its block, or of the document where the block is too small to tell.

    `size` is that of the running text.
    """
    found = _of_document(lines, size)
    own: dict[Line, Spacing] = {}
    wide = defaultdict[float, list[float]](list)
    for block in _blocks(lines, found):
        if spacing := _of_block(block):
            own |= dict.fromkeys(block, spacing)
            if not _is_narrow(block, found):
                wide[round(block[0].size)].append(spacing.leading)
    leadings = {rounded: median(values) for rounded, values in wide.items()}
    return {
        line: own.get(line) or replace(spacing, leading=leadings.get(round(line.size), spacing.leading))
        for line, spacing in found.items()
    }


def _of_document(lines: Sequence[Line], size: float) -> dict[Line, Spacing]:
    """The leading of the running text, more for larger lines, and the reach of the column."""
    reach: dict[tuple[tuple[int, ...], bool], float] = {}
    for line in lines:
        column = line.column, line.right_to_left
        reach[column] = max(reach.get(column, line.ends), line.ends)
    leading = _leading([line for line in lines if abs(line.size - size) < 0.6]) or 1.2 * size
    return {
        line: Spacing(leading * max(1.0, line.size / size), reach[line.column, line.right_to_left])
        for line in lines
    }


def _of_block(block: Sequence[Line]) -> Spacing | None:
    """The spacing of a block of running text; none of names and entries of one line each.

    A line of running text goes on when the first word of the next line does not fit at its end. A
    capital there tells that a sentence or an entry begins; in Arabic the width alone tells.
    """
    leading, reach = _leading(block), max(line.ends for line in block)
    goes_on = [
        above.ends + _width_of_first_word(below) > reach and not below.text[:1].isupper()
        for above, below in pairwise(block)
        if below.top - above.top < FURTHER_APART * leading
        and not above.text.endswith(ENDS_SENTENCE)
        and not below.begins_item
    ]
    is_text = sum(goes_on) >= max(_FEWEST_BROKEN, _SHARE_BROKEN * len(goes_on))
    too_narrow = reach - block[0].begins < _NARROWEST * block[0].size
    return Spacing(leading, reach) if is_text and not too_narrow else None


def _width_of_first_word(line: Line) -> float:
    word = line.text.partition(" ")[0]
    return (line.x1 - line.x0) * (len(word) + 1) / (len(line.text) + 1)


def _leading(lines: Sequence[Line]) -> float:
    """The smallest distance of lines within paragraphs that is common; 0 of none.

    Paragraphs lie further apart, so a line that ends a sentence tells nothing.
    """
    distances = [
        below.top - above.top
        for above, below in pairwise(lines)
        if (above.page, above.column) == (below.page, below.column)
        and 0.5 * below.size < below.top - above.top < _NEAR * below.size
        and not above.text.endswith(ENDS_SENTENCE)
    ][:_SAMPLED]
    support = {value: sum(abs(value - other) < 0.7 for other in distances) for value in distances}
    most = max(support.values(), default=0)
    return min((value for value, near in support.items() if near >= _COMMON * most), default=0.0)


def _blocks(lines: Sequence[Line], of_document: Mapping[Line, Spacing]) -> Iterator[list[Line]]:
    """Lines of one look, one below the other; parted at a gap where narrow text follows wide text."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and _is_below(runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
    for run in runs:
        for _, parts in groupby(_parts(run), key=lambda part: _is_narrow(part, of_document)):
            yield [line for part in parts for line in part]


def _is_below(above: Line, below: Line) -> bool:
    near = 0 < below.top - above.top < _NEAR * below.size
    return near and _LOOK(above) == _LOOK(below) and below.has_size(above.size)


def _parts(run: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """A run of lines, parted where two lines stand further apart than those above or below them."""
    distances = [below.top - above.top for above, below in pairwise(run)]
    start = 0
    for at, distance in enumerate(distances, start=1):
        if distance > FURTHER_APART * min(distances[max(at - 2, 0) : at + 1]):
            yield run[start:at]
            start = at
    yield run[start:]


def _is_narrow(block: Sequence[Line], of_document: Mapping[Line, Spacing]) -> bool:
    return all(of_document[line].is_short(line) for line in block)
