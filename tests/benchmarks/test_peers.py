"""The rules by which other libraries are judged, and the table that they end in."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from benchmarks.peers import judge, table
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT

PEERS = ROOT / "benchmarks" / "peers"
scores = st.lists(st.floats(-1, 1), min_size=1, max_size=20)


def test_a_citation_holds_a_whole_quote_white_space_aside() -> None:
    assert judge.holds("one two\n three four", ["five", "two three"])
    assert not judge.holds("one two", ["two three"])


@given(scores, scores)
def test_no_threshold_separates_better(answerable: list[float], unanswerable: list[float]) -> None:
    def youden(threshold: float) -> float:
        kept = sum(score >= threshold for score in answerable) / len(answerable)
        return kept + sum(score < threshold for score in unanswerable) / len(unanswerable)

    best = youden(judge.best_threshold(answerable, unanswerable))
    assert best >= max(youden(score) for score in [*answerable, *unanswerable]) - 1e-9


def test_separation_is_the_share_of_ordered_pairs() -> None:
    assert judge.separation([0.9, 0.5], [0.1, 0.5]) == pytest.approx((2 + 1.5) / 4)


def test_figures_of_a_row() -> None:
    questions = [judge.Question("a", ("gold",)), judge.Question("b", ("gold",)), judge.Question("c", ())]
    found = [
        {"cited": "the gold", "score": 0.9, "refused": False, "seconds": 0.001},
        {"cited": "the gold", "score": 0.4, "refused": True, "seconds": 0.002},
        {"cited": "dross", "score": 0.1, "refused": True, "seconds": 0.003},
    ]
    row = judge.figures(questions, found)
    assert [row[key]["hits"] for key in ("r1", "answered_right", "answerable_refused")] == [2, 1, 1]
    assert (row["unanswerable_refused"]["value"], row["separation"], row["p50_ms"]) == (1.0, 1.0, 2.0)


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (ROOT / "benchmarks" / "results" / "peers.json").read_text(encoding="utf-8")
    )
    return found


def test_the_kept_table_and_plot_are_those_of_the_kept_figures(kept: dict[str, Any]) -> None:
    results = ROOT / "benchmarks" / "results"
    assert (results / "peers.md").read_text(encoding="utf-8") == table.table(kept)
    assert (results / "peers.svg").read_text(encoding="utf-8") == table.plot(kept["rows"])
    fromstring((results / "peers.svg").read_text(encoding="utf-8"))


def test_every_row_that_is_ahead_is_named(kept: dict[str, Any]) -> None:
    rows = [dict(row) for row in kept["rows"]]
    quick = dict(rows[-1], system="quick", given="nothing", cold_s=0.0)
    shown = table.table({**kept, "rows": [*rows, quick]})
    assert "quick (nothing) 0.00" in shown.partition("## Where")[2]


@pytest.mark.parametrize("name", ["txtai", "llamaindex", "haystack", "langchain"])
def test_requirements_are_exact(name: str) -> None:
    lines = (PEERS / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert all("==" in line for line in lines if line and not line.startswith("#"))
    assert (PEERS / "systems" / f"{name}.py").exists()
