"""One cited passage as it is read: what answers first, in both languages, then what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.text.alignment import counterpart, whole_sentences
from assemblybot.text.sentences import Span

_LEFT_OUT: Final = "[…]"
Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Text, and the spans of it to emphasise."""

    text: str
    highlights: Marks = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The sentences of one text that answer, and the rest of it; empty where nothing is left."""

    answer: Marked
    rest: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage and, where the asker reads another language, its translation."""

    original: Excerpt
    translation: Excerpt | None


def quotation(citation: Citation) -> Quotation:
    """The sentences of `citation` with its highlights; all of it where nothing is highlighted.

    Of a translation whose sentences do not pair off with those of the original, all is shown.
    """
    text, translation = citation.text, citation.translation
    part = whole_sentences(text, citation.highlights)
    original = _excerpt(text, part, citation.highlights)
    if translation is None:
        return Quotation(original, None)
    found = [counterpart(text, Span(*mark), translation.text) for mark in citation.highlights]
    marks = tuple((span.start, span.end) for span in found if span)
    shown = counterpart(text, part, translation.text) if original.rest else None
    whole = Span(0, len(translation.text))
    return Quotation(original, _excerpt(translation.text, shown or whole, marks))


def _excerpt(text: str, part: Span, marks: Sequence[tuple[int, int]]) -> Excerpt:
    inside = tuple(
        (max(start, part.start) - part.start, min(end, part.end) - part.start)
        for start, end in marks
        if start < part.end and part.start < end
    )
    before, after = text[: part.start].rstrip(), text[part.end :].lstrip()
    rest = f" {_LEFT_OUT} ".join((before, after)) if before and after else before or after
    return Excerpt(Marked(part.slice(text), inside), rest)
