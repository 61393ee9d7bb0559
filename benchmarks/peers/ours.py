"""One step of assemblybot in a process of its own; prints JSON.

python -m benchmarks.peers.ours build|measure FOLDER TASK.json
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from assemblybot.settings import Settings
from assemblybot.startup import build_index, open_assistant, open_embedder


def main() -> None:
    """Run the step on the corpus that the task names."""
    step, folder, task = sys.argv[1], Path(sys.argv[2]), json.loads(Path(sys.argv[3]).read_text())
    settings = Settings(
        corpus_dir=task["corpus"], index_dir=folder, model=task["model"], threads=task["threads"]
    )
    print(json.dumps(build(settings) if step == "build" else measure(settings, task)))


def build(settings: Settings) -> dict[str, Any]:
    """Seconds to read the corpus, embed, fit weights and threshold, and keep; the model is there before."""
    embedder = open_embedder(settings)
    begin = time.perf_counter()
    build_index(settings, embedder)
    return {"build_s": time.perf_counter() - begin}


def measure(settings: Settings, task: dict[str, Any]) -> dict[str, Any]:
    """What each question got and took. The passage of a refused one is that which came first."""
    assistant = open_assistant(settings)
    assistant.answer(task["warm_up"])
    found = []
    for question in task["questions"]:
        begin = time.perf_counter()
        answer = assistant.answer(question)
        seconds = time.perf_counter() - begin
        found.append(
            {
                "cited": answer.best.text if answer.best else "",
                "score": answer.confidence,
                "refused": not answer.citations,
                "seconds": seconds,
            }
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"found": found, "texts": len(assistant.index.table), "peak_mb": peak}


if __name__ == "__main__":
    main()
