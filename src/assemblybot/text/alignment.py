"""Which parts of a translation say what parts of its original say."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from assemblybot.text.sentences import Span, clauses, sentences

# Gale and Church, “A Program for Aligning Sentences in Bilingual Corpora” (1993): the
# probability that m sentences are translated by n, and the variance of the difference of their lengths.
_SHARES: Final = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
_VARIANCE: Final = 6.8
_LEAST: Final = 1e-12
# How far from the diagonal parts are paired, in addition to the difference of their numbers.
_BAND: Final = 12

_NUMBER: Final = re.compile(r"\d{1,18}")
# If at least this share of the characters is marked, all of the translation is marked.
_NEARLY_ALL: Final = 0.9
Marks = Sequence[tuple[int, int]]


def marked_sentences(text: str, marks: Marks) -> Span:
    """From the first to the last sentence of `text` that `marks` touch; all of it where they touch none."""
    parts = sentences(text)
    return _cover(text, parts, _touched(parts, marks))


def counterpart(text: str, marks: Marks, translation: str) -> tuple[Span, Span | None]:
    """What a translation says for the sentences of `text` that `marks` touch.

    Sentences, and then their clauses, are paired by their lengths. Languages order their clauses
    differently, so a clause also belongs to what is marked for a number that only the marked clauses have.

    Returns:
        The sentences of `translation`, all of it where they are not known; and of those the clauses
        that say what is marked, `None` where those are not known.
    """
    ours, theirs = sentences(text), sentences(translation)
    chosen = _touched(ours, marks)
    found = aligned(_lengths(ours), _lengths(theirs), chosen)
    originals, translated = [ours[i] for i in chosen], [theirs[i] for i in sorted(found)]
    if not found or not _numbers(text, originals) <= _numbers(translation, translated):
        return Span(0, len(translation)), None
    part = _cover(translation, theirs, found)
    return part, _clauses(text, marks, originals, translation, translated)


def _clauses(text: str, marks: Marks, ours: Sequence[Span], translation: str, theirs: Sequence[Span]) -> Span:
    """The clauses of the sentences `theirs` of a translation for what is marked in the sentences `ours`."""
    whole = Span(theirs[0].start, theirs[-1].end)
    if sum(end - start for start, end in marks) >= _NEARLY_ALL * (ours[-1].end - ours[0].start):
        return whole
    before = [clause for sentence in ours for clause in clauses(text, sentence)]
    after = [clause for sentence in theirs for clause in clauses(translation, sentence)]
    chosen = _touched(before, marks)
    found = aligned(_lengths(before), _lengths(after), chosen)
    numbers = _numbers(text, [before[i] for i in chosen])
    numbers -= _numbers(text, [clause for i, clause in enumerate(before) if i not in chosen])
    found |= {i for i, clause in enumerate(after) if numbers & _numbers(translation, [clause])}
    return Span(after[min(found)].start, after[max(found)].end) if found else whole


def aligned(original: Sequence[int], translation: Sequence[int], chosen: Iterable[int]) -> set[int]:
    """Positions of the parts of a translation that belong to the `chosen` parts of its original.

    Parts are given by their lengths in characters; nothing is found where either text is empty.
    """
    wanted = set(chosen)
    return {
        place
        for ours, theirs in _pairs(original, translation)
        if wanted.intersection(ours)
        for place in theirs
    }


def _pairs(original: Sequence[int], translation: Sequence[int]) -> Iterator[tuple[range, range]]:
    """The cheapest way to pair all parts, from the last to the first."""
    if not sum(original) or not sum(translation):
        return
    ratio = sum(translation) / sum(original)
    end = len(original), len(translation)
    reach = _BAND + abs(end[0] - end[1])
    costs: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(end[0] + 1):
        middle = i * end[1] // end[0]
        for j in range(max(0, middle - reach), min(end[1], middle + reach) + 1):
            for (ours, theirs), share in _SHARES.items():
                before = i - ours, j - theirs
                if before not in costs:
                    continue
                apart = _apart(sum(original[before[0] : i]), sum(translation[before[1] : j]), ratio)
                cost = costs[before][0] + apart - math.log(share)
                if (i, j) not in costs or cost < costs[i, j][0]:
                    costs[i, j] = cost, before
    while end != (0, 0):
        before = costs[end][1]
        yield range(before[0], end[0]), range(before[1], end[1])
        end = before


def _apart(ours: int, theirs: int, ratio: float) -> float:
    """How unlikely it is that parts of these lengths say the same."""
    expected = max(ours * ratio, 1.0)
    deviation = abs(theirs - expected) / math.sqrt(expected * _VARIANCE)
    return -math.log(max(math.erfc(deviation / math.sqrt(2)), _LEAST))


def _touched(parts: Sequence[Span], marks: Marks) -> list[int]:
    """Which parts hold something that is marked."""
    return [i for i, part in enumerate(parts) if any(s < part.end and e > part.start for s, e in marks)]


def _cover(text: str, parts: Sequence[Span], places: Collection[int]) -> Span:
    """From the first to the last of some parts; all of `text` where that leaves out only white space."""
    if not places:
        return Span(0, len(text))
    part = Span(parts[min(places)].start, parts[max(places)].end)
    return Span(0, len(text)) if part.slice(text).strip() == text.strip() else part


def _lengths(parts: Sequence[Span]) -> list[int]:
    return [part.end - part.start for part in parts]


def _numbers(text: str, parts: Sequence[Span]) -> set[int]:
    """The numbers in parts of a text, in whatever digits they are written."""
    return {int(number) for part in parts for number in _NUMBER.findall(part.slice(text))}
