"""The questions of which it is known what the corpus says to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.index.index import VARIANT, Index
from assemblybot.index.views import FIRST_KNOWN
from assemblybot.text.language import Language

# Of more answered or open questions than this, some are drawn: more would hardly change the fit.
_MOST_QUESTIONS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Known:
    """A question of which it is known where the corpus answers it (nowhere: no `right`)."""

    text: str
    language: Language
    document: str
    right: tuple[int, ...]
    variant: int


def known_questions(index: Index) -> Iterator[Known]:
    """Those that documents list beside their text."""
    for document in index.documents.values():
        for variant, question in enumerate(document.questions, start=FIRST_KNOWN):
            language: Language = question.language  # type: ignore[assignment]
            right = tuple(index.position[f"{document.id}#{number}"] for number in question.passages)
            yield Known(question.text, language, document.id, right, variant)


def asked_as(index: Index) -> Iterator[Known]:
    """Those that passages are asked as."""
    for position, passage in enumerate(index.passages):
        for code, questions in index.documents[passage.document].asked_as.get(passage.number, {}).items():
            language: Language = code  # type: ignore[assignment]
            for variant, text in enumerate(questions):
                yield Known(text, language, passage.document, (position,), variant)


def drawn(questions: Sequence[Known]) -> Sequence[Known]:
    """All questions, or as many as may be, drawn by chance; the same ones each time."""
    if len(questions) <= _MOST_QUESTIONS:
        return questions
    numbers = np.random.default_rng(0).choice(len(questions), _MOST_QUESTIONS, replace=False)
    return [questions[number] for number in np.sort(numbers)]


def own_rows(index: Index, question: Known) -> NDArray[np.int64]:
    """Rows (ascending) of the question itself and, of an asked-as question, its counterparts."""
    if question.variant < FIRST_KNOWN:
        passages = range(question.right[0], question.right[0] + 1)
    else:
        passages = index.passage_range(question.document)
    first, last = index.first_rows[passages.start], index.first_rows[passages.stop]
    rows = np.arange(first, last)
    if question.variant >= FIRST_KNOWN:
        rows = np.append(rows, np.arange(len(index.table))[index.open_rows(question.document)])
    own: NDArray[np.int64] = rows[index.table[rows, VARIANT] == question.variant]
    return own
