"""What benchmarks share: options, the development questions, percentiles, and where figures are kept."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"


def options(description: str | None) -> argparse.ArgumentParser:
    """A parser of `--write`, to which a benchmark adds its own options."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="keep the figures in benchmarks/results/")
    return parser


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


def report(name: str, figures: dict[str, Any], *, write: bool, part: str = "") -> None:
    """Print the figures and the machine; with `write`, keep them as `benchmarks/results/NAME.json`, or as
    one `part` of that file."""
    figures = figures | machine()
    print(json.dumps(figures, indent=1))
    if write:
        path = RESULTS / f"{name}.json"
        if part:
            others = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            figures = others | {part: figures}
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
