"""One index, in a process of its own: start, time per question, recall, memory. Run by `run.py`."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.figures import percentile
from numpy.typing import NDArray

from assemblybot.answering.query import Query
from assemblybot.answering.retrieve import candidates, score_entries
from assemblybot.index.bm25 import LexicalIndex
from assemblybot.index.entries import END, PASSAGE, START
from assemblybot.index.index import Index
from assemblybot.index.store import IndexStore
from assemblybot.text.terms import word_terms

NEAREST = 10


def drop_from_memory(folder: Path) -> None:
    """Ask the system to forget what it holds of the files below `folder`."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def opened(folder: Path, model: str) -> tuple[Index, float]:
    """The index and the seconds that opening it took."""
    begin = time.perf_counter()
    index = IndexStore(folder).load(model)
    assert len(index.first_rows)
    return index, round(time.perf_counter() - begin, 3)


def resident() -> dict[str, int]:
    """Resident megabytes of this process: its own, and of files mapped."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith("Rss")}
    return {"own_mb": fields["RssAnon"] // 1024, "mapped_mb": fields["RssFile"] // 1024}


def searched(index: Index, questions: list[Query]) -> list[float]:
    """Milliseconds from each question's vector to the features of its candidates."""
    times = []
    for question in questions:
        begin = time.perf_counter()
        candidates(index, score_entries(index, question))
        times.append(1000 * (time.perf_counter() - begin))
    return times


def text_of(index: Index, row: int) -> str:
    """The text of an original, context, sentence or clause entry of the synthetic corpus."""
    passage = index.passages[int(index.table[row, PASSAGE])].text
    start, end = (int(index.table[row, column]) for column in (START, END))
    return passage if start < 0 else passage[start:end]


def dense_recall(index: Index, vectors: NDArray[np.float32], exact: NDArray[np.str_]) -> float:
    """Share of the ten exactly nearest distinct texts that a search finds."""
    hits = 0
    for vector, wanted in zip(vectors, exact, strict=False):
        _, rows = index.vectors.search(vector, 8 * NEAREST)
        found = list(dict.fromkeys(text_of(index, int(row)) for row in rows))
        hits += len(set(found[:NEAREST]) & set(wanted.tolist()))
    return round(hits / exact.size, 4)


def lexical_recall(retriever: LexicalIndex, questions: list[list[str]]) -> float:
    """Share of ten found entries that score as high as the exact tenth."""
    hits = wanted = 0
    for terms in questions:
        every = retriever.scores(terms)
        tenth = float(np.partition(every, -NEAREST)[-NEAREST])
        scores, _ = retriever.search(terms, NEAREST)
        counted = min(NEAREST, int((every > 0).sum()))
        hits += int((scores[:counted] >= tenth - 1e-5).sum())
        wanted += counted
    return round(hits / wanted, 4)


def main() -> None:
    """Print the figures as one JSON object."""
    folder, data, model = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    from_memory = opened(folder, model)[1]
    gc.collect()
    drop_from_memory(folder)
    index, from_disk = opened(folder, model)
    at_start = resident()
    asked = np.load(data / "questions.npz")
    exact = np.load(data / "exact.npz")
    columns = asked["texts"].tolist(), asked["languages"].tolist(), asked["vectors"], asked["texts"].tolist()
    questions = [Query(*row) for row in zip(*columns, strict=True)]
    first = searched(index, questions)
    processor = time.process_time()
    again = searched(index, questions)
    processor = time.process_time() - processor
    after = resident()
    terms: list[Any] = [word_terms(question.text, question.language) for question in questions]
    checked = len(exact["texts"])
    print(
        json.dumps(
            {
                "entries": len(index.table),
                "vectors": index.vectors.kind,
                "open_from_disk_s": from_disk,
                "open_from_memory_s": from_memory,
                "resident_at_start": at_start,
                "first_question_ms": round(first[0], 1),
                "p99_ms_from_disk": round(percentile(first, 99), 2),
                "p50_ms": round(percentile(again, 50), 2),
                "p99_ms": round(percentile(again, 99), 2),
                "processor_ms_a_question": round(1000 * processor / len(questions), 2),
                "resident_after_questions": after,
                "dense_recall_at_10": dense_recall(index, asked["vectors"], exact["texts"]),
                "words_recall_at_10": lexical_recall(index.words, terms[:checked]),
            }
        )
    )


if __name__ == "__main__":
    main()
