"""Rows of figures as a table in Markdown and as a plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

from assemblybot.evaluation.page import svg

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """A column: how its figures are shown, which way is better, and why another system can lead."""

    key: str
    title: str
    shown: str
    higher: bool
    why_behind: str

    def value(self, row: Row) -> float:
        """The figure of a row."""
        found = row[self.key]
        return float(found["value"] if isinstance(found, dict) else found)

    def beats(self, row: Row, other: Row) -> bool:
        """True when `row` is better than `other`."""
        gain = self.value(row) - self.value(other)
        return gain > 0 if self.higher else gain < 0


MEASURES: Final = (
    Measure(
        "r1", "R@1", "{:.3f}", True,
        "A chunk of several paragraphs holds the gold quote more easily than one paragraph does; see the "
        "characters cited.",
    ),
    Measure(
        "answered_right", "answered right", "{:.3f}", True,
        "As for R@1.",
    ),
    Measure(
        "unanswerable_refused", "unanswerable refused", "{:.3f}", True,
        "A threshold can refuse everything; see the answerable questions refused beside it.",
    ),
    Measure(
        "answerable_refused", "answerable refused", "{:.3f}", False,
        "A threshold can refuse nothing; see the unanswerable questions refused beside it.",
    ),
    Measure("separation", "separation", "{:.3f}", True, "Fifteen unanswerable questions decide it."),
    Measure(
        "cited_characters", "characters cited", "{:.0f}", False,
        "What is cited is a whole paragraph, with the sentence that answers marked in it. A library given "
        "passages also cites bare headings and the title.",
    ),
    Measure(
        "cold_s", "cold start, s", "{:.2f}", False,
        "The command loads settings, documents, postings and the reader too, and checks the SHA-256 of "
        "every part of the index and of the model.",
    ),
    Measure(
        "p50_ms", "p50, ms", "{:.1f}", False,
        "Encoding is the same for all. Afterwards the first passages are read together with the question, "
        "which these rows do not do.",
    ),
    Measure("p99_ms", "p99, ms", "{:.1f}", False, "As for the median; long questions have more terms."),
    Measure(
        "peak_mb", "peak memory, MB", "{:.0f}", False,
        "Postings of words over {entries:,} entries are in memory beside the vectors.",
    ),
    Measure(
        "build_s", "index build, s", "{:.1f}", False,
        "Every sentence, clause and context is embedded as well as every passage.",
    ),
)  # fmt: skip


def table(found: dict[str, Any]) -> str:
    """Machine, versions, every row, and where assemblybot is not ahead."""
    rows, here = found["rows"], found["machine"]
    versions = "; ".join(" ".join(pins) for pins in here["versions"].values())
    heads = ["system", "given", *(m.title for m in MEASURES)]
    return "\n".join(
        [
            "# The same questions through other libraries",
            "",
            f"Measured {here['date']} on {here['processor']}, {here['cores']} cores at a load of "
            f"{here['load_average']}, Python {here['python']}, {here['threads']} threads, by "
            "`python -m benchmarks.peers.run --write`. The method is in benchmarks/peers/README.md.",
            f"Versions: {versions}.",
            _method(found["method"]),
            "",
            f"| {' | '.join(heads)} |",
            f"|{'---|' * len(heads)}",
            *(f"| {' | '.join(_cells(row, rows))} |" for row in rows),
            "",
            "Bold: the best of a column. Shares of answerable questions are of "
            f"{rows[0]['r1']['count']}, of unanswerable ones of {rows[0]['unanswerable_refused']['count']}.",
            "",
            "## Where assemblybot, as shipped, is not ahead",
            "",
            *_behind(rows),
            "",
        ]
    )


def _method(how: dict[str, int]) -> str:
    return (
        f"Thresholds of the libraries: the best on {how['thresholds_on_answerable']} answerable and "
        f"{how['thresholds_on_unanswerable']} unanswerable questions of another set. Cold start: median of "
        f"{how['cold_runs']}. assemblybot builds its index with the vectors in index/vectors.npz; the"
        " libraries embed theirs."
    )


def _cells(row: Row, rows: Sequence[Row]) -> Iterator[str]:
    yield row["system"]
    yield row["given"]
    for measure in MEASURES:
        cell = measure.shown.format(measure.value(row))
        yield cell if any(measure.beats(other, row) for other in rows) else f"**{cell}**"


def _behind(rows: Sequence[Row]) -> Iterator[str]:
    shipped = next(r for r in rows if r["system"] == "assemblybot" and r["given"] == "everything")
    peers = [row for row in rows if row["system"] != "assemblybot"]
    for measure in MEASURES:
        better = [row for row in peers if measure.beats(row, shipped)]
        if better:
            named = ", ".join(
                f"{row['system']} ({row['given']}) {measure.shown.format(measure.value(row))}"
                for row in better
            )
            own = measure.shown.format(measure.value(shipped))
            why = measure.why_behind.format(entries=shipped["texts"])
            yield f"- **{measure.title}**, {own}. Ahead: {named}. {why}"


_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #59636e } .title { font-weight: 600; fill: #1d2329 }
.end { text-anchor: end } .article { fill: #9db8d6 } .everything { fill: #1f5fa8 }
.whisker { stroke: #1d2329 }
@media (prefers-color-scheme: dark) {
  text { fill: #9ba6b1 } .title { fill: #e6e8ea } .article { fill: #3c5673 } .everything { fill: #6fb1f5 }
  .whisker { stroke: #e6e8ea }
}
"""
_PLOTTED = ("r1", "answered_right", "cold_s", "p50_ms", "peak_mb", "build_s")
_COLUMN, _PANEL, _BAR = 380, 190, 11


