"""Blocks of an extract to passages: numbers, sections, and no passage too long to be cited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assemblybot.corpus.document import Passage, PassageKind
from assemblybot.corpus.extract import Block, Extract
from assemblybot.errors import DocumentReadError
from assemblybot.text.sentences import Span, sentences, trim

MOST_PASSAGES: Final = 20_000
_LONGEST_PASSAGE: Final = 1500


def split(document: str, extract: Extract) -> tuple[Passage, ...]:
    """Passages of one document in reading order, numbered from 1.

    Raises DocumentReadError when there are more than a document may have.
    """
    passages: list[Passage] = []
    numbers: dict[int, int] = {}
    section: str | None = None
    for position, block in enumerate(extract.blocks):
        begun = block if block.section is None else extract.blocks[block.section]
        if begun.kind is PassageKind.HEADING:
            section = extract.text[begun.start : begun.end]
        elif begun is not block:
            section = None
        for part in _parts(extract.text, block):
            passages.append(
                Passage(
                    document=document,
                    number=len(passages) + 1,
                    kind=block.kind,
                    text=part.slice(extract.text),
                    start=part.start,
                    end=part.end,
                    section=section,
                    lead_in=None if block.lead_in is None else numbers[block.lead_in],
                    anchor=block.anchor,
                )
            )
        numbers[position] = len(passages)
        if len(passages) > MOST_PASSAGES:
            raise DocumentReadError(
                f"{document} has more than {MOST_PASSAGES:,} passages. Split the file and add the parts."
            )
    return tuple(passages)


def _parts(text: str, block: Block) -> list[Span]:
    """The block itself; of one that is too long, runs of its sentences, or of the words of a long one."""
    if block.end - block.start <= _LONGEST_PASSAGE:
        return [Span(block.start, block.end)]
    parts: list[Span] = []
    for sentence in sentences(text[block.start : block.end]):
        for piece in _pieces(text, block.start + sentence.start, block.start + sentence.end):
            if parts and piece.end - parts[-1].start <= _LONGEST_PASSAGE:
                parts[-1] = Span(parts[-1].start, piece.end)
            else:
                parts.append(piece)
    return parts


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        cut = min(start + _LONGEST_PASSAGE, end)
        if cut < end:
            space = max(text.rfind(" ", start + 1, cut), text.rfind("\n", start + 1, cut))
            cut = space if space > start else cut
        if piece := trim(text, start, cut):
            yield piece
        start = cut
