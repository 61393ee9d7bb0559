"""One step of one system in a process of its own; prints JSON.

    python -m benchmarks.peers.worker SYSTEM STEP FOLDER TASK.json

Steps: `build-article`, `build-passages`, `build-everything`; `first` and `first-hybrid` answer one
question and leave; `measure` and `measure-hybrid` ask them all.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.systems.base import Peer, Text, Vectors

_FEW = 10


def main() -> None:
    """Run the step."""
    name, step, folder, task = (
        sys.argv[1],
        sys.argv[2],
        Path(sys.argv[3]),
        json.loads(Path(sys.argv[4]).read_text()),
    )
    module = importlib.import_module(f"benchmarks.peers.systems.{name}")
    system: Peer = module.System(Vectors(task["model"], task["threads"]))
    if step.startswith("build-"):
        print(json.dumps(build(system, step.removeprefix("build-"), folder, task)))
        return
    system.open(folder, hybrid=step.endswith("-hybrid"))
    if step.startswith("first"):
        print(system.search(task["questions"][0], 1)[0].cited)
    else:
        print(json.dumps(measure(system, task)))


def build(system: Peer, kind: str, folder: Path, task: dict[str, Any]) -> dict[str, Any]:
    """Seconds to read, split, embed and keep; imports and the model are there before."""
    folder.mkdir(parents=True)
    begin = time.perf_counter()
    if kind == "article":
        texts = system.split(Path(task["article"]))
    else:
        texts = [Text(text, cited) for text, cited in task[kind]]
    system.build(texts, folder)
    return {
        "build_s": time.perf_counter() - begin,
        "texts": len(texts),
        "cited": sorted({t.cited for t in texts}),
    }


def measure(system: Peer, task: dict[str, Any]) -> dict[str, Any]:
    """What each question found and took; then the known questions, for the threshold."""
    system.search(task["warm_up"], 1)
    found = []
    for question in task["questions"]:
        begin = time.perf_counter()
        hits = system.search(question, _FEW)
        seconds = time.perf_counter() - begin
        found.append({"cited": hits[0].cited, "score": hits[0].score, "seconds": seconds})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    known = [system.search(question, _FEW)[0].score for question in task["known"]]
    return {"found": found, "known": known, "peak_mb": peak}


if __name__ == "__main__":
    main()
