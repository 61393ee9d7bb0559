"""Prints the table a model must meet: dense vectors alone, cosine, no lexical help.

``evaluate.py NAME_OR_FOLDER --data DATA --dev DEV.jsonl --article ARTICLE.txt`` works for the
shipped folder and for any sentence-transformers name.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

import devtest
from assemblybot.embedding import Embedder, load_embedder

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
    """Measures one model and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="folder or hub name")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--article", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many devtest lines")
    args = parser.parse_args()
    embedder = load_embedder(args.model, threads=2)
    print(f"{embedder.id}\n| measure | figure |\n|---|---|")
    for task, figure in devtest.retrieval(args.data, embedder.embed_passages, args.limit).items():
        print(f"| {task}, top-1 | {figure:.3f} |", flush=True)
    for lang, (hits, asked) in development(embedder, args.dev, args.article).items():
        print(f"| development questions, {lang}: first line right | {hits / asked:.3f} ({hits}/{asked}) |")
    if embedder.dimension == 384:
        kept = devtest.English(args.data, 1_000).kept(embedder.embed_passages)
        print(f"| English kept, mean cosine to MiniLM | {kept:.4f} |")
    print(f"| question of 12 words, p50 | {question_time(embedder) * 1000:.1f} ms |")
    print(f"| import to first vector | {load_time(args.model):.2f} s |")


if __name__ == "__main__":
    main()
