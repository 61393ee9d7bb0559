"""What is cited, as it is read: translated where the reader needs it, and as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.corpus.structure import list_mark, mark_kind
from assemblybot.text.alignment import counterpart, marked_sentences
from assemblybot.text.sentences import Span

#: Stands where a part of a text was left out.
LEFT_OUT: Final = "[…]"
BULLET: Final = "• "


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
    """A passage in one language: all of it, the sentences that answer, what stands around those, and the
    line over the list that the passage is an item of, without which an item may say the opposite. The last
    two may be empty; `language` is that of a translation."""

    whole: Marked
    answer: Marked
    rest: str
    lead_in: str = ""
    language: str = ""

    @classmethod
    def of(cls, whole: Marked, part: Span, lead_in: str, language: str = "") -> Excerpt:
        """The excerpt whose answer is the sentences `part`."""
        around = whole.text[: part.start].rstrip(), whole.text[part.end :].lstrip()
        rest = f" {LEFT_OUT} ".join(filter(None, around))
        return cls(whole, whole.part(part), rest, lead_in, language)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage and, where the asker reads another language, its translation."""

    original: Excerpt
    translation: Excerpt | None

    @property
    def rest(self) -> list[tuple[str, str]]:
        """What stands around the sentences that answer, with the language of what is translated."""
        excerpts = filter(None, (self.translation, self.original))
        return [(excerpt.rest, excerpt.language) for excerpt in excerpts if excerpt.rest]


@dataclass(frozen=True, slots=True)
class QuotedList:
    """Items of a list, under the line that introduces them, if there is one; `language` of a translation."""

    lead_in: str
    items: tuple[str, ...]
    language: str = ""


def quotation(citation: Citation) -> Quotation:
    """The sentences of `citation` with its highlights; all of it where nothing is highlighted.

    All of a translation is shown where it is not known which of its sentences belong to those.
    """
    text, marks, above = citation.text, citation.highlights, citation.lead_in
    original = Excerpt.of(Marked(text, marks), marked_sentences(text, marks), above.text if above else "")
    if citation.translation is None:
        return Quotation(original, None)
    language, translation = citation.translation.language, citation.translation.text
    part, mark = counterpart(text, marks, translation)
    whole = Marked(translation, (mark,) if mark else ())
    lead_in = above.translation.text if above and above.translation else ""
    return Quotation(original, Excerpt.of(whole, part, lead_in, language))


def lists(citations: Sequence[Citation]) -> Iterator[list[Citation]]:
    """Cited items, those of one list together; what introduces them comes first where it is cited too."""
    introducing = {citation.lead_in.passage for citation in citations if citation.lead_in}

    def list_of(citation: Citation) -> tuple[str, str | None, str | None]:
        own = citation.passage if citation.passage in introducing else None
        lead_in = citation.lead_in.passage if citation.lead_in else own
        return citation.document, citation.section, lead_in

    for _, items in groupby(citations, key=list_of):
        yield list(items)


def quoted_list(items: Sequence[Citation]) -> tuple[QuotedList, QuotedList | None]:
    """A list as it was written and, where items of it are translated, as its reader reads it.

    The first of `items` may be what introduces the others.
    """
    above = items[0].lead_in
    if len(items) > 1 and (following := items[1].lead_in) and following.passage == items[0].passage:
        above, items = following, items[1:]
    lead_in = above.text if above else ""
    original = QuotedList(lead_in, tuple(item.text for item in items))
    language = next((item.translation.language for item in items if item.translation), "")
    if not language:
        return original, None
    lead_in = above.translation.text if above and above.translation else lead_in
    read = tuple(item.translation.text if item.translation else item.text for item in items)
    return original, QuotedList(lead_in, read, language)


def cuts(length: int, highlights: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """`[start, end)` of each piece of a text of `length` characters, and whether it is highlighted.

    Highlights may overlap or reach beyond the text; the pieces never do.
    """
    at = 0
    for start, end in sorted(highlights):
        start, end = max(start, at), min(end, length)
        if start >= end:
            continue
        if at < start:
            yield at, start, False
        yield start, end, True
        at = end
    if at < length:
        yield at, length, False


def without_bullet(item: str) -> str:
    """An item without the bullet that its document gives it; a number stays."""
    return item.removeprefix(list_mark(item)) if mark_kind(item) == "bullet" else item


def as_line(item: str) -> str:
    """An item as a line of its own, with its number, its letter or a bullet."""
    said = without_bullet(item)
    return said if mark_kind(said) in ("number", "letter") else BULLET + said


def first_number(items: Sequence[str]) -> int | None:
    """The number of the first item where all are numbered in turn; None elsewhere."""
    marks = [list_mark(item).rstrip().rstrip(".)-°") for item in items]
    if not items or not all(mark.isdecimal() for mark in marks):
        return None
    numbers = [int(mark) for mark in marks]
    return numbers[0] if numbers == list(range(numbers[0], numbers[0] + len(items))) else None
