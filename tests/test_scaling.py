"""The cluster values against the arithmetic that docs/scaling.md shows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import scaling  # noqa: E402


@pytest.mark.parametrize("cluster", scaling.CLUSTERS, ids=lambda cluster: cluster.name)
def test_the_cluster_holds_what_the_table_says(cluster: scaling.Cluster) -> None:
    path = ROOT / "deploy" / "milvus" / f"values-{cluster.name}.yaml"
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    needed = scaling.size(cluster, scaling.measured())
    node = values["queryNode"]
    requests = node["resources"]["requests"]
    assert node["replicas"] == cluster.replicas * needed.nodes
    assert requests == {
        "cpu": str(cluster.node_cores),
        "memory": f"{cluster.node_gib}Gi",
        "ephemeral-storage": f"{needed.node_disk_gb}G",
    }
    memory = node["replicas"] * int(requests["memory"].removesuffix("Gi")) * scaling.GIB
    assert memory * scaling.USED >= cluster.replicas * needed.dense
    assert f"MILVUS_REPLICAS={cluster.replicas}" in path.read_text(encoding="utf-8")
    user = yaml.safe_load(values["extraConfigFiles"]["user.yaml"])
    assert user["dataCoord"]["segment"]["maxSize"] * 2**20 == scaling.SEGMENT_BYTES
    if values["minio"]["enabled"]:
        # Raw data and index of two builds; erasure coding leaves half of four pods of disk.
        two_builds = 2 * (4 * scaling.DIMENSION * needed.entries + needed.dense + 2 * needed.postings)
        assert 4 * int(values["minio"]["persistence"]["size"].removesuffix("Ti")) * 2**40 / 2 >= two_builds
