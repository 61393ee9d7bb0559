"""Text to passages: what is a title, a heading, a lead-in, a list item, a paragraph.

Works on plain lines, because that is all an article pasted from a page has: lists are told by
their marks, or by a lead-in that ends in a colon and the punctuation of what follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.corpus.cleaning import text_blocks
from assemblybot.corpus.document import Passage, PassageKind
from assemblybot.corpus.readers import Extract
from assemblybot.text.sentences import Span, sentences, trim

PASSAGES_VERSION: Final = "1"

_LONGEST_PASSAGE = 1500
_LONGEST_HEADING = 90
_LONGEST_TITLE = 200
_BYLINE_WITHIN = 4
_LIST_MARK = re.compile(r"(?P<number>[\d٠-٩]{1,3}[.)\-]\s)|(?P<bullet>[-*•–▪◦·]\s)")
_BYLINE = re.compile(
    r"(?:بقلم|كتبه|كتبته|كتب|إعداد|تحرير|by|written by|par|por|escrito por)\s*[::]?\s+\S", re.IGNORECASE
)
_LOOKS_BACK = re.compile(
    r"(?:و?(?:هذه|هذا|هؤلاء|تلك|ذلك|إذا|إن|وبهذا|بهذا)|th(?:is|ese|ose|at)|if|in short|ce(?:s|la|tte|t)?|si"
    r"|est(?:os|as|e|a|o))\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = (".", "!", "?", "؟", "؛", ";", "…", ".»", '."', ":", "،", ",")


@dataclass(slots=True)
class _List:
    """A list being read: who introduces it, how its items are marked, how they end."""

    lead_in: int
    mark: str | None = None
    items: int = 0
    longest: int = 0
    last_end: str = ""
    separated: bool = False


def split(document: str, extract: Extract) -> tuple[Passage, ...]:
    """Passages of one document in reading order, numbered from 1; furniture is left out."""
    blocks = _blocks(extract)
    text = extract.text
    kinds = _classify([span.slice(text) for span in blocks], [s.start in extract.headings for s in blocks])
    passages: list[Passage] = []
    numbers: dict[int, int] = {}
    section: str | None = None
    for i, (span, (kind, lead_in)) in enumerate(zip(blocks, kinds, strict=True)):
        if kind is PassageKind.HEADING:
            section = span.slice(text)
        for part in _parts(text, span):
            numbers.setdefault(i, len(passages) + 1)
            passages.append(
                Passage(
                    document=document,
                    number=len(passages) + 1,
                    kind=kind,
                    text=part.slice(text),
                    start=part.start,
                    end=part.end,
                    section=section,
                    lead_in=None if lead_in is None else numbers[lead_in],
                    anchor=_anchor(extract.marks, part.start),
                )
            )
    return tuple(passages)


def _blocks(extract: Extract) -> list[Span]:
    """Spans of the paragraphs that are text of the document."""
    text = extract.text
    ends = "\n\n" if _is_wrapped(text) else "\n"
    spans: list[Span] = []
    start = 0
    for match in re.finditer(r"\n[ \t\r]*\n\s*|\Z" if ends == "\n\n" else r"[\n\r\f]+|\Z", text):
        span = trim(text, start, match.start())
        if span:
            spans.append(span)
        start = match.end()
    keep = text_blocks([span.slice(text) for span in spans])
    return [_without_mark(text, span) for span, kept in zip(spans, keep, strict=True) if kept]


def _without_mark(text: str, span: Span) -> Span:
    """Markdown's heading marks are no part of the heading."""
    marks = re.match(r"#{1,6}\s+", span.slice(text))
    return Span(span.start + marks.end(), span.end) if marks else span


def _is_wrapped(text: str) -> bool:
    """True when lines break at a column (plain-text mail, PDF), so that blank lines part blocks."""
    groups = [group.split("\n") for group in re.split(r"\n[ \t\r]*\n", text)]
    inner = [line.rstrip() for group in groups for line in group[:-1] if line.strip()]
    if len(inner) < 3 or sum(len(group) > 1 for group in groups) < len(groups) / 3:
        return False
    open_ended = sum(not line.endswith(_ENDS_SENTENCE) and 40 <= len(line) <= 130 for line in inner)
    return open_ended / len(inner) > 0.6


