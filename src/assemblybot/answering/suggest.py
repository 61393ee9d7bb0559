"""Questions that the corpus does answer, and topics that it holds, in the asker's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

import numpy as np

from assemblybot.answering.answer import Suggestion
from assemblybot.answering.select import MOST_PASSAGES
from assemblybot.index.documents import (
    HEADING_OFFERED,
    QUESTION_OFFERED,
    SENTENCE_OFFERED,
    TITLE_OFFERED,
)
from assemblybot.index.index import Index
from assemblybot.index.topics import section_start
from assemblybot.text.language import Language

SUGGESTIONS: Final = 3
_QUESTION_MARKS: Final = ("?", "؟")


def suggest(index: Index, language: Language, near: Iterable[int] = ()) -> tuple[Suggestion, ...]:
    """Up to three questions or topics: about the passages `near`, in that order, then about any others.

    Of stored questions, one a section. A document without them suggests topics (see `index.topics`). Only
    documents that have something to suggest are read.
    """
    found: dict[str, Suggestion] = {}
    taken: set[tuple[str, str]] = set()
    wanted = HEADING_OFFERED | SENTENCE_OFFERED | TITLE_OFFERED | QUESTION_OFFERED[language]
    offering = (position for position in near if index.offers[position] & wanted)
    for position in chain(offering, np.flatnonzero(index.offers & wanted).tolist()):
        for place, suggestion in _offered(index, position, language):
            where = (index.passages[position].document, place)
            if where not in taken and suggestion.text not in found:
                taken.add(where)
                found[suggestion.text] = suggestion
        if len(found) >= SUGGESTIONS:
            break
    return tuple(found.values())[:SUGGESTIONS]


def _offered(index: Index, position: int, language: Language) -> Iterator[tuple[str, Suggestion]]:
    """What one passage offers, each with the place that it is about."""
    passage, offers = index.passages[position], index.offers[position]
    document = index.documents[passage.document]
    if document.questions:
        asked = document.questions.get(passage.number, {}).get(language, ())
        full = [question for question in asked if question.rstrip().endswith(_QUESTION_MARKS)]
        if question := next(iter(full or asked), None):
            yield passage.section or passage.id, Suggestion(question, passage.id)
        return
    offered: list[tuple[str, str, int]] = []
    if offers & TITLE_OFFERED:
        offered.append(("title", index.topics_at(position, language).title, position))
    if offers & HEADING_OFFERED:
        start = index.position[section_start(document, passage).id]
        offered.append((f"section {passage.section}", index.topics_at(start, language).heading, start))
    if offers & SENTENCE_OFFERED:
        offered.append((passage.id, index.topics_at(position, language).sentence, position))
    for place, text, at in offered:
        # A text that stands for many passages would not bring this one.
        if text and at in index.about(text)[:MOST_PASSAGES]:
            yield place, Suggestion(text, index.passages[at].id)
