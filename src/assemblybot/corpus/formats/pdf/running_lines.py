"""Running headers, footers and page numbers: lines at the edge of pages that come again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from assemblybot.corpus.formats.pdf.lines import Line
from assemblybot.corpus.formats.pdf.page import PageContent

_EDGE_LINES: Final = 3
# Of the height of a page.
_EDGE: Final = 0.2
# Of the pages on which a running line stands: the same text, or the same but for its numbers.
_SHARE_EXACT: Final = 0.2
_SHARE_NUMBERED: Final = 0.4
_NUMBERS = re.compile(r"[\d٠-٩۰-۹]+")
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[\s\-–—|.()\[\]]*(?:(?:page|p\.|pág\.|página|صفحة|ص\.?)\s*)?[\d٠-٩]{1,4}"
    r"(?:\s*(?:/|of|de|sur|من|\|)\s*[\d٠-٩]{1,4})?[\s\-–—|.()\[\]]*",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:https?://|file://|www\.)\S+\s+[\d٠-٩]{1,4}/[\d٠-٩]{1,4}"
    r"|.*\b\d{1,2}/\d{1,2}/\d{2,4},?\s+\d{1,2}:\d{2}.*|.*\b[AP]M\b.*\d:\d\d.*,\d+/\d+/\d+"
)


def without_running_lines(pages: Sequence[PageContent]) -> tuple[list[Line], int]:
    """The lines of all pages without those of their edges that are no text, and how many those were."""
    edges = [_edge(page) for page in pages]
    exact = Counter(key for edge in edges for key in {_key(line) for line in edge})
    numbered = Counter(key for edge in edges for key in {_key(line, number="#") for line in edge})
    counted = Counter(
        count for edge in edges for count in {count for line in edge for count in _counts(line)}
    )

    def is_running(line: Line, page: PageContent) -> bool:
        if _PRINTED.fullmatch(line.text) or any(counted[count] > 1 for count in _counts(line)):
            return True
        alone = _is_page_number(line) or (_ROMAN.fullmatch(line.text) and len(pages) > 1)
        repeated = exact[_key(line)] >= max(2, _SHARE_EXACT * len(pages))
        counting = numbered[_key(line, number="#")] >= max(2, _SHARE_NUMBERED * len(pages))
        return bool(alone or repeated or counting) and _stands_apart(line, page.lines)

    kept = [
        line
        for page, edge in zip(pages, edges, strict=True)
        for line in page.lines
        if line not in edge or not is_running(line, page)
    ]
    return kept, sum(len(page.lines) for page in pages) - len(kept)


def _edge(page: PageContent) -> list[Line]:
    """The first and last lines of a page, if they lie near its edges."""
    by_height = sorted(page.lines, key=lambda line: line.top)
    above = [line for line in by_height[:_EDGE_LINES] if line.bottom < _EDGE * page.height]
    below = [line for line in by_height[-_EDGE_LINES:] if line.top > (1 - _EDGE) * page.height]
    return [*above, *below]


def _key(line: Line, number: str = r"\g<0>") -> tuple[str, int]:
    """Text and place of a line that comes again, with its numbers or a sign for them."""
    return _NUMBERS.sub(number, line.text), round(line.top / 6)


def _counts(line: Line) -> Iterator[tuple[tuple[str, int], int]]:
    """Place of a page number, and how far its numbers are ahead of the page: the same when they count up."""
    if _PAGE_NUMBER.fullmatch(line.text):
        for number in _NUMBERS.findall(line.text):
            yield _key(line, number="#"), int(number) - line.page


def _is_page_number(line: Line) -> bool:
    """Whether a line is the number of its page, or has the form of a page number and of nothing else."""
    if not _PAGE_NUMBER.fullmatch(line.text):
        return False
    bare = _NUMBERS.fullmatch(line.text.strip(" .()[]"))
    return int(bare.group()) == line.page if bare else not line.text.endswith(".")


def _stands_apart(line: Line, lines: Sequence[Line]) -> bool:
    """Whether an edge line is no line of a paragraph: it is drawn smaller, or further from the next."""
    tops = sorted({round(other.top, 1) for other in lines})
    leading = median(below - above for above, below in pairwise(tops)) if len(tops) > 3 else line.size
    inner = [other for other in lines if other is not line and abs(other.top - line.top) > 0.5 * line.size]
    if not inner:
        return True
    nearest = min(inner, key=lambda other: abs(other.top - line.top))
    return abs(nearest.top - line.top) > 1.3 * leading or line.is_smaller(nearest.size)
