"""The files that benchmarks wrote, and tables of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).resolve().parents[1] / "benchmarks" / "results"


def measured(name: str) -> bool:
    """Whether the benchmark that writes the file was run."""
    return (RESULTS / name).is_file()


def read(name: str) -> dict[str, Any]:
    """The figures in one file."""
    figures: dict[str, Any] = json.loads((RESULTS / name).read_text(encoding="utf-8"))
    return figures


def table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; each line ends with a line end."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
