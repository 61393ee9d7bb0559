"""Glyphs of one line, as they lie on the page, to its text in the order of reading.

A PDF says where each glyph is drawn, not in what order it is read. Arabic is therefore put in
order here: by place, from the right, with numbers and Latin words kept from the left.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from statistics import median
from typing import Final

from assemblybot.corpus.builder import raised_digits

_PRESENTATION = re.compile(r"[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc\u00ad\u2010]")
_WORD_GAP: Final = 0.13
_RAISED_SIZE: Final = 0.85
_RAISED_RUN = re.compile(r"(?P<reference>(?:(?<=LLL)|(?<=NNNN)|(?<=P))\^+)|(?:^|(?<=[LN]))\^+")
_SIGNS: Final = frozenset(".,;:!?%)]»”’\"'…،؛؟")
# A line of a page in Latin letters is read from the right when so much of it is Arabic.
_FOREIGN: Final = 0.8
_OPENING, _CLOSING = "([{«‹<", ")]}»›>"
_MIRRORED: Final = dict(zip(_OPENING + _CLOSING, _CLOSING + _OPENING, strict=True))
_HAS_ARABIC = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

# What is read from the left within Arabic, with `L` for a Latin letter, `N` for a digit, `R` for a letter
# that is read from the right. Words with a Latin letter take in whatever follows them, as far as the next
# word or number; two numbers belong together only where one sign of a number stands between them.
_NUMBER: Final = r"N+(?:[.,:/٫٬]N+)*"
_LATIN_WORD: Final = rf"(?:{_NUMBER})?L(?:[.,:/٫٬\-_+@&]*[LN])*"
# A plus on the left of digits: a telephone number, which is written from the left.
_TELEPHONE: Final = r"(?<!\S)\+(?:N[ ().\-/]{0,2}){8,15}(?<=N)(?![LN])"
_FROM_LEFT = re.compile(rf"{_TELEPHONE}|(?:{_LATIN_WORD}[^LNR]+(?<!\s\+))*(?:{_LATIN_WORD}|{_NUMBER})")
# Words that are read from the right, within a line that is read from the left.
_FROM_RIGHT = re.compile(r"[R،](?:[^L]*[R،])?")
_TYPES: Final = {"L": "L", "EN": "N", "AN": "N", "R": "R", "AL": "R"}


class PageDirection(Enum):
    """How the text of a page lies; `BACKWARDS` is Arabic that is drawn from the left."""

    LEFT_TO_RIGHT = "left to right"
    RIGHT_TO_LEFT = "right to left"
    BACKWARDS = "backwards"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph: its text (several letters for a ligature), its box, and the look of its font."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    #: Its place in the order of drawing.
    drawn: int = 0

    @property
    def is_mark(self) -> bool:
        """Whether it is drawn over or under another glyph."""
        return _all_combining(self.text)


@lru_cache(maxsize=10_000)
def _all_combining(text: str) -> bool:
    return bool(text) and all(unicodedata.combining(char) for char in text)


def letters(text: str) -> str:
    """Letters instead of the presentation forms and ligatures that fonts are drawn with."""
    return _PRESENTATION.sub(lambda match: _letter(match.group()), text)


def _letter(char: str) -> str:
    if char in "\u00ad\u2010":
        return "-"
    # The form of a vowel sign that stands alone is a space, or a stroke, with the sign on it.
    return unicodedata.normalize("NFKC", char).lstrip(" \u0640") or char


def is_right_to_left(text: str, share: float = 0.5) -> bool:
    """Whether more than that share of the letters of `text` are Arabic or Hebrew."""
    strong = [unicodedata.bidirectional(char) for char in text if char.isalpha()]
    return sum(kind in ("R", "AL") for kind in strong) > share * len(strong)


def has_arabic(text: str) -> bool:
    """Whether any letter of `text` is Arabic or Hebrew."""
    return bool(_HAS_ARABIC.search(text))


def rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by the lines on which they stand, from the top; marks stay with their line."""
    found: list[list[Glyph]] = []
    baselines: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.bottom, g.x0)):
        middle = (glyph.top + glyph.bottom) / 2
        for at in range(len(found) - 1, max(len(found) - 4, -1), -1):
            top, bottom = baselines[at]
            overlap = min(bottom, glyph.bottom) - max(top, glyph.top)
            if top <= middle <= bottom or overlap > 0.6 * min(bottom - top, glyph.bottom - glyph.top):
                found[at].append(glyph)
                if not glyph.is_mark:
                    baselines[at] = (min(top, glyph.top), max(bottom, glyph.bottom))
                break
        else:
            found.append([glyph])
            baselines.append((glyph.top, glyph.bottom))
    return sorted(found, key=lambda row: median(g.bottom for g in row))


