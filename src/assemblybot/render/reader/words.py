"""Text for templates: cut at highlights and at runs that read the other way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assemblybot.corpus.structure import list_mark
from assemblybot.render.highlights import cuts
from assemblybot.text.bidi import Direction, runs


class Run(NamedTuple):
    """Text that reads one way; `isolated` when that is not the way of its paragraph."""

    text: str
    isolated: bool


class Stretch(NamedTuple):
    """Runs that are highlighted together, or not."""

    runs: tuple[Run, ...]
    highlighted: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph of a document or of its translation.

    Joined, `mark` (the number or bullet of a list item) and the runs are the text again, to
    the character.
    """

    language: str
    mark: str
    stretches: tuple[Stretch, ...]

    @property
    def direction(self) -> Direction:
        """The way the paragraph reads."""
        return direction_of(self.language)


def direction_of(language: str) -> Direction:
    """The way that text in `language` reads."""
    return "rtl" if language in ("ar", "ary") else "ltr"


def words(text: str, language: str, highlights: Sequence[tuple[int, int]] = ()) -> Words:
    """`text`, with `highlights` as spans of it in characters."""
    mark = list_mark(text)
    way = direction_of(language)
    stretches = [
        Stretch(tuple(Run(*run) for run in runs(text[max(start, len(mark)) : end], way)), highlighted)
        for start, end, highlighted in cuts(len(text), highlights)
        if end > len(mark)
    ]
    return Words(language, mark, tuple(stretches))
