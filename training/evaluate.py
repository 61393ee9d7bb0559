"""Figures of a model: dense vectors alone, cosine, no lexical help.

``evaluate.py NAME_OR_FOLDER --data DATA --dev DEV.jsonl --article ARTICLE.txt [--write]`` works
for the shipped folder and for any sentence-transformers name. With ``--write`` the figures are
kept in benchmarks/results/model.json, from which ``docs/generate.py`` makes the tables of the
model card and of README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

import devtest
from assemblybot.embedding import Embedder, load_embedder

RESULT = Path(__file__).resolve().parents[1] / "benchmarks" / "results" / "model.json"
QUESTION = "ما هي القرارات التي اعتمدتها الجمعية العامة للمنظمة في دورتها الأخيرة بمدينة مراكش؟"


def development(embedder: Embedder, dev: Path, article: Path) -> dict[str, tuple[int, int]]:
    """For each language, questions whose first line is right, and questions asked."""
    lines = [line for line in article.read_text("utf-8").splitlines() if line.strip()]
    rows = [json.loads(line) for line in dev.read_text("utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row["answerable"]]
    questions = embedder.embed_queries([row["question"] for row in rows])
    first = (questions @ embedder.embed_passages(lines).T).argmax(axis=1)
    found: dict[str, list[bool]] = defaultdict(list)
    for row, index in zip(rows, first, strict=True):
        hit = any(gold in lines[index] for gold in row["gold"])
        found["all"].append(hit)
        found[row["lang"]].append(hit)
    return {lang: (sum(hits), len(hits)) for lang, hits in found.items()}


def question_time(embedder: Embedder) -> float:
    """Median seconds for one question of 12 words, each new to the cache."""
    embedder.embed_queries([f"{QUESTION} 0"])
    times = []
    for turn in range(1, 101):
        begin = time.perf_counter()
        embedder.embed_queries([f"{QUESTION[:-1]} {turn}"])
        times.append(time.perf_counter() - begin)
    return float(np.median(times))


def load_time(name: str) -> float:
    """Seconds from import to the first vector, in a process of its own; the median of five."""
    code = (
        "import time; begin = time.perf_counter()\n"
        "from assemblybot.embedding import load_embedder\n"
        f"load_embedder({name!r}).embed_queries(['سؤال'])\n"
        "print(time.perf_counter() - begin)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        for _ in range(5)
    ]
    return float(np.median([float(run.stdout.split()[-1]) for run in runs]))


def main() -> None:
    """Measures one model, prints its figures and keeps them if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="folder or hub name")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--article", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many devtest lines")
    parser.add_argument("--write", action="store_true", help="keep the figures of the shipped model")
    args = parser.parse_args()
    if args.write and args.limit:
        parser.error("--write keeps figures of whole devtest files; leave --limit out")
    embedder = load_embedder(args.model, threads=2)
    retrieval = devtest.retrieval(args.data, embedder.embed_queries, embedder.embed_passages, args.limit)
    figures: dict[str, Any] = {
        "model": embedder.id,
        "retrieval_top_1": {task: round(figure, 4) for task, figure in retrieval.items()},
        "development_first_line_right": development(embedder, args.dev, args.article),
    }
    figures["question_p50_ms"] = round(question_time(embedder) * 1000, 1)
    figures["import_to_first_vector_s"] = round(load_time(args.model), 2)
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    print(text)
    if args.write:
        RESULT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
