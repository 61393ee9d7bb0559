"""Topics: what people can tap where a document has no stored questions, and its key sentences.

key_sentences.npy  int64 (k, 3): position of the passage, and the span of the sentence in it
topics.npy         int64 (t, 2): hash of a topic's words and the position of its passage, sorted

A topic is a section's title, a key sentence or, where these are few, the title of the document. It belongs
to the passage that is cited for it: the first of the section or of the document, or that of the sentence.
The number of a section (“article 14”) is a topic that nobody is offered.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import BODY, Document, Passage
from assemblybot.index.entries import Entry, EntryKind
from assemblybot.text.alignment import counterpart
from assemblybot.text.arabic import fold
from assemblybot.text.divisions import division_end, names_of_heading
from assemblybot.text.language import translation_language
from assemblybot.text.sentences import Span, sentences

MOST_SECTIONS: Final = 10
#: A document with at least this many section titles needs no other topics.
ENOUGH: Final = 3
# The number of parts in which a document without sections is summarised.
_PARTS: Final = 3
_SHORTEST, _LONGEST_TOPIC, _LONGEST = 25, 100, 150
# Where a long sentence may be cut: what stands before reads as a sentence.
_BREAK: Final = re.compile(r"[;؛:](?=\s)|\s[—–-]\s|—")
_WORDS: Final = re.compile(r"\w+")
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")


class _Sentence(NamedTuple):
    """A sentence of a passage, and the row of its vector."""

    passage: int
    span: Span
    text: str
    row: int


class Topics(NamedTuple):
    """The topics of one passage; empty where it has none."""

    title: str = ""
    heading: str = ""
    sentence: str = ""


def key_sentences_of(
    documents: Iterable[Document], entries: Sequence[Entry], vectors: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Of each section the sentence nearest to the mean of all (centroid-based summarisation), in order.

    A passage without vectors of its sentences takes part with its first sentence.
    """
    split: defaultdict[int, list[_Sentence]] = defaultdict(list)
    whole: dict[int, tuple[Entry, int]] = {}
    for row, entry in enumerate(entries):
        if entry.kind is EntryKind.SENTENCE and entry.span:
            split[entry.passage].append(_Sentence(entry.passage, entry.span, entry.text, row))
        elif entry.kind is EntryKind.ORIGINAL:
            whole[entry.passage] = entry, row
    found: list[tuple[int, int, int]] = []
    first = 0
    for document in documents:
        sections: list[list[_Sentence]] = []
        for _, passages in groupby((p for p in document.passages if p.kind in BODY), lambda p: p.section):
            positions = [first + passage.number - 1 for passage in passages]
            sections.append([s for at in positions for s in split.get(at) or [_first(*whole[at])]])
        found += (_nearest(section, vectors) for section in _chosen(sections))
        first += len(document.passages)
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def _first(entry: Entry, row: int) -> _Sentence:
    span = sentences(entry.text)[0]
    return _Sentence(entry.passage, span, span.slice(entry.text), row)


def key_spans(key_sentences: NDArray[np.int64], positions: range) -> Mapping[int, Span]:
    """The key sentences of the passages at `positions`."""
    first, after = np.searchsorted(key_sentences[:, 0], [positions.start, positions.stop])
    return {position: Span(start, end) for position, start, end in key_sentences[first:after].tolist()}


def topics_of(document: Document, passage: Passage, key: Span | None, language: str) -> Topics:
    """The topics of a passage in `language` where they are translated; `key` is its key sentence."""
    language = translation_language(language)
    body = (p for p in document.passages if p.kind in BODY)
    opens = next(body, None) == passage
    begins = _begins_section(document, passage)
    return Topics(
        _heading(document.title_passage, document, language) if opens else "",
        _heading(document.heading_of(passage), document, language) if begins else "",
        _sentence(passage, key, document, language) if key else "",
    )


def section_start(document: Document, passage: Passage) -> Passage:
    """The first passage below the title of a passage's section."""
    return next(p for p in document.passages if p.section == passage.section and p.kind in BODY)


def has_topic(section: str | None) -> bool:
    """Whether a section's title says something by itself, which “Article 1” does not."""
    if not section or len(section) > _LONGEST_TOPIC or division_end(section) == len(section):
        return False
    return bool(_LETTERS.search(section))


def topic_table(documents: Iterable[Document], key_sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """Hashes and positions of all topics: in all languages those of documents without stored questions, and
    the numbers of sections."""
    found: set[tuple[int, int]] = set()
    first = 0
    for document in documents:
        known = key_spans(key_sentences, range(first, first + len(document.passages)))
        for passage in document.passages:
            position = first + passage.number - 1
            found.update((hash_of(name), position) for name in _numbers(document, passage))
            if document.questions:
                continue
            for language in (document.metadata.language, *document.translations):
                texts = topics_of(document, passage, known.get(position), language)
                found.update((hash_of(text), position) for text in texts if text)
        first += len(document.passages)
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def _numbers(document: Document, passage: Passage) -> tuple[str, ...]:
    """What the section that begins with a passage may be called by its number."""
    heading = document.heading_of(passage)
    return names_of_heading(heading.text) if heading and _begins_section(document, passage) else ()


def _begins_section(document: Document, passage: Passage) -> bool:
    return passage.kind in BODY and passage == section_start(document, passage)


def hash_of(text: str) -> int:
    """The hash of a text's words, whatever stands between them."""
    said = " ".join(_WORDS.findall(fold(text)))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), signed=True)


def _chosen(sections: Sequence[list[_Sentence]]) -> Iterator[list[_Sentence]]:
    """The sections that get a key sentence: the longest; a text without sections is cut into parts."""
    if len(sections) == 1:
        every = sections[0]
        size = -(-len(every) // _PARTS)
        yield from (every[at : at + size] for at in range(0, len(every), size))
        return
    longest = sorted(sections, key=lambda section: -sum(len(sentence.text) for sentence in section))
    yield from (section for section in sections if section in longest[:MOST_SECTIONS])


def _nearest(section: list[_Sentence], vectors: NDArray[np.float32]) -> tuple[int, int, int]:
    """The sentence nearest to the mean of those of a fitting length, or of all."""

    def fitting(longest: int) -> list[_Sentence]:
        return [s for s in section if _SHORTEST <= len(s.text) <= longest and not s.text.endswith(":")]

    compared = fitting(_LONGEST_TOPIC) or fitting(_LONGEST) or section
    near = vectors[[sentence.row for sentence in compared]]
    # Rounded, so that of sentences that are nearly equally near the first one is taken.
    nearest = compared[int(np.round(near @ near.mean(axis=0), 4).argmax())]
    return nearest.passage, nearest.span.start, nearest.span.end


def _heading(heading: Passage | None, document: Document, language: str) -> str:
    if heading is None:
        return ""
    shown = document.translations.get(language, {}).get(heading.number, heading.text)
    return shown if has_topic(shown) else ""


def _sentence(passage: Passage, key: Span, document: Document, language: str) -> str:
    translation = document.translations.get(language, {}).get(passage.number)
    if translation is None:
        return _cut(key.slice(passage.text))
    return _cut(counterpart(passage.text, [key], translation)[0].slice(translation))


def _cut(sentence: str) -> str:
    """A sentence that is not too long, or the clauses of it that say something by themselves."""
    if len(sentence) <= _LONGEST_TOPIC:
        return sentence if len(sentence) >= _SHORTEST and not sentence.endswith(":") else ""
    ends = [match.start() for match in _BREAK.finditer(sentence)]
    return next((sentence[:end] for end in reversed(ends) if _SHORTEST <= end <= _LONGEST_TOPIC), "")
