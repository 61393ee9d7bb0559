"""Sentences and clauses as spans of the original text; nothing is copied or changed."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

SPLITTER_VERSION = "1"

_ABBREVIATIONS = frozenset(
    "art mr mrs ms dr m mme mlle st no vs etc cf fig vol p pp sr sra dra ud uds núm".split()
)
# A terminal, what closes after it, then white space or the end; newlines always end.
_TERMINAL = re.compile(r"(?:[.!?؟؛…]+[\"'»”’)\]]*(?=\s|$)|\n+)")
_CLAUSE = re.compile(r"[،,;:؛](?=\s)|\s[—–-]\s|—|\s(?=\()|(?<=\))\s")


class Span(NamedTuple):
    """`[start, end)` in characters."""

    start: int
    end: int

    def slice(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]


def _is_blank(char: str) -> bool:
    return char.isspace() or char == "\ufeff"


def trim(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; `None` when nothing is left."""
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """False for the dot of an abbreviation, an initial or a list number."""
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    word = re.search(r"[^\s(«\"]*$", text[: match.start()])
    before = word.group() if word else ""
    is_list_number = before.isdigit() and not text[: match.start() - len(before)].rsplit("\n", 1)[-1].strip()
    is_initial = len(before) == 1 and before.isalpha() and before.isupper()
    return not (is_list_number or is_initial or before.lower() in _ABBREVIATIONS)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text`, in order, together covering all but white space."""
    spans: list[Span] = []
    start = 0
    for match in _TERMINAL.finditer(text):
        if _ends_sentence(text, match):
            span = trim(text, start, match.end())
            if span:
                spans.append(span)
            start = match.end()
    last = trim(text, start, len(text))
    return [*spans, last] if last else spans


def clauses(text: str, sentence: Span, shortest: int = 24) -> list[Span]:
    """Spans of the clauses of one sentence, none under `shortest` characters.

    A short clause is joined to the one before it, so that a span always reads as a phrase.
    """
    cuts = [sentence.start]
    for match in _CLAUSE.finditer(text, sentence.start, sentence.end):
        if match.end() - cuts[-1] >= shortest and sentence.end - match.end() >= shortest:
            cuts.append(match.end())
    cuts.append(sentence.end)
    spans = (trim(text, start, end) for start, end in pairwise(cuts))
    return [span for span in spans if span]
