"""Draws question→passage batches: whole articles, so that neighbours are hard negatives."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from domain import Passage, Question
from encode import pad
from noise import disturb

#: passages in a batch
SIZE = 32
#: how often a passage is shown in English, so that English stays
ENGLISH_PASSAGES = 0.2


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

    def __init__(self, passages: Sequence[Passage], tokenizer: Tokenizer, seed: int) -> None:
        self._articles = articles(passages)
        self._tokenizer = tokenizer
        self._chance = random.Random(seed)

    def _tokens(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        return pad([encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))])

    def _batch(self, passages: Sequence[Passage], noise: float) -> QuestionBatch:
        texts, english, gold, translated = [], [], [], []
        for index, passage in enumerate(passages):
            for question in passage.questions:
                disturbed = self._chance.random() < noise
                text = question.text
                texts.append(disturb(text, question.lang, self._chance) if disturbed else text)
                english.append(question.english)
                gold.append(index if question.answered else -1)
            own = bool(passage.english) and self._chance.random() < ENGLISH_PASSAGES
            translated.append(passage.english if own else passage.text)
        complete = all(passage.english for passage in passages)
        return QuestionBatch(
            self._tokens(texts),
            self._tokens(translated),
            torch.tensor(gold),
            (english, [passage.english for passage in passages]) if complete else None,
        )

    def stream(self, noise: float) -> Iterator[QuestionBatch]:
        """Batches of about ``SIZE`` passages with all their questions."""
        while True:
            order = self._articles[:]
            self._chance.shuffle(order)
            held: list[Passage] = []
            for article in order:
                held += article
                if len(held) >= SIZE:
                    yield self._batch(held, noise)
                    held = []
