"""How much of a PDF comes out right: character error rate by producer, time and memory of a long one.

    python benchmarks/extraction.py [--write]

The texts are those of `tests/corpus/pdf/producers.py`, so every letter is known. `--write` keeps the
figures in benchmarks/results/extraction.json.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.figures import machine, report  # noqa: E402
from tests.corpus.pdf.producers import ARABIC, FRENCH, PRODUCERS, body, build, heading  # noqa: E402

from assemblybot.corpus.readers import read  # noqa: E402

_TEXTS = {"ar": ARABIC, "fr": FRENCH}
_PAGES = 50


def distance(wanted: str, found: str) -> int:
    """Levenshtein's: letters to change, put in or take out."""
    above = list(range(len(found) + 1))
    for row, letter in enumerate(wanted, start=1):
        line = [row]
        for column, other in enumerate(found, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other)))
        above = line
    return above[-1]


def error_rate(path: Path, texts: tuple[str, ...]) -> float:
    """Share of the letters of `texts` that differ in what is read of `path`."""
    extract = read(path)
    found = "\n".join(extract.text[block.start : block.end] for block in extract.blocks)
    wanted = "\n".join(texts)
    return round(distance(wanted, found) / len(wanted), 5)


def long_document(path: Path) -> Path:
    """About fifty pages of articles."""
    text = "The council decides on the use of the harbour and on what ferries pay in the season {}. " * 3
    parts = [heading("The law of the harbour", 18)]
    for number in range(1, 11 * _PAGES):
        parts.append(body(f"Article {number}. {text}".replace("{}", str(number))))
    return build(path, parts, "The law of the harbour")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rates = {
            f"{producer}, {language}": error_rate(make(texts, folder / "a.pdf"), texts)
            for producer, make in PRODUCERS.items()
            for language, texts in _TEXTS.items()
        }
        path = long_document(folder / "long.pdf")
        started, used = time.perf_counter(), time.process_time()
        extract = read(path)
        seconds, used = time.perf_counter() - started, time.process_time() - used
    figures = {
        "machine": machine(),
        "character_error_rate": rates,
        "long_pages": int((extract.blocks[-1].anchor or "page 0").removeprefix("page ")),
        "long_seconds": round(seconds, 2),
        "long_processor_seconds": round(used, 2),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    report("extraction", figures, write=options.write)


if __name__ == "__main__":
    main()
