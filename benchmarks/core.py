"""Cold start, time per question and memory of the default path.

    python -m benchmarks.core [--write]

Cold start: wall time of `assemblybot ask …` in a new process, median of 9. Steady: `Assistant.answer`
on the development questions in one process, after one warm-up question. Memory: peak resident
size of that process.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time

from assemblybot.settings import load_settings
from assemblybot.startup import open_assistant
from benchmarks.figures import development_questions, options, percentile, report


def cold_start(question: str, runs: int = 9) -> list[float]:
    """Seconds from the command to its answer, one per run."""
    command = [sys.executable, "-m", "assemblybot", "ask", "--json", question]
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return times


def steady(questions: list[str]) -> list[float]:
    """Milliseconds per question in one process."""
    assistant = open_assistant(load_settings())
    assistant.answer(questions[0])
    times = []
    for question in questions[1:]:
        start = time.perf_counter()
        assistant.answer(question)
        times.append(1000 * (time.perf_counter() - start))
    return times


def main() -> None:
    """Measure and print; the index must be built (it is, after `make run`)."""
    chosen = options(__doc__).parse_args()
    questions = development_questions()
    each = steady(questions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cold = cold_start(questions[3])
    figures = {
        "cold_start_s": round(statistics.median(cold), 3),
        "cold_start_best_s": round(min(cold), 3),
        "p50_ms": round(percentile(each, 50), 2),
        "p99_ms": round(percentile(each, 99), 2),
        "peak_resident_mb": round(peak),
    }
    report("core", figures, write=chosen.write)


if __name__ == "__main__":
    main()
