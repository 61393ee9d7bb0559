"""Questions that the corpus does answer, in the asker's language."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Final

import numpy as np

from assemblybot.answering.answer import Suggestion
from assemblybot.index.documents import HEADING_OFFERED, QUESTION_OFFERED
from assemblybot.index.index import Index
from assemblybot.text.language import Language

SUGGESTIONS: Final = 3
_QUESTION_MARKS: Final = ("?", "؟")


def suggest(index: Index, language: Language, near: Iterable[int] = ()) -> tuple[Suggestion, ...]:
    """Up to three questions, one a section: about the passages `near`, in that order, then about any others.

    A document without stored questions suggests its section headings. Only documents that have something to
    suggest are read.
    """
    found: list[Suggestion] = []
    sections: set[tuple[str, str | None]] = set()
    wanted = HEADING_OFFERED | QUESTION_OFFERED[language]
    offering = (position for position in near if index.offers[position] & wanted)
    for position in chain(offering, np.flatnonzero(index.offers & wanted).tolist()):
        passage = index.passages[position]
        where = (passage.document, passage.section)
        if where in sections:
            continue
        asked = index.documents[passage.document].questions.get(passage.number, {}).get(language, ())
        full = [question for question in asked if question.rstrip().endswith(_QUESTION_MARKS)]
        if question := next(iter(full or asked), passage.section):
            sections.add(where)
            found.append(Suggestion(question, passage.id))
        if len(found) == SUGGESTIONS:
            break
    return tuple(found)
