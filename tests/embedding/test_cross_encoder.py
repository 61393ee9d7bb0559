"""The cross-encoder: what it prefers, where it finds answers, and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblybot.embedding.cross_encoder import LONGEST_SPAN, CrossEncoder, Reading, best_span

HARBOUR = ("The harbour", "The new harbour of Larache opened on 3 May 2021 after six years of work.")
CHEESE = ("The market", "Cheese and olives are sold behind the town hall every Saturday.")


@pytest.fixture(scope="module")
def reader(folder: Path) -> CrossEncoder:
    return CrossEncoder(folder)


@pytest.mark.parametrize(
    "question",
    [
        "When did the harbour open?",
        "Quand le port a-t-il ouvert ?",
        "متى افتتح الميناء؟",
        "¿Cuándo abrió el puerto?",
    ],
)
def test_the_passage_that_answers_is_preferred(reader: CrossEncoder, question: str) -> None:
    harbour, cheese = reader.read(question, [HARBOUR, CHEESE])
    assert harbour.answers > cheese.answers


def test_the_span_is_of_the_passage(reader: CrossEncoder) -> None:
    (reading,) = reader.read("When did the harbour open?", [HARBOUR])
    start, end = reading.span
    assert "2021" in HARBOUR[1][start:end]


def test_offsets_hold_for_marks_and_emoji(reader: CrossEncoder) -> None:
    passage = "🎉 اِفتُتِحَ المِيناءُ الجَديدُ يَومَ 3 مايو 2021 ﻓﻲ العَرائِش."
    (reading,) = reader.read("متى افتتح الميناء؟", [("", passage)])
    assert "2021" in passage[slice(*reading.span)]


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=400))
def test_any_text_can_be_read(reader: CrossEncoder, question: str, passage: str) -> None:
    (reading,) = reader.read(question, [("", passage)])
    start, end = reading.span
    assert 0 <= start <= end <= len(passage)
    assert np.isfinite([reading.answers, reading.found]).all()


def test_long_texts_are_cut(reader: CrossEncoder) -> None:
    long = " ".join(["word"] * 2_000)
    (reading,) = reader.read(long, [(long, HARBOUR[1] + long)])
    assert np.isfinite(reading.answers)


def test_batches_and_threads_do_not_change_a_reading(reader: CrossEncoder) -> None:
    pairs = [HARBOUR, CHEESE] * 12
    together = reader.read("When did the harbour open?", pairs)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda pair: reader.read("When did the harbour open?", [pair])[0], pairs))
    assert [r.span for r in together] == [r.span for r in alone]
    np.testing.assert_allclose([r.answers for r in together], [r.answers for r in alone], atol=0.2)


def test_the_best_span_is_short_and_in_order() -> None:
    scores = np.zeros((80, 2), np.float32)
    scores[5, 0] = scores[60, 1] = 9.0  # too far apart
    scores[8, 0] = scores[12, 1] = 4.0
    found, (first, last) = best_span(scores, 1, 79)
    assert first <= last < first + LONGEST_SPAN
    assert (first, last) == (4, 11)
    assert found == pytest.approx(13.0)


def test_what_was_read_lately_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = CrossEncoder(folder)
    pairs = [("Trains", "The train leaves at nine."), ("", "The harbour opened in May."), ("", "It rained.")]
    first = reader.read("When does the train leave?", pairs)
    scored, read = reader._scored, []

    def counted(triples: Sequence[tuple[str, str, str]]) -> list[Reading]:
        read.append(len(triples))
        return scored(triples)

    monkeypatch.setattr(reader, "_scored", counted)
    assert reader.read("When does the train leave?", [*pairs[1:], ("", "It snowed.")])[:2] == first[1:]
    assert reader.read("When did it rain?", pairs[2:]) != first[2:]
    assert read == [1, 1]
