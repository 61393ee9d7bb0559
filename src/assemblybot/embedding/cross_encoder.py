"""The cross-encoder: reads question and passage together, and says whether and where the passage answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from assemblybot.embedding.base import Worker
from assemblybot.embedding.model_folder import BEGIN, END, load_checked, padded, session, tokenizer
from assemblybot.text.sentences import Span, trim

GRAPH = "reader.onnx"
BATCH = 16
#: what a token belongs to
SPECIAL, QUESTION, CONTEXT, PASSAGE = range(4)
#: tokens of a row, of the question and of the context in it, and of a span
LONGEST, LONGEST_QUESTION, LONGEST_CONTEXT, LONGEST_SPAN = 256, 64, 48, 30
#: both scores of a pair of which one side has no token: almost certainly no answer
NOTHING = -20.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model makes of one question beside one passage.

    Attributes:
        answers: log-odds that the passage answers the question.
        found: score of the best span less that of "no answer".
        span: the characters of the passage that answer most closely; empty only for a passage without text.
    """

    answers: float
    found: float
    span: Span


class _Row(NamedTuple):
    """One pair as tokens; `offsets` are the passage's characters of each token from `first` on."""

    ids: list[int]
    segments: list[int]
    first: int
    offsets: list[tuple[int, int]]

    @property
    def readable(self) -> bool:
        """Whether there are a question and a passage to read."""
        return bool(self.offsets) and QUESTION in self.segments


class CrossEncoder:
    """Reads passages for a question. Safe to call from several threads.

    `folder` is one such as assembly-e5, `threads` are the CPU threads of one call, `cache_size` is the
    number of recent readings that are kept. Raises ModelError when the folder cannot be loaded.
    """

    def __init__(self, folder: Path, *, threads: int = 2, cache_size: int = 4096) -> None:
        _, (self._tokenizer, self._session) = load_checked(
            folder, lambda: (tokenizer(folder), session(folder / GRAPH, threads))
        )
        # cached by question, context and passage
        self._worker: Worker[tuple[str, str, str], Reading] = Worker("cross-encoder", cache_size)

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Reads the question beside each passage.

        Args:
            question: at most 64 tokens of it are read.
            passages: pairs of context (title, section and lead-in joined; may be empty) and passage. A
                passage is cut where the row has 256 tokens.

        Returns:
            One reading for each passage, in their order.
        """
        return self._worker.run_cached(self._scored, [(question, *pair) for pair in passages])

    def _scored(self, triples: Sequence[tuple[str, str, str]]) -> list[Reading]:
        """Readings of question, context and passage; the question is the same in all of them."""
        question, passages = triples[0][0], [triple[1:] for triple in triples]
        texts = [question, *(text for pair in passages for text in pair)]
        asked, *others = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        rows = [_row(asked, *pair) for pair in zip(others[::2], others[1::2], strict=True)]
        readings = [Reading(NOTHING, NOTHING, Span(0, len(text))) for _, text in passages]
        order = sorted((n for n, row in enumerate(rows) if row.readable), key=lambda n: len(rows[n].ids))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            answers, spans = self._scores([rows[number] for number in part])
            for number, answer, scores in zip(part, answers, spans, strict=True):
                found, place = best_span(scores, rows[number].first, len(rows[number].offsets))
                span = _characters(passages[number][1], [rows[number].offsets[n] for n in place])
                readings[number] = Reading(float(answer), found, span)
        return readings

    def _scores(self, rows: Sequence[_Row]) -> tuple[Floats, Floats]:
        """Log-odds `(n,)` and span scores `(n, longest, 2)`."""
        ids, mask = padded([row.ids for row in rows])
        segments, _ = padded([row.segments for row in rows], SPECIAL)
        feeds = {"input_ids": ids, "segments": segments, "attention_mask": mask}
        answers, spans = self._session.run(["answer", "spans"], feeds)
        return answers, spans


def _row(asked: Encoding, above: Encoding, told: Encoding) -> _Row:
    """Tokens `<s> question </s> context </s> passage </s>`."""
    question, context = asked.ids[:LONGEST_QUESTION], above.ids[:LONGEST_CONTEXT]
    head = [BEGIN, *question, END, *context, END]
    kinds = [SPECIAL, *[QUESTION] * len(question), SPECIAL, *[CONTEXT] * len(context), SPECIAL]
    kept = LONGEST - len(head) - 1
    passage = told.ids[:kept]
    segments = [*kinds, *[PASSAGE] * len(passage), SPECIAL]
    return _Row([*head, *passage, END], segments, len(head), told.offsets[:kept])


def best_span(scores: Floats, first: int, count: int) -> tuple[float, tuple[int, int]]:
    """The best span of at most 30 tokens among the `count` tokens of the passage.

    Args:
        scores: `(length, 2)`, each token as start and as end; the first row stands for "no answer".
        first: where the passage begins in the row.
        count: its tokens.

    Returns:
        Its score less that of "no answer", and its first and last token, counted from `first`.
    """
    begin, end = scores[first : first + count].T
    joint = begin[:, None] + end[None, :]
    tokens = np.arange(count)
    width = tokens[None, :] - tokens[:, None]
    spans = np.where((width >= 0) & (width < LONGEST_SPAN), joint, -np.inf)
    start, last = divmod(int(spans.argmax()), count)
    return float(joint[start, last] - scores[0].sum()), (start, last)


def _characters(text: str, offsets: Sequence[tuple[int, int]]) -> Span:
    """From the first offset to the last, with the marks of its last letter, without spaces around it.

    Offsets are of the text as it was given, but the tokenizer counts a space to the word behind it and
    leaves vowel signs that it drops to no token.
    """
    start, end = offsets[0][0], max(offsets[-1][1], offsets[0][1])
    while end < len(text) and unicodedata.category(text[end]) in ("Mn", "Me"):
        end += 1
    return trim(text, start, end) or Span(0, len(text))