def _parts(text: str, span: Span) -> list[Span]:
    """The span itself, or runs of its sentences when it is too long to be one citation."""
    if span.end - span.start <= _LONGEST_PASSAGE:
        return [span]
    parts: list[Span] = []
    for sentence in sentences(span.slice(text)):
        start, end = span.start + sentence.start, span.start + sentence.end
        if parts and end - parts[-1].start <= _LONGEST_PASSAGE:
            parts[-1] = Span(parts[-1].start, end)
        else:
            parts.append(Span(start, end))
    return parts


def _anchor(marks: Sequence[tuple[int, str]], start: int) -> str | None:
    i = bisect_right([offset for offset, _ in marks], start)
    return marks[i - 1][1] if i else None


def _classify(blocks: Sequence[str], marked_heading: Sequence[bool]) -> list[tuple[PassageKind, int | None]]:
    """Kind of each block and, for an item, the index of its lead-in."""
    kinds: list[tuple[PassageKind, int | None]] = []
    current: _List | None = None
    for i, block in enumerate(blocks):
        has_next = i + 1 < len(blocks)
        if current and not marked_heading[i] and _continues(current, block):
            _take(current, block)
            kinds.append((PassageKind.ITEM, current.lead_in))
            continue
        current = None
        if marked_heading[i]:
            kinds.append((PassageKind.HEADING if i else PassageKind.TITLE, None))
        elif i == 0 and _is_title(block):
            kinds.append((PassageKind.TITLE, None))
        elif i < _BYLINE_WITHIN and _is_short(block) and _BYLINE.match(block):
            kinds.append((PassageKind.BYLINE, None))
        elif block.endswith((":", ":")) and has_next and not marked_heading[i + 1]:
            kinds.append((PassageKind.LEAD_IN, None))
            current = _List(lead_in=i)
        elif _mark(block) and not _is_numbered_heading(block):
            kinds.append((PassageKind.ITEM, None))
        elif has_next and _is_heading(block):
            kinds.append((PassageKind.HEADING, None))
        else:
            kinds.append((PassageKind.PARAGRAPH, None))
    return kinds


def list_mark(item: str) -> str:
    """The number or bullet that a list item begins with, space included; empty where it has none."""
    match = _LIST_MARK.match(item)
    return match.group() if match else ""


def _mark(block: str) -> str | None:
    match = _LIST_MARK.match(block)
    return match.lastgroup if match else None


def _is_numbered_heading(block: str) -> bool:
    return _mark(block) == "number" and _is_short(block) and not block.endswith(_ENDS_SENTENCE)


def _is_short(block: str) -> bool:
    return len(block) <= _LONGEST_HEADING and "\n" not in block


def _is_title(block: str) -> bool:
    return len(block) <= _LONGEST_TITLE and "\n" not in block and not block.endswith(_ENDS_SENTENCE)


def _is_heading(block: str) -> bool:
    return _is_short(block) and not block.endswith(_ENDS_SENTENCE) and any(map(str.isalpha, block))


def _take(current: _List, block: str) -> None:
    current.mark = current.mark or _mark(block)
    current.items += 1
    current.longest = max(current.longest, len(block))
    current.last_end = block[-1]
    current.separated = current.separated or block[-1] in "؛;،,"


def _continues(current: _List, block: str) -> bool:
    """Whether `block` is one more item of the list being read."""
    if current.items == 0:
        return True
    if current.mark:
        return _mark(block) == current.mark
    if current.separated:
        return current.last_end in "؛;،,"
    if _LOOKS_BACK.match(block) or block.endswith((":", ":")):
        return False
    punctuated = current.last_end in ".!؟?"
    if punctuated and _is_heading(block):
        return False
    return len(block) <= max(250, int(2.5 * current.longest))
