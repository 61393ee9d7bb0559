"""Bodies that no platform sends: never 5xx, nothing at the last resort, and it answers after."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from benchmarks.fuzz import fuzz

from assemblybot import Assistant
from assemblybot.settings import Settings


@pytest.mark.parametrize(
    ("bodies", "seed"), [(300, 1), pytest.param(2000, 2, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_odd_bodies(settings: Settings, assistant: Assistant, tmp_path: Path, bodies: int, seed: int) -> None:
    found = asyncio.run(fuzz(settings, assistant, tmp_path, bodies, seed))
    assert max(found.statuses) < 500, found.statuses
    assert not found.failures
    assert found.answered_after
    assert found.statuses[200] > bodies / 5  # many are whole enough to be taken
    assert sum(found.left_out.values()) <= bodies / 1000, found.left_out
    assert found.statuses[401] > bodies / 50
