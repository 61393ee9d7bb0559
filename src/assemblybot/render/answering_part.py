"""The part of a citation that answers: in the original, and in its translation."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.text.alignment import counterparts
from assemblybot.text.sentences import Span, clauses, sentences

_NUMBER = re.compile(r"\d{1,18}")
# Of a sentence that is highlighted to this share, the whole translation is highlighted.
_NEARLY_ALL: Final = 0.9


@dataclass(frozen=True, slots=True)
class Part:
    """A text, and the spans of it that answer most closely."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def of(self, span: Span) -> Part:
        """What lies inside `span`."""
        inside = ((max(start, span.start), min(end, span.end)) for start, end in self.marks)
        moved = tuple((start - span.start, end - span.start) for start, end in inside if start < end)
        return Part(span.slice(self.text), moved)


def original(citation: Citation, *, whole: bool) -> Part:
    """The sentences that answer, or the whole passage; it is whole where nothing is highlighted."""
    passage = Part(citation.text, citation.highlights)
    answering = None if whole else _answering(citation.text, citation.highlights)
    return passage.of(answering) if answering else passage


def translation(citation: Citation, *, whole: bool) -> Part | None:
    """The same of the translation, if there is one; what is highlighted there is told by alignment."""
    if citation.translation is None:
        return None
    text = citation.translation.text
    ours, theirs = sentences(citation.text), sentences(text)
    chosen = _held(ours, citation.highlights)
    places = counterparts(_lengths(ours), _lengths(theirs), chosen)
    if not places:
        return Part(text)
    span = _cover(theirs, places)
    mark = _mark(citation, text, [ours[i] for i in chosen], [theirs[i] for i in sorted(places)])
    passage = Part(text, (mark,))
    return passage if whole else passage.of(span)


def _answering(text: str, marks: Sequence[tuple[int, int]]) -> Span | None:
    parts = sentences(text)
    held = _held(parts, marks)
    return _cover(parts, held) if held else None


def _mark(citation: Citation, text: str, ours: Sequence[Span], theirs: Sequence[Span]) -> Span:
    """What to highlight in sentences of a translation: the clauses that belong to what is highlighted.

    Languages order their clauses differently, so a clause also belongs to it for a number that it shares.
    """
    whole = Span(theirs[0].start, theirs[-1].end)
    marked = sum(end - start for start, end in citation.highlights)
    if marked >= _NEARLY_ALL * (ours[-1].end - ours[0].start):
        return whole
    before = [clause for sentence in ours for clause in clauses(citation.text, sentence)]
    after = [clause for sentence in theirs for clause in clauses(text, sentence)]
    chosen = _held(before, citation.highlights)
    places = counterparts(_lengths(before), _lengths(after), chosen)
    numbers = _numbers(citation.text, [before[i] for i in chosen])
    numbers -= _numbers(citation.text, [clause for i, clause in enumerate(before) if i not in chosen])
    places |= {i for i, clause in enumerate(after) if numbers & _numbers(text, [clause])}
    return _cover(after, places) if places else whole


def _held(parts: Sequence[Span], marks: Sequence[tuple[int, int]]) -> list[int]:
    """Which parts hold something that is highlighted."""
    return [
        place
        for place, part in enumerate(parts)
        if any(start < part.end and end > part.start for start, end in marks)
    ]


def _cover(parts: Sequence[Span], places: Collection[int]) -> Span:
    return Span(parts[min(places)].start, parts[max(places)].end)


def _lengths(parts: Sequence[Span]) -> list[int]:
    return [part.end - part.start for part in parts]


def _numbers(text: str, parts: Sequence[Span]) -> set[int]:
    """The numbers in parts of a text, in whatever digits they are written."""
    return {int(number) for part in parts for number in _NUMBER.findall(part.slice(text))}
