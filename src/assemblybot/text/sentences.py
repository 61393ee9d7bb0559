"""Sentences and clauses as spans of the original text; nothing is copied or changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# Never the last word of a sentence, in five languages: titles, “that is”, “about”.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st rev hon gov sen rep gen col maj capt cmdr lt sgt cpl messrs vs cf viz ca approx"
    " eds e.g i.e incl tel dept"
    " m mm mme mmes mlle me gén cdt cne env tél réf éd bd av apr"
    " sr sra sres srta dra dª dña lic ing arq gral cnel tte excmo excma ud uds apdo avda teléf"
    " د أ م ص ج ط ع ق هـ أ.د م.م ص.ب ت".split()
)
# Before a number only: “Art. 5”, but “works of art.”
_REFERENCES = frozenset(
    "no nos nº núm núms art arts sec secs ch chap vol vols fig figs p pp pág págs par para al cap ext".split()
)
# Also the last word of a sentence: it goes on when a small letter follows.
_PERHAPS_LAST = frozenset("etc inc ltd co corp jr bros ق.م".split())
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
_FOLLOWING = re.compile(r"\s*(\S?)")
_NUMERAL = re.compile(r"[\dIVXLC]")
_LONGEST_WORD = 40
_SHORTEST_CLAUSE = 24
# A terminal, what closes after it, then white space or the end; newlines always end.
# A run of marks is looked at once, from its beginning: a text may be a million dots.
_TERMINAL = re.compile(r"(?:(?<![.!?؟؛…])[.!?؟؛…]++[\"'»”’)\]]*+(?=\s|$)|\n+)")
# The row of a table as a passage: “column: value; column: value”.
_ROW = re.compile(r"[^:;،\n]+: [^;،\n]+(?:[;،] [^:;،\n]+: [^;،\n]+)+")
_CELL = re.compile(r"[^;،\s][^;،]*")
_CLAUSE = re.compile(r"[،,;:؛](?=\s)|\s[—–-]\s|—|\s(?=\()|(?<=\))\s")


class Span(NamedTuple):
    """`[start, end)` in characters."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]


def trim(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; `None` when nothing is left."""
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\ufeff"):
        end -= 1
    return Span(start, end) if start < end else None


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """False for the dot of an abbreviation, an initial or a list number."""
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    before = re.split(r"[\s(«\"]", text[max(0, match.start() - _LONGEST_WORD) : match.start()])[-1]
    begins = match.start() - len(before)
    is_list_number = before.isdigit() and not text[text.rfind("\n", 0, begins) + 1 : begins].strip()
    is_initial = len(before) == 1 and before.isalpha() and before.isupper()
    found = _FOLLOWING.match(text, match.end())
    following = found.group(1) if found else ""
    word = before.lower()
    if is_list_number or is_initial or word in _ABBREVIATIONS:
        return False
    if word in _REFERENCES:
        return not _NUMERAL.match(following)
    if word in _PERHAPS_LAST or _DOTTED.fullmatch(before):
        return not following.islower()
    return True


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text`, in order, together covering all but white space."""
    ends = (match.end() for match in _TERMINAL.finditer(text) if _ends_sentence(text, match))
    return _between(text, [0, *ends, len(text)])


def is_row(text: str, sentence: Span) -> bool:
    """Whether a sentence is the row of a table, each cell with the name of its column."""
    return _ROW.fullmatch(text, *sentence) is not None


def clauses(text: str, sentence: Span) -> list[Span]:
    """Spans of the clauses of one sentence, none under 24 characters, or of the cells of a table's row.

    A short clause is joined to the one before it, so that a span always reads as a phrase.
    """
    if is_row(text, sentence):
        return [Span(*cell.span()) for cell in _CELL.finditer(text, *sentence)]
    cuts = [sentence.start]
    for match in _CLAUSE.finditer(text, sentence.start, sentence.end):
        if match.end() - cuts[-1] >= _SHORTEST_CLAUSE <= sentence.end - match.end():
            cuts.append(match.end())
    return _between(text, [*cuts, sentence.end])


def _between(text: str, cuts: Sequence[int]) -> list[Span]:
    return [span for start, end in pairwise(cuts) if (span := trim(text, start, end))]
