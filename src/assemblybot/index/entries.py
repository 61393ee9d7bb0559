"""Entries: the texts under which a passage can be found.

original      the passage as it stands
sentence      each of its sentences, when it has several
clause        each clause of its sentences (also what highlights are cut from)
context       section heading, lead-in and passage together
translation   each translation of the passage
context       the same in each translation
asked         each stored question that it answers

A large corpus goes without sentences and clauses, and without contexts but those of list items,
which mean little alone: the others make the index four times as large. Quotes are then whole passages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import Document, Passage, PassageKind
from assemblybot.corpus.library import Corpus
from assemblybot.text.language import Language
from assemblybot.text.sentences import Span, clauses, sentences


class EntryKind(StrEnum):
    """Where the text of an entry comes from."""

    ORIGINAL = "original"
    SENTENCE = "sentence"
    CLAUSE = "clause"
    CONTEXT = "context"
    TRANSLATION = "translation"
    ASKED = "asked"


KINDS: tuple[EntryKind, ...] = tuple(EntryKind)
# A corpus with this many passages is large and goes without most kinds of entries.
MANY_PASSAGES = 20_000
EntryTable = NDArray[np.int32]
PASSAGE, KIND, START, END = range(4)


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of one passage.

    `passage` is the position in `Corpus.passages`. `span` is the part of the passage that a
    sentence or clause covers, relative to the passage.
    """

    passage: int
    kind: EntryKind
    language: Language
    text: str
    span: Span | None = None


def is_large(passages: int) -> bool:
    """Whether a corpus with this number of passages goes without most kinds of entries."""
    return passages >= MANY_PASSAGES


def entries(corpus: Corpus, *, large: bool | None = None) -> list[Entry]:
    """Every entry of every passage, in a fixed order; `large` when `corpus` is added to a large one."""
    found: list[Entry] = []
    if large is None:
        large = is_large(len(corpus.passages))
    positions = count()
    for document in corpus.documents:
        sections = {p.text: p.number for p in document.passages if p.kind is PassageKind.HEADING}
        originals = {p.number: p.text for p in document.passages}
        for passage in document.passages:
            section = sections.get(passage.section or "")
            found.extend(_entries_of(document, originals, passage, next(positions), section, large=large))
    return found


def entry_table(entries: Sequence[Entry]) -> EntryTable:
    """A row an entry: passage position, place of the kind in `KINDS`, span start and end (-1 where none)."""
    nothing = Span(-1, -1)
    rows = (
        (entry.passage, KINDS.index(entry.kind), span.start, span.end)
        for entry in entries
        for span in (entry.span or nothing,)
    )
    return np.fromiter(rows, dtype=np.dtype((np.int32, 4)), count=len(entries))


def _entries_of(
    document: Document,
    originals: Mapping[int, str],
    passage: Passage,
    position: int,
    section: int | None,
    *,
    large: bool,
) -> Iterator[Entry]:
    language: Language = document.metadata.language  # type: ignore[assignment]
    in_context = not large or passage.lead_in is not None
    yield Entry(position, EntryKind.ORIGINAL, language, passage.text)
    if not large:
        yield from _parts(passage, position, language)
    if in_context:
        yield Entry(position, EntryKind.CONTEXT, language, _context(passage, section, originals))
    for code, texts in document.translations.items():
        if passage.number in texts:
            translated: Language = code  # type: ignore[assignment]
            yield Entry(position, EntryKind.TRANSLATION, translated, texts[passage.number])
            if in_context:
                yield Entry(position, EntryKind.CONTEXT, translated, _context(passage, section, texts))
    for code, questions in document.questions.get(passage.number, {}).items():
        for question in questions:
            yield Entry(position, EntryKind.ASKED, code, question)  # type: ignore[arg-type]


def _parts(passage: Passage, position: int, language: Language) -> Iterator[Entry]:
    spans = sentences(passage.text)
    for span in spans:
        if len(spans) > 1:
            yield Entry(position, EntryKind.SENTENCE, language, span.slice(passage.text), span)
        parts = clauses(passage.text, span)
        for part in parts if len(parts) > 1 else ():
            yield Entry(position, EntryKind.CLAUSE, language, part.slice(passage.text), part)


def _context(passage: Passage, section: int | None, texts: Mapping[int, str]) -> str:
    around = (section, passage.lead_in, passage.number)
    numbers = dict.fromkeys(n for n in around if n is not None and n in texts)
    return "\n".join(texts[number] for number in numbers)
