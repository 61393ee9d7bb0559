"""The shipped corpus searched in its index folder and in Milvus Lite: time, and what is cited.

    python -m benchmarks.milvus [--write]

The vectors and postings of the built index are written to a Milvus Lite file; then each
development question is asked of both. Times are those of searching, after encoding.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from assemblybot.answering.answer import Answer
from assemblybot.answering.assistant import Assistant
from assemblybot.index.bm25 import BM25
from assemblybot.index.milvus import Milvus
from assemblybot.index.vectors import FaissVectors
from assemblybot.settings import load_settings
from assemblybot.startup import open_assistant
from benchmarks.figures import development_questions, options, percentile, report


def in_milvus(assistant: Assistant, folder: Path) -> tuple[float, Assistant]:
    """Seconds of writing, and an assistant with the same index, vectors and postings in Milvus Lite."""
    index = assistant.index
    vectors, words = index.vectors, index.words
    assert isinstance(vectors, FaissVectors)
    assert isinstance(words, BM25)
    builds = Milvus(str(folder / "milvus.db"))
    start = time.perf_counter()
    collection = builds.save(vectors, words, folder)
    seconds = time.perf_counter() - start
    there, postings = builds.load(collection, len(index.table), folder)
    moved = replace(index, vectors=there, words=postings)
    return seconds, Assistant(
        moved, assistant.embedder, assistant.reader, assistant.calibration, assistant.turns
    )


def times(answers: list[Answer]) -> dict[str, float]:
    """p50 and p99 of searching, in milliseconds."""
    each = [1000 * answer.timings["search"] for answer in answers if "search" in answer.timings]
    return {f"p{percent}_ms": round(percentile(each, percent), 2) for percent in (50, 99)}


def main() -> None:
    """Measure and print."""
    chosen = options(__doc__).parse_args()
    questions = development_questions()
    near = open_assistant(load_settings())
    with tempfile.TemporaryDirectory() as folder:
        written, far = in_milvus(near, Path(folder))
        for assistant in (near, far):
            assistant.answer(questions[0])
        ours = [near.answer(question) for question in questions]
        theirs = [far.answer(question) for question in questions]
    pairs = list(zip(ours, theirs, strict=True))
    figures = {
        "entries": len(near.index.table),
        "questions": len(questions),
        "faiss": times(ours),
        "milvus_lite": times(theirs),
        "milvus_lite_write_s": round(written, 1),
        "same_verdict": sum(a.verdict == b.verdict for a, b in pairs),
        "same_first_citation": sum(_cited(a)[:1] == _cited(b)[:1] for a, b in pairs),
        "same_citations": sum(_cited(a) == _cited(b) for a, b in pairs),
    }
    report("milvus", figures, write=chosen.write)


def _cited(answer: Answer) -> list[str]:
    return [citation.passage for citation in answer.citations]


if __name__ == "__main__":
    main()
