"""Lines to paragraphs, list items and headings, by where they stand and how they look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.pdf.lines import Line
from assemblybot.corpus.structure import ENDS_SENTENCE, LIST_MARK, division_end, mark_kind

_LARGER: Final = 1.12
_LONGEST_HEADING: Final = 200
_MOST_HEADING_LINES: Final = 3
_SAMPLED: Final = 500
_COMMON: Final = 0.25
_FURTHER_APART: Final = 1.25
_HYPHEN = re.compile(r"(?P<word>[^\W\d_]+)-$")
_CUT_NUMBER = re.compile(r"\d[-–/]$")
_NUMBERED = re.compile(r"[\d٠-٩]{1,2}(?:\.[\d٠-٩]{1,2}){0,3}\.?\s+\S")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line:
        """Its first line: page, look and mark are those of the paragraph."""
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Look:
    """What most of a document looks like: size of its text, distance of its lines, hyphenated words."""

    size: float
    leading: float
    bold: bool
    hyphenated: frozenset[str]


def look_of(lines: Sequence[Line]) -> Look:
    """The look of the running text."""
    sizes: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2, line.bold] += len(line.text)
    size, bold = max(sizes, key=lambda look: (sizes[look], look), default=(0.0, False))
    words = re.findall(r"\w+-\w+", "\n".join(line.text for line in lines))
    hyphenated = frozenset(word.lower() for word in words)
    return Look(size, _leading(_distances(lines, size)[:_SAMPLED]) or 1.2 * size, bold, hyphenated)


def _leading(distances: Sequence[float]) -> float:
    """The smallest distance that is common, since paragraphs lie further apart; 0 of none."""
    support = {value: sum(abs(value - other) < 0.7 for other in distances) for value in distances}
    most = max(support.values(), default=0)
    return min((value for value, near in support.items() if near >= _COMMON * most), default=0.0)


def _distances(lines: Sequence[Line], size: float) -> list[float]:
    """Distances of neighbouring lines of running text, of which the upper does not end a sentence."""
    return [
        below.top - above.top
        for above, below in pairwise(lines)
        if (above.page, above.column) == (below.page, below.column)
        and abs(above.size - size) < 0.6
        and abs(below.size - size) < 0.6
        and 0.5 * size < below.top - above.top < 3 * size
        and not above.text.endswith(ENDS_SENTENCE)
    ]


def paragraphs(lines: Sequence[Line], look: Look) -> list[Paragraph]:
    """Lines joined to paragraphs, over columns and pages."""
    found: list[Paragraph] = []
    reach = _reach(lines)
    for line in lines:
        if found and not _begins(found[-1], line, look, reach):
            found[-1].lines.append(line)
        else:
            found.append(Paragraph([line]))
    return found


def kind_of(paragraph: Paragraph, look: Look) -> PassageKind:
    """Heading, item or paragraph."""
    text = " ".join(line.text for line in paragraph.lines)
    if _looks_like_heading(paragraph, look, text):
        return PassageKind.HEADING
    if paragraph.first.bullet or LIST_MARK.match(text):
        return PassageKind.ITEM
    if division_end(text) == len(text):
        return PassageKind.HEADING
    return PassageKind.PARAGRAPH


def paragraph_text(paragraph: Paragraph, look: Look) -> str:
    """Text of a paragraph on one line, words that a line end cuts put together."""
    parts: list[str] = []
    for line in paragraph.lines:
        cut = _HYPHEN.search(parts[-1]) if parts else None
        if cut and line.text[:1].islower():
            following = re.match(r"\w+", line.text)
            whole = f"{cut['word']}-{following.group()}" if following else ""
            keeps = whole.lower() in look.hyphenated
            parts[-1] = parts[-1] if keeps else parts[-1][:-1]
            parts.append(line.text)
        elif parts:
            cut_number = _CUT_NUMBER.search(parts[-1]) and line.text[:1].isdigit()
            joined = cut_number or (cut and line.text[:1].isalpha())
            parts += [line.text] if joined else [" ", line.text]
        else:
            parts.append(line.text)
    text = "".join(parts)
    return f"• {text}" if paragraph.first.bullet and not LIST_MARK.match(text) else text


def _looks_like_heading(paragraph: Paragraph, look: Look, text: str) -> bool:
    if len(text) > _LONGEST_HEADING or len(paragraph.lines) > _MOST_HEADING_LINES:
        return False
    if not any(map(str.isalpha, text)) or paragraph.first.bullet:
        return False
    if paragraph.first.size >= _LARGER * look.size:
        return True
    bold = all(line.bold for line in paragraph.lines) and not look.bold
    if not bold or paragraph.first.size < 0.9 * look.size:
        return False
    if text.endswith(("?", "؟")):
        return True
    return not text.endswith(ENDS_SENTENCE) or bool(_NUMBERED.match(text) and len(text) < 90)


def _reach(lines: Iterable[Line]) -> dict[tuple[int, bool], float]:
    """How far the lines of each column reach in the direction of reading."""
    reach: dict[tuple[int, bool], float] = {}
    for line in lines:
        key = _column(line)
        reach[key] = max(reach.get(key, line.ends), line.ends)
    return reach


def _column(line: Line) -> tuple[int, bool]:
    return line.column if line.column == 0 else line.column + 1000 * line.page, line.right_to_left


def _begins(paragraph: Paragraph, line: Line, look: Look, reach: dict[tuple[int, bool], float]) -> bool:
    """Whether `line` begins a new paragraph."""
    last = paragraph.lines[-1]
    if abs(line.size - last.size) > 0.08 * last.size or line.bold != last.bold:
        return not _changes_within(last, line, look)
    if line.bullet or division_end(line.text) or mark_kind(line.text) == "bullet":
        return True
    if mark_kind(line.text) in ("number", "letter") and (
        last.text.endswith(ENDS_SENTENCE) or _is_short(last, reach)
    ):
        return True
    if line.page == last.page and line.column == last.column:
        return _apart(paragraph, line, look, reach)
    # A paragraph goes on in the next column or on the next page when it has not ended.
    return last.text.endswith(ENDS_SENTENCE[:6]) or _is_short(last, reach) or line.size > _LARGER * look.size


def _changes_within(last: Line, line: Line, look: Look) -> bool:
    """A bold or small word that fills a line of a paragraph does not end it."""
    near = line.page == last.page and 0 < line.top - last.top < 1.15 * look.leading
    same = abs(line.size - last.size) <= 0.08 * last.size
    return near and same and not last.text.endswith(ENDS_SENTENCE) and line.text[:1].islower()


def _apart(paragraph: Paragraph, line: Line, look: Look, reach: dict[tuple[int, bool], float]) -> bool:
    last = paragraph.lines[-1]
    gap = line.top - last.top
    leading = look.leading * max(1.0, line.size / look.size)
    if gap > _FURTHER_APART * leading or gap < -look.size:
        return True
    indented = line.begins - _margin(paragraph)
    ended = last.text.endswith(ENDS_SENTENCE)
    if paragraph.first.bullet or LIST_MARK.match(paragraph.first.text):
        if indented < -0.5 * line.size and len(paragraph.lines) > 1:
            return True
        return ended and gap > 1.15 * leading
    if indented > 0.9 * line.size and (ended or indented < 4 * line.size) and _is_short(last, reach, 0.9):
        return True
    if indented > 0.9 * line.size and ended:
        return True
    return last.text.endswith((".", "!", "?", "؟", ":", ":")) and _is_short(last, reach)


def _margin(paragraph: Paragraph) -> float:
    lines = paragraph.lines
    return min(line.begins for line in lines[1:]) if len(lines) > 1 else lines[0].begins


def _is_short(line: Line, reach: dict[tuple[int, bool], float], share: float = 0.8) -> bool:
    """Whether a line ends well before the others of its column do."""
    width = reach[_column(line)] - line.begins
    return line.ends - line.begins < share * width
