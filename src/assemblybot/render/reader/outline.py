"""A document as a page lays it out: title, byline, sections, and in them paragraphs and lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Final

from assemblybot.corpus.document import Document, Passage, PassageKind
from assemblybot.corpus.structure import list_mark

_ABOVE: Final = (PassageKind.TITLE, PassageKind.BYLINE)


@dataclass(frozen=True, slots=True)
class Listing:
    """Items that stand together; `lead_in` is the number of the passage that introduces them."""

    items: tuple[Passage, ...]
    lead_in: int | None

    @property
    def ordered(self) -> bool:
        """Whether the author numbered the items."""
        return list_mark(self.items[0].text)[:1].isdecimal()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, where there is one, and what stands under it."""

    heading: Passage | None
    blocks: tuple[Passage | Listing, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Every passage of a document once, in reading order; title and byline come first."""

    above: tuple[Passage, ...]
    sections: tuple[Section, ...]

    @property
    def headings(self) -> tuple[Passage, ...]:
        """The headings, for navigation."""
        return tuple(section.heading for section in self.sections if section.heading)


def outline(document: Document) -> Outline:
    """The outline of one document."""
    passages = document.passages
    first = next((i for i, p in enumerate(passages) if p.kind not in _ABOVE), len(passages))
    return Outline(passages[:first], tuple(_sections(passages[first:])))


def _sections(passages: Sequence[Passage]) -> Iterator[Section]:
    numbers = accumulate(passage.kind is PassageKind.HEADING for passage in passages)
    for _, group in groupby(zip(numbers, passages, strict=True), key=itemgetter(0)):
        first, *others = (passage for _, passage in group)
        if first.kind is PassageKind.HEADING:
            yield Section(first, tuple(_blocks(others)))
        else:
            yield Section(None, tuple(_blocks([first, *others])))


def _blocks(passages: Iterable[Passage]) -> Iterator[Passage | Listing]:
    for (is_item, lead_in), group in groupby(passages, key=lambda p: (p.kind is PassageKind.ITEM, p.lead_in)):
        if is_item:
            yield Listing(tuple(group), lead_in)
        else:
            yield from group
