"""The exported reader, without torch at work: it tells answered questions from their near misses."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from tokenizers import Tokenizer

import sources
from batches import collate, encode

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[2] / "models" / "assembly-e5"
#: every so many of the pairs that were left out of training
EVERY = 9
AREA, IN_ORDER = 0.70, 0.70


@pytest.fixture(scope="module")
def readings() -> list[tuple[int, bool, float]]:
    """Of each row the number of its unit, whether the passage answers, and the log-odds."""
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    session = ort.InferenceSession(str(FOLDER / "reader.onnx"))
    units = [unit for unit in sources.near_misses(random.Random(0)) if unit.held_out][::EVERY]
    found = []
    for number, unit in enumerate(units):
        rows = encode(tokenizer, unit.examples)
        batch = collate(rows, range(len(rows)))
        feeds = {
            "input_ids": batch.ids.numpy(),
            "segments": batch.segments.numpy(),
            "attention_mask": batch.mask.numpy().astype(np.int64),
        }
        answers = session.run(["answer"], feeds)[0]
        found += [(number, row.answers, float(value)) for row, value in zip(rows, answers, strict=True)]
    return found


def test_area_under_the_curve(readings: list[tuple[int, bool, float]]) -> None:
    above = np.array([value for _, answers, value in readings if answers])
    below = np.array([value for _, answers, value in readings if not answers])
    assert np.greater.outer(above, below).mean() >= AREA


def test_an_answered_question_stands_above_its_near_miss(readings: list[tuple[int, bool, float]]) -> None:
    pairs = [
        right > wrong
        for number, answers, right in readings
        if answers
        for other, answered, wrong in readings
        if other == number and not answered
    ]
    assert len(pairs) > 30
    assert np.mean(pairs) >= IN_ORDER
