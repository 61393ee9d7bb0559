"""Questions that the corpus does answer, in the asker's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.index.index import Index
from assemblybot.text.language import Language

SUGGESTIONS: Final = 3
_QUESTION_MARKS: Final = ("?", "؟")


def suggest(index: Index, ranked: Iterable[int], language: Language) -> tuple[str, ...]:
    """Up to three questions about the passages that come first in `ranked`, one a section.

    A document without asked-as questions in that language suggests its section headings.
    """
    found: list[str] = []
    sections: set[tuple[str, str | None]] = set()
    for position in ranked:
        passage = index.passages[position]
        where = (passage.document, passage.section)
        if where in sections or passage.kind is PassageKind.TITLE:
            continue
        document = index.documents[passage.document]
        asked = document.asked_as.get(passage.number, {}).get(language, ())
        full = [question for question in asked if question.rstrip().endswith(_QUESTION_MARKS)]
        question = next(iter(full or asked), None if document.asked_as else passage.section)
        if question:
            sections.add(where)
            found.append(question)
        if len(found) == SUGGESTIONS:
            break
    return tuple(found)
