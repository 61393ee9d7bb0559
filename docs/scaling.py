"""What large clusters cost, worked out from what `benchmarks/sizing.py` measured.

Every step of the arithmetic is a row of a table of docs/scaling.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from results import read, table

DIMENSION: Final = 384
GRAPH_BYTES: Final = 2 * 16 * 4 + 8
POSTING_BYTES: Final = 8
GIB: Final = 2**30
# Of a query node's memory, the share that vectors may take; the rest is for growing segments,
# caches of the mapped postings and the process.
USED: Final = 0.7
BUILDING_CORES: Final = 800
SEGMENT_BYTES: Final = 8 * GIB


@dataclass(frozen=True, slots=True)
class Cluster:
    """The query nodes chosen for a number of passages (deploy/milvus/values-<name>.yaml)."""

    name: str
    passages: int
    node_gib: int
    node_cores: int
    replicas: int = 2


CLUSTERS: Final = (Cluster("100m", 100_000_000, 64, 16), Cluster("1b", 1_000_000_000, 256, 32))


@dataclass(frozen=True, slots=True)
class Size:
    """What a cluster needs; bytes, seconds and nodes of one replica unless said otherwise."""

    entries: float
    dense: float
    postings: float
    nodes: int
    node_disk_gb: int
    segments: int
    question_s: float

    def questions_per_s(self, cluster: Cluster) -> float:
        """Of all replicas, all cores busy."""
        return cluster.replicas * self.nodes * cluster.node_cores / self.question_s


def measured() -> dict[str, Any]:
    """The figures of `benchmarks/sizing.py`."""
    return read("sizing.json")


def size(cluster: Cluster, found: dict[str, Any]) -> Size:
    """The arithmetic, one step a line."""
    entries = cluster.passages * found["entries_per_passage"]
    dense = entries * (DIMENSION + GRAPH_BYTES)
    postings = entries * found["words_per_entry"] * POSTING_BYTES
    nodes = math.ceil(dense / (USED * cluster.node_gib * GIB))
    # Half as much again: a segment is written whole before the one it replaces goes.
    node_disk_gb = math.ceil(1.5 * postings / nodes / 1e9 / 100) * 100
    segments = math.ceil(entries * (4 * DIMENSION + postings / entries) / SEGMENT_BYTES)
    graph_s = segments * found["graph_search_ms"] / 1000
    lexical_s = entries * found["words_reach"] / found["postings_per_core_s"]
    return Size(entries, dense, postings, nodes, node_disk_gb, segments, graph_s + lexical_s)


def milvus_lite() -> str:
    """The shipped corpus in its folder and in Milvus Lite (`benchmarks/milvus.py`)."""
    found = read("milvus.json")
    count = found["questions"]
    rows = [
        [name, f"{found[key]['p50_ms']:.1f} ms", f"{found[key]['p99_ms']:.1f} ms", cited]
        for name, key, cited in (
            ("index folder", "faiss", ""),
            ("Milvus Lite", "milvus_lite", f"{found['same_citations']} of {count}"),
        )
    ]
    head = [
        f"{found['entries']:,} entries, {count} questions",
        "search, median",
        "p99",
        "same citations",
    ]
    return table(head, rows)


def per_view() -> str:
    """Bytes per entry, by kind of index."""
    found = measured()
    raw = 4 * DIMENSION
    rows = [
        ["raw vectors, float32", f"4 × {DIMENSION}", f"{raw}", "0"],
        ["HNSW, float32", f"{raw} + {GRAPH_BYTES}", f"{raw + GRAPH_BYTES}", "0"],
        ["**HNSW_SQ, one byte (chosen)**", f"{DIMENSION} + {GRAPH_BYTES}", f"{DIMENSION + GRAPH_BYTES}", "0"],
        ["IVF_SQ8", f"{DIMENSION} + 8 (id)", f"{DIMENSION + 8}", "0"],
        ["IVF_PQ, 96 bytes", "96 + 8 (id)", "104", "0"],
        [
            "DISKANN",
            f"PQ codes {raw} / 8; disk {raw} + 56 × 4 + 4, 2 per 4 KiB page",
            f"{raw // 8}",
            "2048",
        ],
        [
            "word postings",
            f"{found['words_per_entry']:g} × {POSTING_BYTES}, mapped from disk",
            "0",
            f"{found['words_per_entry'] * POSTING_BYTES:.0f}",
        ],
    ]
    return table(["one entry in", "arithmetic, bytes", "memory", "disk"], rows)


def clusters() -> str:
    """The two clusters step by step."""
    found = measured()
    sizes = [size(cluster, found) for cluster in CLUSTERS]
    both = list(zip(CLUSTERS, sizes, strict=True))
    steps: list[tuple[str, list[str]]] = [
        (
            f"entries = passages × {found['entries_per_passage']:g}",
            [f"{s.entries / 1e6:,.0f} M" for s in sizes],
        ),
        ("raw vectors = entries × 1536 B", [f"{s.entries * 4 * DIMENSION / 1e9:,.0f} GB" for s in sizes]),
        (
            f"HNSW_SQ in memory = entries × {DIMENSION + GRAPH_BYTES} B",
            [f"{s.dense / 1e9:,.0f} GB" for s in sizes],
        ),
        (
            "the same as IVF_SQ8, IVF_PQ, DISKANN",
            [", ".join(f"{s.entries * b / 1e9:,.0f} GB" for b in (DIMENSION + 8, 104, 192)) for s in sizes],
        ),
        ("postings on disk", [f"{s.postings / 1e9:,.0f} GB" for s in sizes]),
        ("memory of a query node", [f"{c.node_gib} GiB" for c in CLUSTERS]),
        (
            f"query nodes per replica = memory / ({USED:g} × node)",
            [f"{s.nodes}" for s in sizes],
        ),
        ("replicas", [f"{c.replicas}" for c in CLUSTERS]),
        ("query nodes in total", [f"{c.replicas * s.nodes}" for c, s in both]),
        (
            "their memory in total",
            [f"{c.replicas * s.nodes * c.node_gib:,} GiB" for c, s in both],
        ),
        ("disk of a node = 1.5 × postings / nodes", [f"{s.node_disk_gb:,} GB" for s in sizes]),
        ("sealed segments of 8 GiB of raw data", [f"{s.segments:,}" for s in sizes]),
        (
            f"graph searches = segments × {found['graph_search_ms']:g} ms",
            [f"{s.segments * found['graph_search_ms'] / 1000:,.2f} core-s" for s in sizes],
        ),
        (
            f"postings = entries × {found['words_reach']:.3f} "
            f"/ {found['postings_per_core_s'] / 1e6:.0f} M per core-s",
            [f"{s.question_s - s.segments * found['graph_search_ms'] / 1000:,.2f} core-s" for s in sizes],
        ),
        ("cores of a query node", [f"{c.node_cores}" for c in CLUSTERS]),
        (
            "questions per second per replica = nodes × cores / core-s",
            [f"{s.questions_per_s(c) / c.replicas:,.1f}" for c, s in both],
        ),
        ("questions per second, all replicas", [f"{s.questions_per_s(c):,.1f}" for c, s in both]),
        (
            f"encoding = entries / {found['encoded_per_core_s']:g} per core-s",
            [f"{s.entries / found['encoded_per_core_s'] / 3600:,.0f} core-h" for s in sizes],
        ),
        (
            f"encoding on {BUILDING_CORES} cores",
            [f"{s.entries / found['encoded_per_core_s'] / BUILDING_CORES / 3600:,.1f} h" for s in sizes],
        ),
        (
            f"graph = entries / {found['graph_added_per_core_s']:g} per core-s",
            [f"{s.entries / found['graph_added_per_core_s'] / 3600:,.0f} core-h" for s in sizes],
        ),
        (
            "entry table of each replica of the bot = entries × 20 B",
            [f"{s.entries * 20 / 1e9:,.0f} GB" for s in sizes],
        ),
    ]
    head = ["step", *(f"{c.passages / 1e6:,.0f} M passages" for c in CLUSTERS)]
    return table(head, [[step, *values] for step, values in steps])
