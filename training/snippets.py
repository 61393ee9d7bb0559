"""Cuts passages into sentences, and finds which sentence answers each question.

Articles hold list items and short paragraphs, not only full ones. An Arabic passage and its
English translation are cut at the same places when that gives as many pieces; the English teacher
then says which piece a question is closest to. Where it hesitates, the question is left out.
"""

from __future__ import annotations

import re

from domain import Passage, Question
from encode import TeacherCache

MARGIN = 0.08
_END = re.compile(r"(?<=[.!?؟؛;])\s+")


def pieces(text: str) -> list[str]:
    """Sentences and clauses that end in a full stop, a question mark or a semicolon."""
    return [piece.strip() for piece in _END.split(text) if piece.strip()]


def snippets(passages: list[Passage], cache: TeacherCache) -> list[Passage]:
    """One short passage for each aligned sentence, with the questions it answers."""
    asked = [question.english for passage in passages for question in passage.questions]
    cache.rows(asked + [piece for passage in passages for piece in pieces(passage.english)])
    found: list[Passage] = []
    for passage in passages:
        arabic, english = pieces(passage.text), pieces(passage.english)
        if not 2 <= len(arabic) == len(english):
            continue
        questions = cache.vectors[cache.rows([question.english for question in passage.questions])]
        scores = questions.astype(float) @ cache.vectors[cache.rows(english)].T.astype(float)
        held: list[list[Question]] = [[] for _ in arabic]
        for question, row in zip(passage.questions, scores, strict=True):
            ranked = row.argsort()[::-1]
            if question.answered and row[ranked[0]] - row[ranked[1]] >= MARGIN:
                held[ranked[0]].append(question)
        for index, (ours, theirs) in enumerate(zip(arabic, english, strict=True)):
            name, topic = f"{passage.id}.{index}", f"{passage.topic}: sentences"
            found.append(Passage(name, topic, ours, theirs, tuple(held[index])))
    return found
