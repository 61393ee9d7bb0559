"""Arabic words of the project's own text, the most frequent first: `src/assemblybot/text/darija.txt`.

``python training/words.py`` counts the words of the Darija and Arabic in `domain/`, `reading/` and `talk/`,
those in Darija twice, and keeps what is written at least four times.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
WORDS = HERE.parent / "src" / "assemblybot" / "text" / "darija.txt"
LEAST = 4
WEIGHTS = {"ar": 1, "ary": 2}
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+")


def lines() -> Iterator[tuple[str, str]]:
    """Language and text of every line."""
    for path in sorted((HERE / "domain").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield from ((language, row[language] or "") for language in WEIGHTS)
    for path in sorted((HERE / "reading").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield from ((asked["lang"], asked["q"]) for asked in (*row["questions"], *row["near"]))
    with (HERE / "talk" / "turns.tsv").open(encoding="utf-8", newline="") as file:
        for language, _, text in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield language, text


def counted() -> list[str]:
    """The words that are kept, the most frequent first."""
    counts: Counter[str] = Counter()
    for language, text in lines():
        for word in _WORD.findall(text):
            counts[word] += WEIGHTS.get(language, 0)
    return sorted((word for word, count in counts.items() if count >= LEAST), key=lambda w: (-counts[w], w))


def main() -> None:
    """Count and write."""
    found = counted()
    WORDS.write_text("\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} words")


if __name__ == "__main__":
    main()
