"""The weights of the ranking and of the verdict, as they lie in the model folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assemblybot.answering.calibration import NAME, SIGNALS, Calibration, reading_row
from assemblybot.embedding.cross_encoder import Reading
from assemblybot.errors import ModelError
from assemblybot.text.sentences import Span
from tests.conftest import MODEL

STORED = json.loads((MODEL / NAME).read_text(encoding="utf-8"))


def test_what_was_read_is_written_as_it_was() -> None:
    assert Calibration.load(MODEL).to_dict() == STORED


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps(STORED | {"bias": "much"}), json.dumps(STORED | {"reading": {}})]
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(ModelError, match=NAME):
        Calibration.load(tmp_path)


def test_no_signals_however_strong_are_more_than_a_probability() -> None:
    calibration = Calibration.load(MODEL)
    strong = np.array([np.sign(weight) * 1e6 for weight in calibration.verdict])
    assert calibration.confidence(strong) == pytest.approx(1.0)
    assert calibration.confidence(-strong) == pytest.approx(0.0)
    even = np.zeros(len(SIGNALS))
    even[0] = -calibration.bias / calibration.verdict[0]
    assert calibration.confidence(even) == pytest.approx(0.5)


@pytest.mark.parametrize(("said", "counts"), [(3.0, 3.0), (8.5, 8.0), (-99.0, -8.0)])
def test_a_reading_counts_up_to_a_limit(said: float, counts: float) -> None:
    assert list(reading_row(Reading(said, -said, Span(0, 1)))) == [counts, -counts]
