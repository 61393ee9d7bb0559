"""Floors that ranking and verdict keep, and changes that would turn them red."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from assemblybot.answering.calibration import Calibration
from assemblybot.answering.retrieve import FEATURES
from tests.quality.conftest import HERE
from tests.quality.gate import Gathered

FLOORS: Mapping[str, Mapping[str, float]] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))

SETS = ("own documents", "article")
CHANGES: Mapping[str, Callable[[Calibration], Calibration]] = {
    "dense retriever only": lambda c: replace(
        c, ranking=c.ranking * [name.startswith("dense") for name in FEATURES], reading=c.reading * 0
    ),
    "nothing read": lambda c: replace(c, reading=np.zeros_like(c.reading)),
    "thresholds halved": lambda c: replace(c, answered=c.answered / 2, sure=c.sure / 2),
    "thresholds doubled": lambda c: replace(c, answered=c.answered * 2, sure=min(1.0, c.sure * 2)),
}


def below(gathered: Gathered, name: str, calibration: Calibration) -> list[str]:
    """Measures of a set that are under their floor, with both figures."""
    found = gathered.figures(calibration)
    return [f"{m} {found[m]:.3f} < {floor}" for m, floor in FLOORS[name].items() if found[m] < floor]


@pytest.mark.parametrize("name", SETS)
def test_the_floors_are_kept(sets: Mapping[str, Gathered], name: str) -> None:
    assert below(sets[name], name, sets[name].assistant.calibration) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_turns_a_floor_red(sets: Mapping[str, Gathered], change: str) -> None:
    calibration = CHANGES[change](sets[SETS[0]].assistant.calibration)
    assert any(below(sets[name], name, calibration) for name in SETS)
