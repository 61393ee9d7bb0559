"""Results of the service's benchmarks, from the files that they write to benchmarks/results/.

A benchmark that was not run with `--write` yet has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from results import measured, read, table

_Result = dict[str, Any]
#: What was done, and what came of it.
_Row = tuple[str, str]


def _load(found: _Result) -> _Row:
    return (
        f"{found['deliveries']:,} deliveries, {found['repetitions']:,} of them duplicates, to two replicas; "
        f"one replica killed, the index rebuilt twice",
        f"{found['answered_once']:,} of {found['questions']:,} questions answered once, "
        f"{found['lost']} lost, {found['doubled']} answered twice",
    )


def _acknowledged(found: _Result) -> _Row:
    return (
        f"time to acknowledge at {found['rate']:g} questions per second, median and p99",
        f"{found['ack_p50_ms']:.1f} and {found['ack_p99_ms']:.1f} ms",
    )


def _soak(found: _Result) -> _Row:
    return (
        f"{found['minutes']:g} minutes at {found['questions_per_second']:g} questions per second",
        f"memory {found['slope_mb_per_hour']:+.1f} MB per hour, "
        f"{found['tasks']['at_last']:g} tasks at the end, at most {found['tasks']['most']:g}",
    )


def _fuzz(found: _Result) -> _Row:
    failed = sum(count for status, count in found["statuses"].items() if status.startswith("5"))
    return (
        f"{found['bodies']:,} webhook bodies, valid and damaged",
        f"{failed} answered with 5xx, {found['last_resort']} reached the last-resort error handler, "
        f"{found['left_out']:,} dropped because processing them failed",
    )


def _kills(found: _Result) -> _Row:
    return (
        f"an index build killed {found['kills']} times",
        f"{found['index_unusable']} indexes unusable, {found['index_wrong']} with wrong answers",
    )


_ROWS: Final[dict[str, tuple[str, Callable[[_Result], _Row]]]] = {
    "service-load": ("service_load.py", _load),
    "service-ack": ("service_ack.py", _acknowledged),
    "soak": ("soak.py", _soak),
    "fuzz": ("fuzz.py", _fuzz),
    "kill-builds": ("kill_builds.py", _kills),
}


def service() -> str:
    """A row for each benchmark of the service: what was done, what came of it, what measures it."""
    rows = [
        [*row(read(f"{name}.json")), f"`benchmarks/{script}`"]
        for name, (script, row) in _ROWS.items()
        if measured(f"{name}.json")
    ]
    return table(["what", "result", "measured by"], rows)


def capacity() -> str:
    """Time and memory of an answer, and what is left of builds that are killed."""
    answering, soaked, kills = read("core.json"), read("soak.json"), read("kill-builds.json")
    whole = kills["kills"] - kills["index_unusable"] - kills["index_wrong"]
    most = max(resident for _, resident, _ in soaked["samples"])
    rows = (
        (
            "answering one question, median and p99",
            f"{answering['p50_ms']:.1f} and {answering['p99_ms']:.1f} ms",
            "`benchmarks/core.py`",
        ),
        (
            "memory of a process that answers, at most",
            f"{answering['peak_resident_mb']} MB",
            "`benchmarks/core.py`",
        ),
        (
            f"memory of all processes of the service, in {soaked['minutes']:g} minutes at half load, at most",
            f"{max(most, soaked['resident_mb_at_last']):.0f} MB",
            "`benchmarks/soak.py`",
        ),
        (
            "index builds that were killed",
            f"{whole} of {kills['kills']} left an index that loads and answers right",
            "`benchmarks/kill_builds.py`",
        ),
    )
    return table(["what", "figure", "measured by"], rows)
