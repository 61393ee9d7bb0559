"""What the reader is trained on: examples in units, stretches of long passages, and near passages."""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

#: one passage of the reading data in so many is left out of training, and one topic of the project's own text
READING_PARTS, OWN_PARTS = 25, 12
#: characters of a stretch of whole sentences
STRETCH = 420
_SENTENCE = re.compile(r"(?<=[.!?؟؛…])\s+|\n+")
_WORD = re.compile(r"\w+")
#: a stem in more passages than this says nothing
COMMON = 400
NEAR = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A question beside a passage; ``context`` is title, section and lead-in.

    ``span`` are the characters of the passage that answer. Without ``spans`` it is not known where, and the
    span head learns nothing from the row.
    """

    question: str
    context: str
    passage: str
    answers: bool
    span: Span | None = None
    spans: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """Examples that share a question or a passage and stay in one batch; ``held_out`` ones only measure."""

    group: str
    examples: tuple[Example, ...]
    held_out: bool


def in_part(text: str, parts: int) -> bool:
    """Whether a text belongs to the one part in ``parts`` that is left out of training."""
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16) % parts == 0


def held_out(passage: str) -> bool:
    """Whether a passage of the reading data is left out of training, whatever file it is in."""
    return in_part(passage[:200], READING_PARTS)


def stretch(passage: str, span: Span | None, rng: random.Random) -> tuple[str, Span | None]:
    """Whole sentences around the span, about ``STRETCH`` characters, and the span in them."""
    if len(passage) <= STRETCH * 1.25:
        return passage, span
    start, end = _sentences_around(passage, span, rng)
    if span:
        end = max(end, span[1])
    if end - start > 3 * STRETCH:  # one sentence without an end
        start = max(start, (span[0] if span else start) - STRETCH // 2)
        end = max(min(end, start + 2 * STRETCH), span[1] if span else 0)
    text = passage[start:end].rstrip()
    return text, (span[0] - start, min(span[1] - start, len(text))) if span else None


def _sentences_around(passage: str, span: Span | None, rng: random.Random) -> Span:
    """Begins with the sentence of the span, or with any, and adds neighbours while there is room."""
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(passage)), len(passage)]
    parts = [(a, b) for a, b in pairwise(cuts) if b > a]
    at = span[0] if span else rng.choice(parts)[0]
    first = last = next((n for n, (a, b) in enumerate(parts) if a <= at < b), 0)
    while True:
        wider = [(first - 1, last)] if first else []
        wider += [(first, last + 1)] if last + 1 < len(parts) else []
        wider = [(a, b) for a, b in wider if parts[b][1] - parts[a][0] <= STRETCH]
        if not wider:
            return parts[first][0], parts[last][1]
        first, last = rng.choice(wider)


class Neighbours:
    """Passages of one file that share rare stems (the first six letters of a word) with a text."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = sorted(set(passages))
        self._held_out = [held_out(passage) for passage in self._passages]
        self._places: dict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(self._passages):
            for stem in _stems(passage):
                self._places[stem].append(number)

    def near(self, text: str, *, own: str, without: str, measuring: bool) -> list[str]:
        """The nearest passages but ``own``, none that holds ``without`` when it is not empty.

        For training (not ``measuring``) none that is held out.
        """
        scores: dict[int, float] = defaultdict(float)
        for stem in _stems(text):
            places = self._places.get(stem, ())
            if len(places) <= COMMON:
                for number in places:
                    scores[number] += (1 + len(places)) ** -0.5
        order = sorted(scores, key=lambda number: (-scores[number], number))
        found: list[str] = []
        for number in order:
            passage = self._passages[number]
            holds = bool(without) and without in passage
            if passage != own and not holds and (measuring or not self._held_out[number]):
                found.append(passage)
                if len(found) == NEAR:
                    break
        return found


def _stems(text: str) -> list[str]:
    """Stems of words of three letters and more, sorted: a sum of floats must not depend on a set's order."""
    return sorted({word[:6] for word in _WORD.findall(text.lower()) if len(word) > 2})
