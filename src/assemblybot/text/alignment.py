"""Which parts of a translation say what parts of its original say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from assemblybot.text.sentences import Span, clauses, sentences

# Gale and Church, “A Program for Aligning Sentences in Bilingual Corpora” (1993): how often so many
# parts are translated by so many, and how far the lengths of two that belong together lie apart.
_SHARES: Final = {(1, 1): 0.89, (1, 0): 0.005, (0, 1): 0.005, (2, 1): 0.0445, (1, 2): 0.0445, (2, 2): 0.011}
_VARIANCE: Final = 6.8
_LEAST: Final = 1e-12
# Parts that belong together do not stand farther apart than this, beside the difference in number.
_BAND: Final = 12


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


def whole_sentences(text: str, marks: Sequence[tuple[int, int]]) -> Span:
    """From the first to the last sentence of `text` that `marks` touch; all of it without marks."""
    if not marks:
        return Span(0, len(text))
    marked = Span(min(start for start, _ in marks), max(end for _, end in marks))
    found = _between(sentences(text), sentences(text), marked)
    is_part = found and (text[: found.start].strip() or text[found.end :].strip())
    return found if found and is_part else Span(0, len(text))


def counterpart(text: str, part: Span, translation: str) -> Span | None:
    """The span of `translation` that renders `part` of `text`.

    Sentences pair off in order where both texts have the same number, and so do the clauses of one
    sentence. Where only the sentences do, whole sentences are returned; where neither do, `None`.
    """
    ours, theirs = sentences(text), sentences(translation)
    for one, other in zip(ours, theirs, strict=False):
        if len(ours) == len(theirs) and one.start <= part.start and part.end <= one.end:
            finer = _between(clauses(text, one), clauses(translation, other), part)
            return finer or other
    return _between(ours, theirs, part)


def _between(ours: Sequence[Span], theirs: Sequence[Span], part: Span) -> Span | None:
    """From the partner of the first span that `part` touches to that of the last."""
    touched = [i for i, span in enumerate(ours) if span.start < part.end and part.start < span.end]
    if len(ours) != len(theirs) or not touched:
        return None
    return Span(theirs[touched[0]].start, theirs[touched[-1]].end)
