"""The table of large indexes, from the fields that `benchmarks/scale/run.py` writes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs"))

import one_machine
import results

SIZE: dict[str, Any] = {
    "passages": 100_000,
    "build": {"seconds": 61.4, "peak_resident_mb": 1500, "disk_mb": 320},
    "use": {
        "entries": 104_000,
        "open_from_disk_s": 0.5,
        "p50_ms": 9.04,
        "p99_ms": 21.0,
        "p99_ms_from_disk": 40.0,
        "resident_after_questions": {"own_mb": 90, "mapped_mb": 200},
        "dense_recall_at_10": 0.97,
    },
    "add": {"seconds": 3.6},
}


def test_a_row_for_each_size_and_nothing_before_one_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    assert one_machine.one_machine() == ""
    (tmp_path / "scale.json").write_text(json.dumps({"100000": SIZE}), encoding="utf-8")
    head, line, row = one_machine.one_machine().splitlines()
    assert head.count("|") == line.count("|") == row.count("|")
    assert row.startswith("| 100,000 | 104,000 | 61 s | 1,500 MB | 320 MB | 0.50 s | 9.0 ms | 21.0 ms |")


def test_the_benchmark_writes_these_fields() -> None:
    code = "".join(
        (ROOT / "benchmarks" / "scale" / name).read_text("utf-8") for name in ("run.py", "measure.py")
    )

    def names(figures: dict[str, Any]) -> set[str]:
        inner = [names(value) for value in figures.values() if isinstance(value, dict)]
        return set(figures).union(*inner)

    assert [name for name in names(SIZE) if f'"{name}"' not in code] == []
