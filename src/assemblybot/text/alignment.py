"""Which parts of a translation say what parts of its original say."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from assemblybot.text.sentences import Span, clauses, sentences

# Gale and Church, “A Program for Aligning Sentences in Bilingual Corpora” (1993): how often so many
# parts are translated by so many, and how far the lengths of two that belong together lie apart.
_SHARES: Final = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
_VARIANCE: Final = 6.8
_LEAST: Final = 1e-12
# Parts that belong together do not stand farther apart than this, beside the difference in number.
_BAND: Final = 12

_NUMBER: Final = re.compile(r"\d{1,18}")
# Where so large a share of the sentences is marked, their whole translation is.
_NEARLY_ALL: Final = 0.9
Marks = Sequence[tuple[int, int]]


def answering(text: str, marks: Marks) -> Span:
    """From the first to the last sentence of `text` that `marks` touch; all of it where they touch none."""
    parts = sentences(text)
    held = _held(parts, marks)
    return _with_blanks(text, _cover(parts, held)) if held else Span(0, len(text))


def counterpart(text: str, marks: Marks, translation: str) -> tuple[Span, Span | None]:
    """What a translation says for the sentences of `text` that `marks` touch.

    Sentences, and then their clauses, are paired by their lengths. Languages order their clauses
    differently, so a clause also belongs to what is marked for a number that only the marked clauses have.

    Returns:
        The sentences of `translation`, all of it where they are not known; and of those the clauses
        that say what is marked, `None` where those are not known.
    """
    whole = Span(0, len(translation))
    ours, theirs = sentences(text), sentences(translation)
    chosen = _held(ours, marks)
    found = counterparts(_lengths(ours), _lengths(theirs), chosen)
    if not found:
        return whole, None
    originals, translated = [ours[i] for i in chosen], [theirs[i] for i in sorted(found)]
    if not _numbers(text, originals) <= _numbers(translation, translated):
        return whole, None
    part = _with_blanks(translation, _cover(theirs, found))
    return part, _clauses(text, marks, originals, translation, translated)


def counterparts(original: Sequence[int], translation: Sequence[int], chosen: Iterable[int]) -> set[int]:
    """The parts of a translation that belong to the `chosen` parts of its original.

    Args:
        original: Length in characters of each part of the original.
        translation: The same of the translation.
        chosen: Positions in `original`.

    Returns:
        Positions in `translation`; empty when either has no parts.
    """
    wanted = set(chosen)
    return {
        place
        for ours, theirs in _pairs(original, translation)
        if wanted.intersection(ours)
        for place in theirs
    }


def _pairs(original: Sequence[int], translation: Sequence[int]) -> Iterator[tuple[range, range]]:
    """The cheapest way to pair all parts, in order."""
    if not sum(original) or not sum(translation):
        return
    ratio = sum(translation) / sum(original)
    end = len(original), len(translation)
    costs: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(end[0] + 1):
        for j in _near(i, *end):
            for (ours, theirs), share in _SHARES.items():
                before = i - ours, j - theirs
                if before not in costs:
                    continue
                apart = _apart(sum(original[before[0] : i]), sum(translation[before[1] : j]), ratio)
                cost = costs[before][0] + apart - math.log(share)
                if (i, j) not in costs or cost < costs[i, j][0]:
                    costs[i, j] = cost, before
    found: list[tuple[range, range]] = []
    while end != (0, 0):
        _, before = costs[end]
        found.append((range(before[0], end[0]), range(before[1], end[1])))
        end = before
    yield from reversed(found)


def _near(i: int, originals: int, translations: int) -> range:
    middle = i * translations // originals
    reach = _BAND + abs(originals - translations)
    return range(max(0, middle - reach), min(translations, middle + reach) + 1)


def _apart(ours: int, theirs: int, ratio: float) -> float:
    """How unlikely it is that parts of these lengths say the same."""
    expected = max(ours * ratio, 1.0)
    deviation = abs(theirs - expected) / math.sqrt(expected * _VARIANCE)
    return -math.log(max(math.erfc(deviation / math.sqrt(2)), _LEAST))


def _clauses(text: str, marks: Marks, ours: Sequence[Span], translation: str, theirs: Sequence[Span]) -> Span:
    """The clauses of the sentences `theirs` of a translation for what is marked in the sentences `ours`."""
    whole = Span(theirs[0].start, theirs[-1].end)
    if sum(end - start for start, end in marks) >= _NEARLY_ALL * (ours[-1].end - ours[0].start):
        return whole
    before = [clause for sentence in ours for clause in clauses(text, sentence)]
    after = [clause for sentence in theirs for clause in clauses(translation, sentence)]
    chosen = _held(before, marks)
    found = counterparts(_lengths(before), _lengths(after), chosen)
    numbers = _numbers(text, [before[i] for i in chosen])
    numbers -= _numbers(text, [clause for i, clause in enumerate(before) if i not in chosen])
    found |= {i for i, clause in enumerate(after) if numbers & _numbers(translation, [clause])}
    return _cover(after, found) if found else whole


def _held(parts: Sequence[Span], marks: Marks) -> list[int]:
    """Which parts hold something that is marked."""
    return [
        place
        for place, part in enumerate(parts)
        if any(start < part.end and end > part.start for start, end in marks)
    ]


def _cover(parts: Sequence[Span], places: Collection[int]) -> Span:
    return Span(parts[min(places)].start, parts[max(places)].end)


def _with_blanks(text: str, part: Span) -> Span:
    """All of `text` where `part` leaves out only white space."""
    return Span(0, len(text)) if part.slice(text).strip() == text.strip() else part


def _lengths(parts: Sequence[Span]) -> list[int]:
    return [part.end - part.start for part in parts]


def _numbers(text: str, parts: Sequence[Span]) -> set[int]:
    """The numbers in parts of a text, in whatever digits they are written."""
    return {int(number) for part in parts for number in _NUMBER.findall(part.slice(text))}
