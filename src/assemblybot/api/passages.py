"""The passages nearest to a query: the ranking under an answer, without the verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assemblybot.answering import fusion
from assemblybot.answering.answer import Citation
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.highlight import answering_spans
from assemblybot.answering.question import cleaned
from assemblybot.answering.retrieve import passage_features, score_views
from assemblybot.text.language import Language, identify


def nearest(
    assistant: Assistant, query: str, most: int, language: Language | None = None
) -> tuple[str, Language, list[Citation]]:
    """The query as read, its language, and up to `most` passages, best first. Raises QuestionError."""
    text = cleaned(query)
    spoken = language or identify(text)
    index = assistant.index
    scores = score_views(index, assistant.embedder.embed_queries([text])[0], text, spoken)
    features = passage_features(index, scores)
    fused = fusion.fuse(features, fusion.weights_from(index.calibration["fusion"]))
    odds = np.exp(fused - fused.max())
    chances = odds / odds.sum()
    found: list[Citation] = []
    for row in np.argsort(-fused, kind="stable")[:most]:
        position = int(features.passages[row])
        citation = assistant.passage(index.passages[position].id, spoken)
        assert citation is not None
        sentence, clause = answering_spans(index, position, scores)
        found.append(
            replace(
                citation,
                quote=citation.text[sentence.start : sentence.end],
                highlights=((clause.start, clause.end),),
                score=float(chances[row]),
            )
        )
    return text, spoken, found
