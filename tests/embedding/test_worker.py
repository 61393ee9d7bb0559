"""The worker's cache and its batches."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from assemblybot.embedding.base import Vectors
from assemblybot.embedding.worker import Worker, by_length


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
    encode, worker = Counting(), Worker(1, 8)
    worker.run_cached(encode, ["a", "bb"])
    rows = worker.run_cached(encode, ["bb", "ccc", "ccc", "a"])
    assert rows[:, 0].tolist() == [2, 3, 3, 1]
    assert encode.asked == ["a", "bb", "ccc"]


def test_the_oldest_question_leaves_first() -> None:
    encode, worker = Counting(), Worker(1, 2)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        worker.run_cached(encode, [text])
    assert encode.asked == ["a", "bb", "ccc", "bb"]


def test_without_a_cache_everything_is_encoded() -> None:
    encode, worker = Counting(), Worker(1, 0)
    worker.run_cached(encode, ["a"])
    assert worker.run_cached(encode, ["a"]).tolist() == [[1]]
    assert encode.asked == ["a", "a"]


def test_one_thread_does_the_work() -> None:
    encode, worker = Counting(), Worker(1, 8)
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
        Worker(1, 8).run(fail, ["a"])


def test_batches_hold_every_text_once_by_length() -> None:
    texts = ["aaaa", "b", "ccc", "dd", "e"]
    groups = by_length(texts, 2)
    assert groups == [[1, 4], [3, 2], [0]]
    assert by_length([], 2) == []
