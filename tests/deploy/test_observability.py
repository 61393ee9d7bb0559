"""Dashboard and alerts ask only for what the service counts, and each alert has its page."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from assemblybot.service.metrics import COUNTERS, Metrics
from tests.conftest import ROOT
from tests.doubles.answers import answered

DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/assemblybot.json").read_text("utf-8"))
ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
QUERIES = [(p["title"], t["expr"]) for p in DASHBOARD["panels"] for t in p.get("targets", ())]
QUERIES += [(rule["alert"], rule["expr"]) for rule in ALERTS]


@pytest.fixture(scope="module")
def counted() -> dict[str, set[str]]:
    """Label names of each sample that the service shows once everything has happened."""
    metrics = Metrics()
    metrics.answered("telegram", answered("en"))
    metrics.took("send", 0.1)
    metrics.acknowledged("telegram", 0.001)
    metrics.silent_since_start("telegram")
    metrics.uses_index("default", "0", "model")
    for what, (_, labels) in COUNTERS.items():
        if what not in ("ratings", "rating_reasons"):  # they are in no panel
            metrics.count(what, *labels)
    prometheus_adds = {"job", "instance"}
    found = {"up": prometheus_adds}

    async def shown() -> str:  # in a loop, whose tasks are counted
        return generate_latest(metrics.registry).decode()

    for family in text_string_to_metric_families(asyncio.run(shown())):
        for sample in family.samples:
            found[sample.name] = set(sample.labels) | prometheus_adds
    return found


def selectors(query: str) -> list[promql_parser.VectorSelector]:
    """Every selector of a query. Raises ValueError when it is no PromQL."""
    found: list[promql_parser.VectorSelector] = []

    def visit(node: Any) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)
        elif isinstance(node, promql_parser.MatrixSelector):
            found.append(node.vector_selector)

    promql_parser.walk(promql_parser.parse(query), visit)
    return found


@pytest.mark.parametrize(("where", "query"), QUERIES)
def test_queries_name_what_exists(counted: dict[str, set[str]], where: str, query: str) -> None:
    found = selectors(query)
    assert found
    for selector in found:
        assert selector.name in counted, (where, selector.name)
        assert {matcher.name for matcher in selector.matchers.matchers} <= counted[selector.name]


def test_grouping_is_by_labels_that_exist(counted: dict[str, set[str]]) -> None:
    for where, query in QUERIES:
        known = set().union(*(counted[s.name or ""] for s in selectors(query)))
        for group in re.findall(r"\bby \(([^)]*)\)", query):
            assert {label.strip() for label in group.split(",")} <= known, where


def test_every_metric_of_ours_is_on_the_dashboard(counted: dict[str, set[str]]) -> None:
    shown = {s.name or "" for _, query in QUERIES for s in selectors(query)}
    families = {re.sub("_(total|bucket|sum|count|created)$", "", name) for name in counted}
    ours = {name for name in families if name.startswith("assemblybot_")}
    assert ours == {re.sub("_(total|bucket|sum|count)$", "", n) for n in shown if n.startswith("assembly")}


def test_panels_do_not_overlap_and_have_a_title() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        assert panel["title"]
        at = panel["gridPos"]
        cells = {(at["x"] + i, at["y"] + j) for i in range(at["w"]) for j in range(at["h"])}
        assert not cells & taken and at["x"] + at["w"] <= 24, panel["title"]
        taken |= cells


def test_each_alert_says_what_and_the_runbook_says_what_to_do() -> None:
    runbook = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for rule in ALERTS:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert f"### {rule['alert']}\n" in runbook, rule["alert"]
    assert len(re.findall("^### Assemblybot", runbook, re.MULTILINE)) == len(ALERTS)
