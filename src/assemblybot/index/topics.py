"""Topics: what people can tap where a document has no stored questions, and its key sentences.

key_sentences.npy  int64 (k, 3): position of the passage, and the span of the sentence in it
topics.npy         int64 (t, 2): hash of a topic's words and the position of its passage, sorted

A topic is a section's title, a key sentence or, where these are few, the title of the document. It belongs
to the passage that is cited for it: the first of the section or of the document, or that of the sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import BODY, Document, Passage, PassageKind
from assemblybot.index.entries import Entry, EntryKind
from assemblybot.text.alignment import counterpart
from assemblybot.text.arabic import fold
from assemblybot.text.sentences import Span, sentences

MOST_SECTIONS: Final = 10
#: A document with so many section titles needs no other topics.
ENOUGH: Final = 3
# A document without sections is summarised in so many parts.
_PARTS: Final = 3
_SHORTEST, _LONGEST_TOPIC, _LONGEST = 25, 100, 150
# What stands before these says something by itself.
_BREAK: Final = re.compile(r"[;؛:](?=\s)|\s[—–-]\s|—")
_WORDS: Final = re.compile(r"\w+")
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")
Keys = Mapping[int, Span]


class Topics(NamedTuple):
    """The topics of one passage; empty where it has none."""

    title: str = ""
    heading: str = ""
    sentence: str = ""


def key_sentences_of(
    documents: Iterable[Document], entries: Sequence[Entry], vectors: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Of each section the sentence nearest to the mean of all (centroid-based summarisation), in order.

    Without vectors of its sentences, a passage stands for its first one.
    """
    rows: dict[int, list[tuple[Span, int]]] = {}
    whole: dict[int, tuple[Entry, int]] = {}
    for row, entry in enumerate(entries):
        if entry.kind is EntryKind.SENTENCE and entry.span:
            rows.setdefault(entry.passage, []).append((entry.span, row))
        elif entry.kind is EntryKind.ORIGINAL:
            whole[entry.passage] = entry, row
    found: list[tuple[int, int, int]] = []
    first = 0
    for document in documents:
        sections: list[list[tuple[int, Span, int]]] = []
        for _, passages in groupby((p for p in document.passages if p.kind in BODY), lambda p: p.section):
            positions = [first + passage.number - 1 for passage in passages]
            for position in positions:
                if position not in rows:
                    entry, row = whole[position]
                    rows[position] = [(sentences(entry.text)[0], row)]
            sections.append([(position, *one) for position in positions for one in rows[position]])
        found += (_nearest(section, document, first, vectors) for section in _chosen(sections))
        first += len(document.passages)
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def keys(key_sentences: NDArray[np.int64], positions: range) -> Keys:
    """The key sentences of the passages at `positions`."""
    first, after = np.searchsorted(key_sentences[:, 0], [positions.start, positions.stop])
    return {position: Span(start, end) for position, start, end in key_sentences[first:after].tolist()}


def topics_of(document: Document, passage: Passage, key: Span | None, language: str) -> Topics:
    """The topics of a passage in `language` where they are translated; `key` is its key sentence."""
    language = "ary" if language == "ary-Latn" else language
    body = (p for p in document.passages if p.kind in BODY)
    opens = next(body, None) == passage
    begins = passage.kind in BODY and passage == section_start(document, passage)
    title = next((p for p in document.passages if p.kind is PassageKind.TITLE), None)
    return Topics(
        _heading(title.text, title.number, document, language) if opens and title else "",
        _heading(passage.section, _above(document, passage), document, language)
        if begins and passage.section
        else "",
        _sentence(passage, key, document, language) if key else "",
    )


def section_start(document: Document, passage: Passage) -> Passage:
    """The first passage below the title of a passage's section."""
    return next(p for p in document.passages if p.section == passage.section and p.kind in BODY)


def has_topic(section: str | None) -> bool:
    """Whether a section's title says something by itself."""
    return bool(section and len(section) <= _LONGEST_TOPIC and _LETTERS.search(section))


def topic_table(documents: Iterable[Document], key_sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """Hashes and positions of all topics, in all languages, of documents without stored questions."""
    found: set[tuple[int, int]] = set()
    first = 0
    for document in documents:
        known = keys(key_sentences, range(first, first + len(document.passages)))
        for passage in () if document.questions else document.passages:
            position = first + passage.number - 1
            for language in (document.metadata.language, *document.translations):
                texts = topics_of(document, passage, known.get(position), language)
                found.update((hash_of(text), position) for text in texts if text)
        first += len(document.passages)
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def hash_of(text: str) -> int:
    """The hash of a text's words, whatever stands between them."""
    said = " ".join(_WORDS.findall(fold(text)))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), signed=True)


def _chosen(sections: list[list[tuple[int, Span, int]]]) -> Iterator[list[tuple[int, Span, int]]]:
    """The sections that get a key sentence: the longest; a text without sections is cut into parts."""
    if len(sections) == 1:
        every = sections[0]
        size = -(-len(every) // _PARTS)
        yield from (every[at : at + size] for at in range(0, len(every), size))
        return
    longest = sorted(sections, key=lambda section: -sum(span.end - span.start for _, span, _ in section))
    yield from (section for section in sections if section in longest[:MOST_SECTIONS])


def _nearest(
    section: list[tuple[int, Span, int]], document: Document, first: int, vectors: NDArray[np.float32]
) -> tuple[int, int, int]:
    texts = [span.slice(document.passages[position - first].text) for position, span, _ in section]
    for longest in (_LONGEST_TOPIC, _LONGEST, None):
        compared = [
            one
            for one, text in zip(section, texts, strict=True)
            if longest is None or (_SHORTEST <= len(text) <= longest and not text.endswith(":"))
        ]
        if compared:
            break
    near = vectors[[row for _, _, row in compared]]
    # Rounded, so that what is as good as equal is decided by the order of the document.
    position, span, _ = compared[int(np.round(near @ near.mean(axis=0), 4).argmax())]
    return position, span.start, span.end


def _heading(text: str, number: int | None, document: Document, language: str) -> str:
    shown = document.translations.get(language, {}).get(number or 0, text)
    return shown if has_topic(shown) else ""


def _above(document: Document, passage: Passage) -> int | None:
    headings = (p for p in document.passages if p.kind is PassageKind.HEADING and p.text == passage.section)
    return next((p.number for p in headings), None)


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
