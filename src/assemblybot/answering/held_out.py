"""Known questions as they look to an index that does not know them: the examples of calibration.

A known question's own row is left out; an asked-as question's with its counterparts in the other
languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from assemblybot.answering.expectation import cosines, fit, known_rows
from assemblybot.answering.known import Known, own_rows
from assemblybot.answering.retrieve import PassageFeatures, passage_features, score_views
from assemblybot.answering.verdict import Signals, open_signals
from assemblybot.embedding import Embedder
from assemblybot.index.index import Index
from assemblybot.index.rows import Scores
from assemblybot.index.views import FIRST_KNOWN


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A known question as it looks to an index that does not know it.

    Where its document lists open questions, `likeness` are its cosines to the document's known
    questions, and `open` its open signals.
    """

    known: Known
    features: PassageFeatures
    open: Signals | None
    likeness: Scores | None

    @property
    def is_found(self) -> bool:
        """Whether a passage that answers is among the candidates."""
        return bool(np.isin(self.known.right, self.features.passages).any())


def hold_out(index: Index, questions: Sequence[Known], embedder: Embedder) -> list[HeldOut]:
    """Each question against all but itself."""
    vectors = embedder.embed_queries([question.text for question in questions])
    rows = _rows_by_document(index, questions)
    # The product of one question with all views is too small to be shared between BLAS's threads.
    with threadpool_limits(1, user_api="blas"):
        return [
            _seen_alone(index, question, vector, rows.get(question.document))
            for question, vector in zip(questions, vectors, strict=True)
        ]


def _seen_alone(index: Index, question: Known, vector: Scores, known: NDArray[np.int64] | None) -> HeldOut:
    """A question against all but itself; `known` are rows of its document's known questions."""
    own = own_rows(index, question)
    scores = score_views(index, vector, question.text, question.language, own)
    features = passage_features(index, scores, own)
    if known is None or question.variant < FIRST_KNOWN:
        return HeldOut(question, features, None, None)
    still_open = open_signals(index, scores, question.document, own)
    return HeldOut(question, features, still_open, cosines(index, scores, vector, known))


def _rows_by_document(index: Index, questions: Sequence[Known]) -> dict[str, NDArray[np.int64]]:
    """Of the documents that list open questions, rows of their known questions, in order."""
    numbers: dict[str, list[int]] = {}
    for question in questions:
        still_open = index.open_rows(question.document)
        if question.variant >= FIRST_KNOWN and still_open.start < still_open.stop:
            numbers.setdefault(question.document, []).append(question.variant - FIRST_KNOWN)
    return {document: known_rows(index, document, found) for document, found in numbers.items()}


def with_expectations(
    index: Index, scored: Sequence[HeldOut]
) -> tuple[dict[str, list[float]], list[HeldOut]]:
    """For each document the weights of its known questions (0 where not drawn), and the questions
    with what the others let expect of them after their open signals."""
    members: dict[str, list[tuple[int, Scores]]] = {}
    for at, one in enumerate(scored):
        if one.likeness is not None:
            members.setdefault(one.known.document, []).append((at, one.likeness))
    stored, found = {}, list(scored)
    for document, group in members.items():
        own = [scored[at] for at, _ in group]
        likeness = np.stack([row for _, row in group])
        weights, expected = fit(likeness, np.array([bool(one.known.right) for one in own]))
        by_number = np.zeros(len(index.documents[document].questions))
        by_number[[one.known.variant - FIRST_KNOWN for one in own]] = weights
        stored[document] = [round(float(weight), 5) for weight in by_number]
        for (at, _), one, value in zip(group, own, expected, strict=True):
            if one.open is not None:
                found[at] = replace(one, open=np.append(one.open, value))
    return stored, found


def without_answers(index: Index, scored: HeldOut) -> HeldOut | None:
    """The evidence as if what answers, and what belongs to it, were not in the corpus; `None`
    where nothing else is."""
    features = scored.features
    kept = np.ones(len(features.passages), dtype=bool)
    for position in scored.known.right:
        passage = index.passages[position]
        related = {passage.number, passage.lead_in}
        for row, candidate in enumerate(features.passages):
            other = index.passages[candidate]
            if other.document == passage.document and (
                other.number in related
                or (other.lead_in is not None and other.lead_in in related)
                or other.text == passage.section
                or other.section == passage.text
            ):
                kept[row] = False
    if not kept.any():
        return None
    return replace(scored, features=PassageFeatures(features.passages[kept], features.values[kept]))
