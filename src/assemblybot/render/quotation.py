"""One cited passage as it is read: what answers first, in both languages, then what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.text.alignment import answering, counterpart
from assemblybot.text.sentences import Span

_LEFT_OUT: Final = "[…]"


@dataclass(frozen=True, slots=True)
class Marked:
    """Text, and the spans of it to emphasise."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()

    def part(self, span: Span) -> Marked:
        """What lies inside `span`."""
        inside = ((max(start, span.start), min(end, span.end)) for start, end in self.highlights)
        moved = tuple((start - span.start, end - span.start) for start, end in inside if start < end)
        return Marked(span.slice(self.text), moved)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text, and the sentences of it that answer; `rest` is what stands around those, or empty."""

    whole: Marked
    answer: Marked
    rest: str

    @classmethod
    def of(cls, whole: Marked, part: Span) -> Excerpt:
        """The excerpt whose answer is the sentences `part`."""
        before, after = whole.text[: part.start].rstrip(), whole.text[part.end :].lstrip()
        rest = f" {_LEFT_OUT} ".join((before, after)) if before and after else before or after
        return cls(whole, whole.part(part), rest)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage and, where the asker reads another language, its translation."""

    original: Excerpt
    translation: Excerpt | None


def quotation(citation: Citation) -> Quotation:
    """The sentences of `citation` with its highlights; all of it where nothing is highlighted.

    All of a translation is shown where it is not known which of its sentences belong to those.
    """
    text, marks = citation.text, citation.highlights
    original = Excerpt.of(Marked(text, marks), answering(text, marks))
    if citation.translation is None:
        return Quotation(original, None)
    translation = citation.translation.text
    part, mark = counterpart(text, marks, translation)
    return Quotation(original, Excerpt.of(Marked(translation, (mark,) if mark else ()), part))
