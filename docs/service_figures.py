"""What the service was put through, from the files in benchmarks/results/ that its benchmarks wrote.

A benchmark that was not run with `--write` yet has no row.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tables import RESULTS

_Result = dict[str, Any]


def _load(found: _Result) -> str:
    return (
        f"{found['deliveries']:,} deliveries, {found['repetitions']:,} of them repetitions, to two replicas; "
        f"one killed, the index built twice | {found['answered_once']:,} of {found['questions']:,} questions "
        f"answered once, "
        f"{found['lost']} lost, {found['doubled']} doubled"
    )


def _acknowledged(found: _Result) -> str:
    return (
        f"acknowledgement at {found['rate']:g} questions a second, median and p99 | "
        f"{found['ack_p50_ms']:.1f} and {found['ack_p99_ms']:.1f} ms"
    )


def _soak(found: _Result) -> str:
    return (
        f"{found['minutes']:g} minutes at {found['questions_per_second']:g} questions a second | memory "
        f"{found['slope_mb_per_hour']:+.1f} MB an hour, {found['tasks']['at_last']:g} tasks at the end, "
        f"at most {found['tasks']['most']:g}"
    )


def _fuzz(found: _Result) -> str:
    failed = sum(count for status, count in found["statuses"].items() if status.startswith("5"))
    return (
        f"{found['bodies']:,} bodies of webhooks, whole and damaged | {failed} answered with 5xx, "
        f"{found['last_resort']} reached the last resort; {found['left_out']:,} failed inside one delivery, "
        f"caught and left out"
    )


def _kills(found: _Result) -> str:
    return (
        f"{found['kills']} kills of an index build | {found['index_unusable']} indexes unusable, "
        f"{found['index_wrong']} wrong"
    )


_ROWS: Final[dict[str, tuple[str, Callable[[_Result], str]]]] = {
    "service-load": ("service_load.py", _load),
    "service-ack": ("service_ack.py", _acknowledged),
    "soak": ("soak.py", _soak),
    "fuzz": ("fuzz.py", _fuzz),
    "kill-builds": ("kill_builds.py", _kills),
}


def service() -> str:
    """A row for each benchmark of the service: what was done, what came of it, what measures it."""
    rows = [
        f"| {row(json.loads(path.read_text(encoding='utf-8')))} | `benchmarks/{script}` |"
        for name, (script, row) in _ROWS.items()
        if (path := RESULTS / f"{name}.json").exists()
    ]
    return "\n".join(["| what | result | measured by |", "|---|---|---|", *rows]) + "\n"
