"""How one machine carries large indexes: a row for each size measured by `benchmarks/scale/run.py`."""

from __future__ import annotations

from typing import Any

from results import measured, read, table


def one_machine() -> str:
    """Nothing before the first size was measured."""
    if not measured("scale.json"):
        return ""
    heads = (
        "passages",
        "entries",
        "build",
        "memory of the build",
        "disk",
        "opens in",
        "search, median",
        "p99",
        "p99, from disk",
        "memory, private and mapped",
        "recall of the nearest 10",
        "adding 1 %",
    )
    sizes = sorted(read("scale.json").values(), key=lambda found: int(found["passages"]))
    return table(heads, map(_row, sizes))


def _row(found: dict[str, Any]) -> list[str]:
    build, use, memory = found["build"], found["use"], found["use"]["resident_after_questions"]
    return [
        f"{found['passages']:,}",
        f"{use['entries']:,}",
        f"{build['seconds']:,.0f} s",
        f"{build['peak_resident_mb']:,} MB",
        f"{build['disk_mb']:,} MB",
        f"{use['open_from_disk_s']:.2f} s",
        f"{use['p50_ms']:.1f} ms",
        f"{use['p99_ms']:.1f} ms",
        f"{use['p99_ms_from_disk']:.1f} ms",
        f"{memory['own_mb']:,} and {memory['mapped_mb']:,} MB",
        f"{use['dense_recall_at_10']:.3f}",
        f"{found['add']['seconds']:,.0f} s",
    ]
