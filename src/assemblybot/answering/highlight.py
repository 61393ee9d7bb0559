"""The sentence of a passage that answers, and the clause of it to highlight."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np

from assemblybot.answering.evidence import Evidence
from assemblybot.answering.reading import translation_of
from assemblybot.answering.retrieve import RETRIEVERS
from assemblybot.index.entries import END, KIND, KINDS, START, EntryKind
from assemblybot.index.index import Index
from assemblybot.text.alignment import counterpart
from assemblybot.text.sentences import Span, clauses, is_row, sentences

# A clause is preferred to its sentence unless it answers clearly worse.
_CLAUSE_BONUS: Final = 0.02


class AnsweringSpans(NamedTuple):
    """Spans relative to a passage: the sentence that answers, the part of it to highlight, what to quote."""

    sentence: Span
    highlight: Span
    quoted: Span


def answering_spans(index: Index, position: int, evidence: Evidence) -> AnsweringSpans:
    """What of a passage answers.

    Where the passage was read and an answer found, the sentence is the one that holds the middle of the
    answer, and the highlight its clauses that the answer touches. What is quoted is the sentence, with the
    one beside it if the retrievers score that one best. A passage that is cited with its list, but was not
    found itself, is cited whole.
    """
    text = index.passages[position].text
    scored, clause = _scored(index, position, evidence)
    read = _read_span(index, position, evidence)
    if read is None:
        return AnsweringSpans(scored, clause, scored)
    parts = sentences(text)
    sentence = _around((read.start + read.end) // 2, parts)
    touched = [part for part in clauses(text, sentence) if part.start < read.end and read.start < part.end]
    highlight = Span(touched[0].start, touched[-1].end) if touched else sentence
    return AnsweringSpans(sentence, highlight, _with_neighbour(sentence, scored, parts))


def _with_neighbour(sentence: Span, other: Span, parts: Sequence[Span]) -> Span:
    """The sentence, with the other one if that is the one before or after it."""
    if sentence not in parts or other not in parts or abs(parts.index(sentence) - parts.index(other)) != 1:
        return sentence
    return Span(min(sentence.start, other.start), max(sentence.end, other.end))


def _scored(index: Index, position: int, evidence: Evidence) -> tuple[Span, Span]:
    """The best sentence and the best clause in it, by the scores of the retrievers."""
    whole = Span(0, len(index.passages[position].text))
    rows = index.rows_of(position)
    if not evidence.scores.holds(rows):
        return whole, whole
    # cosines and lexical shares both lie in [0, 1]
    total = np.sum([evidence.scores.of(retriever, rows) for retriever in RETRIEVERS], axis=0)
    entries = zip(total.tolist(), index.table[rows].tolist(), strict=True)
    found = [(score, KINDS[row[KIND]], Span(row[START], row[END])) for score, row in entries]
    parts = [(score, span) for score, kind, span in found if kind is EntryKind.SENTENCE]
    parts = parts or [(score, whole) for score, kind, _ in found if kind is EntryKind.ORIGINAL]
    best, sentence = max(parts, key=itemgetter(0))
    inside = [
        (score, span)
        for score, kind, span in found
        if kind is EntryKind.CLAUSE and sentence.start <= span.start and span.end <= sentence.end
    ]
    score, clause = max(inside, key=itemgetter(0), default=(best, sentence))
    return sentence, clause if score + _CLAUSE_BONUS >= best else sentence


def _read_span(index: Index, position: int, evidence: Evidence) -> Span | None:
    """Where the cross-encoder found the answer: in the passage as it stands, or else in its translation.

    In the row of a table it tells the right cell even where it doubts the answer.
    """
    text = index.passages[position].text
    original, reading = evidence.originals.get(position), evidence.readings.get(position)
    if original and (original.found > 0 or is_row(text, Span(0, len(text)))):
        return original.span
    translation = translation_of(index, position, evidence.query.language)
    if reading is None or translation is None or reading.found <= 0:
        return None
    sentence, clause = counterpart(translation, [reading.span], text)
    return clause or sentence


def _around(middle: int, spans: Sequence[Span]) -> Span:
    """The span that holds a character, or the one that ends last before it."""
    return next((span for span in spans if middle < span.end), spans[-1])
