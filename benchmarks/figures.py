"""What benchmarks share: the development questions, percentiles, the machine, and where figures are kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"


def development_questions() -> list[str]:
    """The texts of the development questions."""
    lines = (ROOT / "tests" / "data" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in lines]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of `values` lie, in their unit; NaN where there are none."""
    return float(np.percentile(values, percent)) if len(values) else float("nan")


def machine() -> dict[str, Any]:
    """Where figures are taken, without which they say little."""
    return {
        "load_average": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def report(name: str, figures: dict[str, Any], *, write: bool) -> None:
    """Print the figures; with `write`, keep them as `benchmarks/results/NAME.json`."""
    text = json.dumps(figures, indent=1)
    print(text)
    if write:
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
