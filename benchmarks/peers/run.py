"""The same article, questions and embedding model through other libraries and through assemblybot.

    python -m benchmarks.peers.run [--write] [--environments .venv-peers]

Each library is installed once into an environment of its own from requirements/. `--write` keeps the figures
in benchmarks/results/peers.json, .md and .svg. What is measured, and how it is kept fair, is in README.md
beside this file.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import RESULTS, ROOT, options
from benchmarks.peers.judge import Question, best_threshold, figures
from benchmarks.peers.processes import COLD_RUNS, THREADS, cold_start, command, environment, measured_on, step
from benchmarks.peers.table import plot, table

from assemblybot.corpus import library
from assemblybot.index.entries import entries

PEERS = {"txtai": "txtai", "llamaindex": "LlamaIndex", "haystack": "Haystack", "langchain": "LangChain"}
#: What a peer is given, and whether its keyword search joins in.
GIVEN = {
    "article": ("article", False),
    "passages": ("passages", False),
    "everything": ("everything", False),
    "everything, hybrid": ("everything", True),
}


@dataclass(frozen=True, slots=True)
class Task:
    """What all systems get: questions, others that fix thresholds, and texts in files of a folder."""

    questions: list[Question]
    known: list[Question]
    told: dict[str, Any]
    folder: Path

    def file(self, name: str, **more: Any) -> str:
        """A file that tells a step everything."""
        return self._kept(name, {**self.told, **more})

    def short(self) -> str:
        """A file for a cold start, which should not spend its time on reading texts."""
        asked = {"questions": self.told["questions"][:1]}
        return self._kept("first", {key: self.told[key] for key in ("model", "threads")} | asked)

    def _kept(self, name: str, content: dict[str, Any]) -> str:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)


def main() -> None:
    """Measure every system and print the table."""
    parser = options(__doc__)
    parser.add_argument("--environments", type=Path, default=ROOT / ".venv-peers")
    chosen = parser.parse_args()
    pythons = {name: environment(name, chosen.environments) for name in PEERS}
    found: dict[str, Any] = {"machine": measured_on(list(PEERS))}
    with tempfile.TemporaryDirectory() as place:
        task = prepared(Path(place))
        found["method"] = method(task)
        found["rows"] = [ours(given, task) for given in ("article", "everything")]
        for name, python in pythons.items():
            found["rows"] += peer(name, python, task)
    print(table(found))
    if chosen.write:
        (RESULTS / "peers.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "peers.md").write_text(table(found), encoding="utf-8")
        (RESULTS / "peers.svg").write_text(plot(found["rows"]), encoding="utf-8")


def prepared(folder: Path) -> Task:
    """The task over the shipped corpus."""
    corpus = library.load(ROOT / "corpus")
    (document,) = corpus.documents
    questions, known = _questions("dev"), _questions("second")
    told = {
        "model": str(ROOT / "models" / "assembly-e5"),
        "threads": THREADS,
        "article": str(ROOT / "corpus" / document.id / "article.ar.txt"),
        "passages": [(passage.text, passage.text) for passage in corpus.passages],
        "everything": [(entry.text, corpus.passages[entry.passage].text) for entry in entries(corpus)],
        "questions": [question.text for question in questions],
        "known": [question.text for question in known],
        "warm_up": "مرحبا بكم",
    }
    return Task(questions, known, told, folder)


def _questions(name: str) -> list[Question]:
    lines = (ROOT / "tests" / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [Question(r["question"], tuple(r["gold"]) if r["answerable"] else ()) for r in records]


def method(task: Task) -> dict[str, int]:
    """How thresholds were fixed and cold starts timed."""
    answerable = sum(bool(question.gold) for question in task.known)
    return {
        "thresholds_on_answerable": answerable,
        "thresholds_on_unanswerable": len(task.known) - answerable,
        "cold_runs": COLD_RUNS,
    }


def ours(given: str, task: Task) -> dict[str, Any]:
    """The row of assemblybot with the whole corpus, or with the article and nothing beside it."""
    corpus, index = ROOT / "corpus", str(task.folder / "ours" / given)
    if given == "article":
        corpus = task.folder / "corpus"
        left_out = shutil.ignore_patterns("translations", "questions.toml")
        shutil.copytree(ROOT / "corpus", corpus, ignore=left_out)
    path = task.file("ours", corpus=str(corpus))
    built = step(sys.executable, "ours", "build", index, path)
    found = step(sys.executable, "ours", "measure", index, path)
    where = {"CORPUS_DIR": str(corpus), "INDEX_DIR": index, "MODEL": task.told["model"]}
    ask = [sys.executable, "-m", "assemblybot", "ask", "--json", task.questions[0].text]
    costs = _costs(built["build_s"], found["texts"], found["peak_mb"], cold_start(ask, where))
    return {"system": "assemblybot", "given": given, **figures(task.questions, found["found"]), **costs}


def peer(name: str, python: Path, task: Task) -> Iterator[dict[str, Any]]:
    """The rows of one library, each with the threshold that the known questions favour most."""
    path, short = task.file("peer"), task.short()
    built: dict[str, dict[str, Any]] = {}
    for given, (texts, hybrid) in GIVEN.items():
        index, suffix = str(task.folder / name / texts), "-hybrid" if hybrid else ""
        if texts not in built:
            built[texts] = step(python, "worker", name, f"build-{texts}", index, path)
        found = step(python, "worker", name, f"measure{suffix}", index, path)
        threshold = _threshold(task.known, found["known"])
        for each in found["found"]:
            each["refused"] = each["score"] < threshold
        cold = cold_start(command(python, "worker", name, f"first{suffix}", index, short), {})
        costs = _costs(built[texts]["build_s"], built[texts]["texts"], found["peak_mb"], cold)
        row = {"system": PEERS[name], "given": given, "threshold": round(threshold, 4)}
        yield {**row, **figures(task.questions, found["found"]), **costs}


def _threshold(known: list[Question], scores: list[float]) -> float:
    scored = list(zip(known, scores, strict=True))
    return best_threshold(
        [score for question, score in scored if question.gold],
        [score for question, score in scored if not question.gold],
    )


def _costs(build: float, texts: int, peak: float, cold: float) -> dict[str, Any]:
    return {"cold_s": round(cold, 3), "build_s": round(build, 2), "peak_mb": round(peak), "texts": texts}


if __name__ == "__main__":
    main()