def plot(rows: Sequence[Row]) -> str:
    """One panel a measure, two bars a system: given the article, and given everything."""
    root = svg.chart(
        "Figures of five systems, each given the article and given everything", 2 * _COLUMN, 3 * _PANEL + 26
    )
    root.set("xmlns", "http://www.w3.org/2000/svg")
    SubElement(root, "style").text = _STYLE
    for x, kind in ((90, "article"), (215, "everything")):
        svg.add(root, "rect", kind, x=x, y=6, width=12, height=12)
        svg.text(root, x + 18, 16, f"given {'the article' if kind == 'article' else 'everything'}")
    measures = {measure.key: measure for measure in MEASURES}
    for number, key in enumerate(_PLOTTED):
        left, top = _COLUMN * (number % 2), 26 + _PANEL * (number // 2)
        _panel(root, measures[key], rows, left, top)
    return str(svg.markup(root)) + "\n"


def _panel(root: Element, measure: Measure, rows: Sequence[Row], left: float, top: float) -> None:
    shown = [row for row in rows if row["given"] in ("article", "everything")]
    most = max(measure.value(row) for row in shown)
    across = svg.Axis(0, 1.0 if measure.higher else most, left + 90, left + _COLUMN - 60)
    better = "more is better" if measure.higher else "less is better"
    svg.text(root, left + 90, top + 16, f"{measure.title} ({better})", "title")
    for number, system in enumerate(dict.fromkeys(row["system"] for row in shown)):
        y = top + 26 + 31 * number
        svg.text(root, left + 84, y + 15, system, "end")
        for row in (row for row in shown if row["system"] == system):
            end = across(measure.value(row))
            svg.add(root, "rect", row["given"], x=across.start, y=y, width=end - across.start, height=_BAR)
            if isinstance(row[measure.key], dict):
                low, high = row[measure.key]["interval"]
                svg.line(root, "whisker", (across(low), y + _BAR / 2), (across(high), y + _BAR / 2))
                end = max(end, across(high))
            svg.text(root, end + 5, y + 10, measure.shown.format(measure.value(row)), "value")
            y += _BAR + 1
