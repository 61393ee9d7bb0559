"""Passages of different documents that answer the same question: which, and whether they say the same.

A passage of another document is compared when one of its sentences is like the sentence that answers, and
the cross-encoder finds the answer in it too. A text that several documents hold is cited once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations, islice
from typing import Final

import numpy as np

from assemblybot.answering.evidence import Evidence
from assemblybot.answering.highlight import answering_spans
from assemblybot.answering.reading import read_original
from assemblybot.answering.select import MOST_PASSAGES
from assemblybot.corpus.document import BODY
from assemblybot.embedding import Embedder
from assemblybot.embedding.cross_encoder import CrossEncoder, Reading
from assemblybot.index.entries import KIND, KINDS, EntryKind
from assemblybot.index.index import Index
from assemblybot.text.arabic import fold, words
from assemblybot.text.values import dates, differ_in_dates, names, numbers, same_script

# How many of the first passages are checked for copies, and how many of other documents are compared.
_RANKED, _OTHERS = 12, 5
# Measured on two reports of each place in five languages (tests/data/compared.toml): of passages that answer
# the same, 22 of 24 pass; of 1,900 others, there and in tests/quality/documents, none. Of passages in which
# the cross-encoder finds an answer, those that hold it are alike by 0.68 or more, the others by 0.51 at most.
_ANSWERS, _FOUND, _ALIKE = 2.0, -1.0, 0.6
# A text of fewer words may stand in two documents by chance.
_COPIED_WORDS: Final = 4
_SENTENCES: Final = [KINDS.index(k) for k in (EntryKind.ORIGINAL, EntryKind.SENTENCE, EntryKind.TRANSLATION)]
_HOW_MANY: Final = re.compile(r"\b(?:how|combien|cuant[oa]s?|كم|بكم|شحال|ch7al|chhal|bch7al|عدد|number)\b")
# “من” and “qui” also mean “from” and “that”, but not as the first word.
_WHO: Final = re.compile(
    r"^\W*(?:و)?(?:من|qui)\b|\b(?:a|de|par|avec|pour) qui\b"
    r"|\b(?:who|whose|whom|quien|quienes|شكون|chkoun|chkon|shkoun|shkun)\b"
    r"|\b(?:name of|nom d|nombre d|اسم|smit|smiya)"
)
_WHEN: Final = re.compile(
    r"\b(?:when|date|day|year|quand|date|jour|annee|cuando|fecha|dia|ano|متي|تاريخ|سنه|عام|يوم"
    r"|فوقاش|وقتاش|امتي|امتا|نهار|fo9ach|foqach|fou9ach|w9tach|wa9tach|imta|nhar)\b"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """`evidence` holds what was read besides, and of copies only the newest. `answering` are the positions
    of passages of different documents that answer, newest first, as many as are cited; none where one
    document alone does. `differ` tells that they do not say the same."""

    evidence: Evidence
    answering: tuple[int, ...] = ()
    differ: bool = False


class Comparer:
    """Compares what the documents of one index say; safe to share between threads."""

    def __init__(self, index: Index, embedder: Embedder, reader: CrossEncoder) -> None:
        self._index = index
        self._embedder = embedder
        self._reader = reader

    def compare(self, evidence: Evidence) -> Compared:
        """Looks at the passages that rank first for a question."""
        if len(self._index.documents) < 2:
            return Compared(evidence)
        evidence = self._without_copies(evidence)
        top = evidence.passages[0]
        evidence = self._read(evidence, (top,))
        if not self._is_body(top) or not _answers(evidence.originals[top]):
            return Compared(evidence)
        alike = tuple(self._alike(top, evidence))
        evidence = self._read(evidence, alike)
        best: dict[str, int] = {}
        for position in (top, *alike):
            if _answers(evidence.originals[position]):
                best.setdefault(self._index.passages[position].document, position)
        if len(best) < 2:
            return Compared(evidence)
        answering = tuple(sorted(best.values(), key=self._day, reverse=True))
        passages = self._index.passages
        said = {p: evidence.originals[p].span.slice(passages[p].text) for p in answering}
        return Compared(
            evidence, *_cited(answering, lambda one, two: differ(evidence.query.text, said[one], said[two]))
        )

    def _without_copies(self, evidence: Evidence) -> Evidence:
        """The evidence with the newest alone of the passages that have the same words."""
        newest: dict[tuple[str, ...] | int, int] = {}
        totals: list[float] = []
        for place, (position, total) in enumerate(zip(evidence.passages, evidence.totals, strict=True)):
            is_compared = place < _RANKED and self._is_body(position)
            text = tuple(words(self._index.passages[position].text)) if is_compared else ()
            key = text if len(text) >= _COPIED_WORDS else position
            if key in newest:
                newest[key] = max(newest[key], position, key=self._day)
            else:
                newest[key] = position
                totals.append(float(total))
        return replace(evidence, passages=tuple(newest.values()), totals=np.array(totals))

    def _alike(self, top: int, evidence: Evidence) -> Iterator[int]:
        """Passages of other documents that have a sentence like the one that answers in `top`."""
        index, own = self._index, self._index.passages[top]
        sentence = answering_spans(index, top, evidence).sentence
        vector = self._embedder.embed_passages([sentence.slice(own.text)])[0]
        body = filter(self._is_body, evidence.passages)
        others = (position for position in body if index.passages[position].document != own.document)
        for position in islice(others, _OTHERS):
            rows = index.rows_of(position)
            rows = rows[np.isin(index.table[rows, KIND], _SENTENCES)]
            if index.vectors.scores(vector, rows).max() >= _ALIKE:
                yield position

    def _read(self, evidence: Evidence, positions: Sequence[int]) -> Evidence:
        """The evidence with readings of these passages as they stand."""
        missing = [position for position in positions if position not in evidence.originals]
        found = {p: read_original(self._reader, self._index, evidence.query, p) for p in missing}
        return replace(evidence, originals={**evidence.originals, **found}) if found else evidence

    def _is_body(self, position: int) -> bool:
        return self._index.kind(position) in BODY

    def _day(self, position: int) -> date:
        """The date of a passage's document; one without a date is older than all others."""
        return self._index.documents[self._index.passages[position].document].metadata.day or date.min


