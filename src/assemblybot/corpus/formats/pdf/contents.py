"""The table of contents of a PDF: lines that lead to the numbers of its pages with dots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assemblybot.corpus.formats.pdf.lines import Line

_ENTRY = re.compile(r".*?\s?(?:[.·…_]\s?){4,}\s*(?P<page>[\d٠-٩]{1,4})")
# The entry of a chapter is often set without dots.
_CHAPTER = re.compile(r".*\s[\d٠-٩]{1,4}")
# With dots, and with chapters.
_FEWEST_DOTTED: Final = 2
_FEWEST: Final = 3
# Lines without dots between two entries: chapters, and the first lines of long titles.
_MOST_BETWEEN: Final = 3


def without_contents(lines: Sequence[Line], pages: int) -> tuple[list[Line], int]:
    """The lines of a document of so many pages without its table of contents, and how many that has.

    Its numbers ascend and are those of pages; prices that dots lead to do not, or are not.
    """
    entries = [at for at, line in enumerate(lines) if 0 < _page(line) <= pages]
    start = 0
    while start < len(entries):
        end = start
        while end + 1 < len(entries) and _goes_on(lines, entries[end], entries[end + 1]):
            end += 1
        first, last = _widened(lines, entries[start], entries[end])
        if end - start + 1 >= _FEWEST_DOTTED and last - first + 1 >= _FEWEST:
            return [*lines[:first], *lines[last + 1 :]], last - first + 1
        start = end + 1
    return list(lines), 0


def _page(line: Line) -> int:
    entry = _ENTRY.fullmatch(line.text)
    return int(entry["page"]) if entry else 0


def _goes_on(lines: Sequence[Line], one: int, other: int) -> bool:
    return other - one <= _MOST_BETWEEN + 1 and _page(lines[one]) <= _page(lines[other])


def _widened(lines: Sequence[Line], first: int, last: int) -> tuple[int, int]:
    """With the chapters before and after the entries, and the heading above them."""
    while first and _CHAPTER.fullmatch(lines[first - 1].text) and lines[first - 1].page == lines[first].page:
        first -= 1
    above = lines[first - 1] if first else None
    if above and above.page == lines[first].page and above.size > lines[last].size:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].page == lines[last].page:
        if not _CHAPTER.fullmatch(lines[last + 1].text):
            break
        last += 1
    return first, last
