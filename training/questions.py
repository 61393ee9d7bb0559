"""Draws question→passage batches: whole articles, so that neighbours are hard negatives.

Bare terms of the lexicon stand among the passages: a heading says what a text is about, and
must not come before the sentence that answers.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from data import Pair
from domain import Passage, Question
from encode import TeacherCache, pad
from noise import disturb

#: how far chance may move an article's likeness when batches are drawn
RANDOMNESS = 0.08
#: passages in a batch
SIZE = 32
#: how often a passage is shown in English, so that English stays
ENGLISH_PASSAGES = 0.2
#: bare terms added to a batch, the closest to its questions among so many drawn
TERMS, DRAWN = 16, 400


@dataclass(frozen=True, slots=True)
class QuestionBatch:
    """Questions, passages, which passage answers each question, and their English texts."""

    questions: tuple[Tensor, Tensor]
    passages: tuple[Tensor, Tensor]
    gold: Tensor
    english: tuple[list[str], list[str]] | None


def articles(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Passages of one article together; a new article starts where the topic changes."""
    groups: list[list[Passage]] = []
    for passage in passages:
        if not groups or groups[-1][-1].topic != passage.topic:
            groups.append([])
        groups[-1].append(passage)
    return groups


def public_questions(data: Path) -> list[Passage]:
    """The Arabic questions of ``data/qa``, grouped by passage, without English."""
    found: dict[str, list[Question]] = {}
    for path in sorted((data / "qa").glob("*.ar.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                question, passage = line.rstrip("\n").split("\t")[:2]
                found.setdefault(passage, []).append(Question("ar", question, "", True))
    return [
        Passage(f"qa{i}", f"qa{i}", text, "", tuple(questions))
        for i, (text, questions) in enumerate(found.items())
    ]


class Questions:
    """An endless stream of batches over articles; each article once before any comes again."""

    def __init__(
        self,
        passages: Sequence[Passage],
        terms: Sequence[Pair],
        tokenizer: Tokenizer,
        cache: TeacherCache,
        seed: int,
    ) -> None:
        self._articles = articles(passages)
        self._terms, self._tokenizer, self._cache = terms, tokenizer, cache
        self._chance = random.Random(seed)
        self._centres = np.zeros((len(self._articles), 384), np.float32)
        for index, article in enumerate(self._articles):
            if article[0].english:
                rows = cache.rows([passage.english for passage in article])
                self._centres[index] = cache.vectors[rows].astype(np.float32).mean(axis=0)

    def _close_terms(self, english: list[str]) -> list[Pair]:
        """The drawn terms that the teacher finds closest to any of the questions."""
        if not self._terms:
            return []
        drawn = self._chance.sample(self._terms, min(DRAWN, len(self._terms)))
        terms = self._cache.vectors[self._cache.rows([term.english for term in drawn])]
        questions = self._cache.vectors[self._cache.rows(english)]
        closest = (terms.astype(np.float32) @ questions.astype(np.float32).T).max(axis=1)
        return [drawn[index] for index in closest.argsort()[::-1][:TERMS]]

    def _tokens(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        return pad([encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))])

    def _batch(self, passages: Sequence[Passage], noise: float) -> QuestionBatch:
        texts: list[str] = []
        english: list[str] = []
        translated: list[str] = []
        gold: list[int] = []
        for index, passage in enumerate(passages):
            for question in passage.questions:
                disturbed = self._chance.random() < noise
                text = question.text
                texts.append(disturb(text, question.lang, self._chance) if disturbed else text)
                english.append(question.english)
                gold.append(index if question.answered else -1)
            own = bool(passage.english) and self._chance.random() < ENGLISH_PASSAGES
            translated.append(passage.english if own else passage.text)
        originals = [passage.english for passage in passages]
        complete = all(originals)
        if complete:
            terms = self._close_terms(english)
            translated += [term.text for term in terms]
            originals += [term.english for term in terms]
        return QuestionBatch(
            self._tokens(texts),
            self._tokens(translated),
            torch.tensor(gold),
            (english, originals) if complete else None,
        )

    def _neighbours(self) -> list[list[int]]:
        """Articles in groups of ``SIZE`` passages that the teacher finds alike.

        The questions of an article are hard to tell apart by its subject; those of articles about
        a like subject are too. Some randomness keeps the groups from being the same each time.
        """
        left = [i for i, group in enumerate(self._articles) if group[0].english]
        self._chance.shuffle(left)
        groups: list[list[int]] = []
        while left:
            likeness = (self._centres[left] @ self._centres[left[0]]).tolist()
            likeness = [value + self._chance.gauss(0, RANDOMNESS) for value in likeness]
            likeness[0] = 2.0
            chosen: list[int] = []
            held = 0
            for place in sorted(range(len(left)), key=lambda i: -likeness[i]):
                if held < SIZE:
                    chosen.append(left[place])
                    held += len(self._articles[left[place]])
            left = [index for index in left if index not in chosen]
            groups.append(chosen)
        return groups

    def _round(self) -> list[list[Passage]]:
        """Every article once, in batches; those with English apart from those without."""
        public = [i for i, group in enumerate(self._articles) if not group[0].english]
        self._chance.shuffle(public)
        groups = self._neighbours() + [public[i : i + SIZE] for i in range(0, len(public), SIZE)]
        self._chance.shuffle(groups)
        return [[p for index in group for p in self._articles[index]] for group in groups]

    def stream(self, noise: float) -> Iterator[QuestionBatch]:
        """Batches of about ``SIZE`` passages with all their questions."""
        while True:
            for passages in self._round():
                yield self._batch(passages, noise)