def page_direction(rows: Iterable[Sequence[Glyph]]) -> PageDirection:
    """How the text of a page lies.

    Tools that know nothing of its direction draw Arabic from the left. Drawn rightly, the article
    ال stands at the right end of many words, so it comes out as لا at the
    end of words as they lie from left to right.
    """
    words = [word for row in rows for word in "".join(_clusters(row)).split()]
    if not is_right_to_left("".join(words)):
        return PageDirection.LEFT_TO_RIGHT
    right = sum(word.endswith("لا") for word in words if len(word) > 3)
    left = sum(word.startswith("ال") for word in words if len(word) > 3)
    return PageDirection.BACKWARDS if left > 2 * right else PageDirection.RIGHT_TO_LEFT


def with_raised_digits(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a line; raised digits are written as such (m², 10³), or left out where they refer from a
    word or a year to a footnote.

    The number that begins the line of a footnote stays, apart from the first word.
    """
    from_right = is_right_to_left("".join(glyph.text for glyph in glyphs))
    filled = (glyph for glyph in glyphs if glyph.text.strip())
    ordered = sorted(filled, key=lambda glyph: -glyph.x1 if from_right else glyph.x0)
    changed: dict[int, Glyph | None] = {}
    for run in _RAISED_RUN.finditer(_shape(ordered)):
        digits = ordered[run.start() : run.end()]
        if run["reference"]:
            changed |= dict.fromkeys(map(id, digits))
            if not from_right:  # nothing is left between the word and a comma
                before = ordered[run.start() - 1]
                changed[id(before)] = replace(before, x1=digits[-1].x1)
        elif run.start():
            changed |= {id(digit): replace(digit, text=raised_digits(digit.text)) for digit in digits}
        else:
            last = digits[-1]
            changed[id(last)] = replace(last, x0=last.x1) if from_right else replace(last, x1=last.x0)
    return [kept for glyph in glyphs if (kept := changed.get(id(glyph), glyph))]


def _shape(ordered: Sequence[Glyph]) -> str:
    """A character for each glyph: `^` a raised digit, `N` another, `L` a letter, `P` a sign of a sentence."""
    if not any(glyph.text.isdigit() for glyph in ordered):
        return ""
    size, bottom = median(glyph.size for glyph in ordered), median(glyph.bottom for glyph in ordered)
    found = ""
    for glyph in ordered:
        if glyph.text.isdigit():
            is_raised = glyph.size < _RAISED_SIZE * size and glyph.bottom < bottom - 0.1 * size
            found += "^" if is_raised else "N"
        else:
            is_sign = glyph.text in _SIGNS and glyph.size >= _RAISED_SIZE * size
            found += "L" if glyph.text.isalpha() else "P" if is_sign else "."
    return found


def line_text(glyphs: Sequence[Glyph], page: PageDirection = PageDirection.LEFT_TO_RIGHT) -> str:
    """Text of the glyphs of one line in the order of reading, on a page of that direction."""
    clusters = _clusters(glyphs)
    text = "".join(clusters)
    if page is not PageDirection.BACKWARDS and has_arabic(text):
        if page is PageDirection.RIGHT_TO_LEFT or is_right_to_left(text, _FOREIGN):
            clusters = _from_right(clusters)
        else:
            for words in reversed(list(_FROM_RIGHT.finditer(_types(clusters)))):
                place = slice(*words.span())
                clusters[place] = _from_right(clusters[place])
    return unicodedata.normalize("NFC", " ".join("".join(clusters).split()))


def _types(clusters: Sequence[str]) -> str:
    """One character for each cluster: how it is read, or itself where its neighbours decide."""
    return "".join(_TYPES.get(unicodedata.bidirectional(cluster[0]), cluster[0]) for cluster in clusters)


def _from_right(clusters: Sequence[str]) -> list[str]:
    """Clusters in the order of reading from the right, numbers and Latin words from the left."""
    ordered: list[str] = []
    end = len(clusters)
    for run in reversed(list(_FROM_LEFT.finditer(_types(clusters)))):
        ordered += reversed(clusters[run.end() : end])
        ordered += clusters[run.start() : run.end()]
        end = run.start()
    return _turned([*ordered, *reversed(clusters[:end])])


def _clusters(glyphs: Sequence[Glyph]) -> list[str]:
    """Glyphs from left to right, marks with the glyph they are drawn on, a space for each gap."""
    bases = sorted((g for g in glyphs if not g.is_mark and g.text.strip()), key=lambda g: (g.x0, g.x1))
    spaces = sorted((g for g in glyphs if not g.text.strip()), key=lambda g: g.x0)
    marks = _marks(glyphs, bases)
    clusters: list[str] = []
    before: Glyph | None = None
    for i, glyph in enumerate(bases):
        if before and _apart(before, glyph, spaces):
            clusters.append(" ")
        clusters.append(glyph.text + "".join(marks.get(i, ())))
        before = glyph
    return clusters


def _marks(glyphs: Sequence[Glyph], bases: Sequence[Glyph]) -> dict[int, list[str]]:
    """The marks on each of `bases`.

    Arabic is drawn from the left, so a sign comes just before its letter; elsewhere just after.
    Only where that letter is not near does the place of the sign decide.
    """
    found: dict[int, list[str]] = {}
    by_drawing = sorted(range(len(bases)), key=lambda i: bases[i].drawn)
    order = [bases[i].drawn for i in by_drawing]
    for mark in sorted((g for g in glyphs if g.is_mark), key=lambda g: g.drawn):
        if not bases:
            break
        at = bisect_left(order, mark.drawn) - (not has_arabic(mark.text))
        chosen = by_drawing[min(max(at, 0), len(order) - 1)]
        center = (mark.x0 + mark.x1) / 2
        if _distance(bases[chosen], center) > 0.5 * mark.size:
            chosen = min(range(len(bases)), key=lambda i: _distance(bases[i], center))
        found.setdefault(chosen, []).append(mark.text)
    return found


def _distance(base: Glyph, x: float) -> float:
    """How far `x` is from a glyph: zero within it; nearer its middle counts where two overlap."""
    return max(base.x0 - x, x - base.x1, 0.0) + abs((base.x0 + base.x1) / 2 - x) / 1000


def _apart(before: Glyph, after: Glyph, spaces: list[Glyph]) -> bool:
    if after.x0 - before.x1 > _WORD_GAP * max(before.size, after.size):
        return True
    between = (before.x1 + after.x0) / 2
    while spaces and spaces[0].x1 < between - 0.1 * before.size:
        spaces.pop(0)
    return bool(spaces) and spaces[0].x0 - 0.1 * before.size <= between


def _turned(clusters: list[str]) -> list[str]:
    """Brackets as they are written: what stands before a word opens, what stands after it closes."""
    turned = list(clusters)
    for i, cluster in enumerate(clusters):
        if cluster in _MIRRORED:
            spaced_before = i == 0 or clusters[i - 1] == " "
            spaced_after = i + 1 == len(clusters) or clusters[i + 1] in (" ", ".", "،", ",", "؛", ":")
            if spaced_before == spaced_after or (cluster in _CLOSING) == spaced_before:
                turned[i] = _MIRRORED[cluster]
    return turned
