"""Which part of a translation stands for which part of its original, where that can be told.

Translations are aligned by passage. Sentences of the two are taken in order where there are as
many, and only if the figures of the one are in the other; the clauses of a sentence likewise.
"""

from __future__ import annotations

import re
from typing import Final

from assemblybot.text.arabic import fold
from assemblybot.text.sentences import Span, clauses, sentences

_FIGURE: Final = re.compile(r"\d+")
_MOST_CLAUSES: Final = 30


def translated_sentences(text: str, part: Span, translation: str) -> Span | None:
    """The sentences of `translation` for those of `text` that `part` touches; `None` if unknown."""
    ours, theirs = sentences(text), sentences(translation)
    found = _in_order(ours, theirs, part)
    return found if found and _figures(text, part) <= _figures(translation, found) else None


def translated_clauses(text: str, mark: Span, translation: str, within: Span) -> Span | None:
    """The clauses of the sentence `within` a translation that say what `mark` of `text` says.

    In order, where the mark is of whole clauses and the two sentences have as many; else the fewest
    in a row that hold all figures of the mark; `None` where neither tells.
    """
    sentence = next((one for one in sentences(text) if one.start <= mark.start < one.end), None)
    theirs = clauses(translation, within)
    figures = _figures(text, mark)
    ours = clauses(text, sentence) if sentence else []
    # A mark that cuts a clause says less than the clause does.
    is_whole = any(c.start == mark.start for c in ours) and any(c.end == mark.end for c in ours)
    found = _in_order(ours, theirs, mark) if is_whole else None
    if found and figures <= _figures(translation, found):
        return found
    if not figures or len(theirs) > _MOST_CLAUSES:
        return None
    runs = (Span(first.start, last.end) for i, first in enumerate(theirs) for last in theirs[i:])
    holding = [run for run in runs if figures <= _figures(translation, run)]
    return min(holding, key=lambda run: run.end - run.start, default=None)


def _in_order(ours: list[Span], theirs: list[Span], part: Span) -> Span | None:
    touched = [i for i, one in enumerate(ours) if one.end > part.start and one.start < part.end]
    if not touched or len(ours) != len(theirs):
        return None
    return Span(theirs[touched[0]].start, theirs[touched[-1]].end)


def _figures(text: str, part: Span) -> set[str]:
    """The numbers in a part of a text, whichever digits they are written in."""
    return set(_FIGURE.findall(fold(part.slice(text))))