def _cited(answering: Sequence[int], differs: Callable[[int, int], bool]) -> tuple[tuple[int, ...], bool]:
    """Of passages, newest first, those to cite, and whether they differ: the newest ones but, where these
    agree, in the place of the last one the newest that does not say what they do."""
    newest = tuple(answering[:MOST_PASSAGES])
    if any(differs(*pair) for pair in combinations(newest, 2)):
        return newest, True
    kept, others = newest[: MOST_PASSAGES - 1], answering[MOST_PASSAGES:]
    other = next((other for other in others if any(differs(one, other) for one in kept)), None)
    return (newest, False) if other is None else ((*kept, other), True)


def differ(question: str, one: str, two: str) -> bool:
    """Whether two answers to a question hold other names, dates or numbers, as it asks for; what the question
    says itself does not count."""
    asked = fold(question)
    counts = _HOW_MANY.search(asked) is not None
    if _WHO.search(asked) and not counts:
        ours, theirs = (names(said) - set(words(question)) for said in (one, two))
        return bool(ours and theirs) and ours.isdisjoint(theirs) and same_script(one, two)
    days = [dates(said) - dates(question) for said in (one, two)]
    if all(days) and not counts and _WHEN.search(asked):
        return differ_in_dates(*days)
    counted = [_counted(said, question) for said in (one, two)]
    return counted[0].isdisjoint(counted[1]) if all(counted) else differ_in_dates(*days)


def _counted(said: str, question: str) -> frozenset[Decimal]:
    """The numbers of an answer; years only where there are no others."""
    found = numbers(said) - numbers(question)
    years = {Decimal(known.year) for known in dates(said) if known.year and not known.month}
    return found - years or found


def _answers(reading: Reading) -> bool:
    return reading.answers >= _ANSWERS and reading.found >= _FOUND
