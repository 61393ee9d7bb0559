"""The thread of a model, its cache and its batches."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from assemblybot.embedding.base import CachingEmbedder, Vectors, Worker

VectorWorker = Worker[str, Vectors]


class Counting:
    """Encodes a text as its length and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        self.threads.add(threading.get_ident())
        return np.array([[len(text)] for text in texts], np.float32)


def test_a_known_question_is_not_encoded_again() -> None:
    encode, worker = Counting(), VectorWorker("test", 8)
    worker.run_cached(encode, ["a", "bb"])
    rows = worker.run_cached(encode, ["bb", "ccc", "ccc", "a"])
    assert np.stack(rows)[:, 0].tolist() == [2, 3, 3, 1]
    assert encode.asked == ["a", "bb", "ccc"]


def test_the_oldest_question_leaves_first() -> None:
    encode, worker = Counting(), VectorWorker("test", 2)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        worker.run_cached(encode, [text])
    assert encode.asked == ["a", "bb", "ccc", "bb"]


def test_without_a_cache_everything_is_encoded() -> None:
    encode, worker = Counting(), VectorWorker("test", 0)
    worker.run_cached(encode, ["a"])
    assert np.stack(worker.run_cached(encode, ["a"])).tolist() == [[1]]
    assert encode.asked == ["a", "a"]


def test_one_thread_does_the_work() -> None:
    encode, worker = Counting(), VectorWorker("test", 8)
    callers = [threading.Thread(target=worker.run_cached, args=(encode, [f"{i}"])) for i in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(encode.threads) == 1
    assert threading.get_ident() not in encode.threads


def test_an_error_reaches_the_caller() -> None:
    def fail(_: Sequence[str]) -> Vectors:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        VectorWorker("test", 8).run(fail, ["a"])


class InTwos(CachingEmbedder):
    """Encodes a text as its length, two at a time, and remembers the batches."""

    batch = 2

    def __init__(self) -> None:
        super().__init__("in-twos", 1, 8)
        self.batches: list[list[str]] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        return np.array([[len(text)] for text in texts], np.float32)


def test_batches_hold_every_text_once_by_length() -> None:
    embedder = InTwos()
    assert embedder.embed_passages(["aaaa", "b", "ccc", "dd", "e"])[:, 0].tolist() == [4, 1, 3, 2, 1]
    assert embedder.batches == [["b", "e"], ["dd", "ccc"], ["aaaa"]]
    assert embedder.embed_passages([]).shape == embedder.embed_queries([]).shape == (0, 1)
