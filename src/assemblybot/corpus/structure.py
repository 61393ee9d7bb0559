"""Marks that tell the structure of lines: bullets, numbers, headings by word and number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assemblybot.text.divisions import division_end
from assemblybot.text.values import dates

LIST_MARK: Final = re.compile(
    r"(?P<number>[\d٠-٩]{1,3}(?:[.)]-?|-|[°º]-?| [-–])\s)"
    r"|(?P<letter>[a-zA-Zأ-ي]\)\s)|(?P<bullet>[-*•–▪◦·‣●○■□➢✓\uf0b7]\s)"
)
#: “Place: Madrid”, as minutes and letters begin.
FIELD: Final = re.compile(r"[^\W\d][\w .'’()/-]{0,40}?(?<!\d) ?:(?!//) *\S")
#: When a message was written, or (`time`) when a part of a programme begins.
STAMP: Final = re.compile(
    r"(?:\[[\d/.,: \u200e\u202f-]*\d:\d\d[^\]\n]{0,12}\]"
    r"|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? +\d{1,2}:\d\d"
    r"|(?P<time>\d{1,2}(?::| ?h ?)\d\d(?!\d)))(?=\W)"
)
#: What parts the cells of a row, the fewest cells, and the fewest rows that are a table.
_PARTED: Final = (
    (re.compile(r"\|"), 2, 2),
    (re.compile(r"\t+"), 2, 2),
    (re.compile(r" {3,}"), 2, 2),
    (re.compile(r" {2,}"), 3, 3),
    (re.compile(r";(?=\S)"), 3, 2),
    # A comma before three digits may part thousands.
    (re.compile(r",(?=\S)(?!(?<=\d,)\d{3}(?!\d))"), 3, 3),
)
_NO_VALUE: Final = frozenset("-–—")
#: The words of the name of a row that one space parts from its values.
_LONGEST_NAME: Final = 6
ENDS_PARAGRAPH: Final = (".", "!", "?", "؟", "؛", ";")
ENDS_SENTENCE: Final = (*ENDS_PARAGRAPH, "…", ".»", '."', ":", "،", ",")
_DATELINE: Final = re.compile(r"(?P<place>[^\d,،]{2,40})[,،](?P<day>(?:\s+\S+){1,5}?\s+[\d٠-٩]{4})")
#: A telephone number (no year with the number of an act) or an address.
_CONTACT: Final = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d[-/])[\d٠-٩](?:[ .()/-]?[\d٠-٩]){6,}|\S@\S|https?://|www\."
)
#: What stands over a table or below a picture.
CAPTION: Final = re.compile(
    r"(?:tableaux?|table|tabla|cuadro|fig(?:ure|ura|\.)?|graphique|gráfico|chart|photo|foto|الجدول|جدول|الشكل|شكل|صورة)"
    r"\s+(?:n[°ºo.]+\s*)?[\d٠-٩]+\s*(?:[.:–—-]|$)",
    re.IGNORECASE,
)
_LONGEST_HEADING: Final = 90
_LONGEST_QUESTION: Final = 140


def list_mark(item: str) -> str:
    """The number or bullet that a list item begins with, space included; empty where it has none.

    A letter such as “a)” counts as part of the text, since no list of a web page shows it.
    """
    match = LIST_MARK.match(item)
    return match.group() if match and match.lastgroup != "letter" else ""


def mark_kind(block: str) -> str | None:
    """`number`, `letter` or `bullet` for a block that begins with a list mark."""
    match = LIST_MARK.match(block)
    return match.lastgroup if match else None


def is_division(block: str) -> bool:
    """Whether the block is nothing but a heading by word and number, with or without a name."""
    end = division_end(block)
    return end > 0 and is_short(block) and not block[end:].rstrip().endswith(ENDS_SENTENCE)


def is_short(block: str) -> bool:
    """Whether the block is one line of the length of a heading."""
    return len(block) <= _LONGEST_HEADING and "\n" not in block


def is_heading(block: str) -> bool:
    """Whether a line that is followed by text reads as a heading."""
    if not any(map(str.isalpha, block)):
        return False
    if is_question(block):
        return True
    if not is_short(block) or block.endswith(ENDS_SENTENCE):
        return False
    if STAMP.match(block) or CAPTION.match(block):
        return False
    return not (_is_dateline(block) or _CONTACT.search(block))


def _is_dateline(block: str) -> bool:
    """Whether a line is the place and day of a letter or a release: “Rabat, 18 March 2026”."""
    match = _DATELINE.fullmatch(block)
    return match is not None and not dates(match["place"]) and any(date.day for date in dates(match["day"]))


def is_question(block: str) -> bool:
    """Whether the block is one line and one question."""
    line = "\n" not in block and len(block) <= _LONGEST_QUESTION
    return line and block.endswith(("?", "؟")) and not re.search("[.!?؟] ", block)


def table_runs(lines: Sequence[str], gaps: Sequence[bool]) -> Iterator[range]:
    """Runs of lines that are rows of a table: parted alike into as many cells.

    Where spaces align the cells, a row with too few of them, or with no cell at its end, may stand among
    the others, unless there is a gap above it.
    """
    start = 0
    while start < len(lines):
        for mark, fewest_cells, fewest_rows in _PARTED:
            count = _cells(lines[start], mark)
            end, alike = start + 1, 1
            while count >= fewest_cells and end < len(lines):
                is_alike = _cells(lines[end], mark) == count
                spaced = " " in mark.pattern and not gaps[end]
                if not is_alike and not (spaced and _may_be_row(lines[end], count)):
                    break
                alike += is_alike
                end += 1
            if count >= fewest_cells and alike >= fewest_rows:
                yield range(start, end)
                break
        else:
            end = start + 1
        start = end


def _may_be_row(line: str, count: int) -> bool:
    """Whether a line that is not parted like the rows above has their values: numbers at its end, or gaps."""
    if LIST_MARK.match(line) or "\n" in line:
        return False
    words = line.split()
    name, values = words[: 1 - count], words[1 - count :]
    has_digits = [any(map(str.isdigit, value)) for value in values]
    known = [has or value in _NO_VALUE for has, value in zip(has_digits, values, strict=True)]
    if 0 < len(name) <= _LONGEST_NAME and any(has_digits) and all(known):
        return True
    return 1 < len(re.split(" {3,}", line)) <= count


def _cells(line: str, mark: re.Pattern[str]) -> int:
    if "\n" in line or LIST_MARK.match(line):
        return 0
    return len(mark.split(line.removeprefix("|").removesuffix("|")))
