"""How one machine carries 10 thousand, 100 thousand and a million passages.

    python -m benchmarks.scale.run PASSAGES [--write] [--data FOLDER]

Builds an index of a synthetic corpus (see `synthetic.py`) as `assemblybot index build` does,
measures it in a new process (`measure.py`), then adds one per cent more passages. With `--write`, the figures
of each size are kept beside those of the others.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.figures import options, report
from benchmarks.scale.synthetic import PASSAGES_A_DOCUMENT, ComposedEmbedder, corpus, questions

from assemblybot.corpus.library import Corpus
from assemblybot.embedding import load_embedder
from assemblybot.index.store import IndexStore
from assemblybot.settings import load_settings

QUESTIONS = 1000
# Questions whose ten nearest entries are also sought exactly.
CHECKED = 200


class Stages:
    """Seconds between the stages that a build reports."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = ("", time.perf_counter())

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Count the time since the last report for the stage that was then under way."""
        now = time.perf_counter()
        under_way, since = self._last
        self.seconds[under_way] = self.seconds.get(under_way, 0.0) + now - since
        self._last = (f"{stage} done" if done == total else stage, now)


def build(folder: Path, documents: Corpus, embedder: ComposedEmbedder) -> dict[str, Any]:
    """Build or add to the index in `folder`; seconds by stage and in all, and the most memory meanwhile."""
    forget_peak()
    stages, begin = Stages(), time.perf_counter()
    path = IndexStore(folder).rebuild(documents, embedder, stages)
    return {
        "seconds": round(time.perf_counter() - begin, 1),
        "composing_s": round(stages.seconds.get("vectors", 0.0), 1),
        "vector_index_s": round(stages.seconds.get("vectors done", 0.0), 1),
        "postings_s": round(stages.seconds.get("words", 0.0), 1),
        "disk_mb": round(sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) / 1e6),
        "peak_resident_mb": peak_mb(),
    }


def forget_peak() -> None:
    """Let the system count the most resident memory of this process anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> int:
    """The most resident memory since then, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def measured(folder: Path, data: Path, embedder: ComposedEmbedder) -> dict[str, Any]:
    """What `measure.py` says of the index, in a new process."""
    command = [sys.executable, "-m", "benchmarks.scale.measure", str(folder), str(data), embedder.id]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    """Build, measure, add, measure again."""
    parser = options(__doc__)
    parser.add_argument("passages", type=int)
    parser.add_argument("--data", type=Path, default=Path("build/scale"))
    chosen = parser.parse_args()
    settings = load_settings()
    embedder = ComposedEmbedder(load_embedder(settings.model, threads=settings.threads), chosen.data)
    asked = questions(QUESTIONS)
    vectors = embedder.embed_queries([text for text, _ in asked])
    embedder.watch(vectors[:CHECKED])
    folder = chosen.data / f"index-{chosen.passages}"
    # Another run's index would make the build an addition, or nothing at all.
    shutil.rmtree(folder, ignore_errors=True)
    figures: dict[str, Any] = {"passages": chosen.passages}
    figures["build"] = build(folder, corpus(chosen.passages), embedder)
    np.savez(
        chosen.data / "questions.npz",
        vectors=vectors,
        texts=[t for t, _ in asked],
        languages=[c for _, c in asked],
    )
    np.savez(chosen.data / "exact.npz", texts=embedder.best_texts.astype(np.str_))
    figures["use"] = measured(folder, chosen.data, embedder)
    more = max(PASSAGES_A_DOCUMENT, chosen.passages // 100)
    figures["add"] = {"passages": more, **build(folder, corpus(chosen.passages + more), embedder)}
    figures["encoded_passages_a_second"] = embedder.rate([p.text for p in corpus(500).passages])
    report("scale", figures, write=chosen.write, part=str(chosen.passages))


if __name__ == "__main__":
    main()
