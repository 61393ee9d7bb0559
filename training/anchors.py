"""What the encoder is trained on: texts, each with what it is to be near.

A bank holds texts that the model as it comes encodes once; their vectors are the targets.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import domain
from sources import READING, rows

QUERY, PASSAGE = "query: ", "passage: "
#: lines of each source that are drawn
PARALLEL = {
    "doda-latin.ary-en": 9_000, "doda.ar-en": 800, "tatoeba.ar-en": 700, "tatoeba.fr-en": 500,
    "tatoeba.es-en": 500, "tico19.ar-en": 500, "tico19.fr-en": 300, "tico19.es-en": 300,
    "nllb-seed.ar-en": 700,
}  # fmt: skip
READ = {
    "tydiqa-goldp.span.ar": 500, "arcd-train.ar": 500, "piaf.span.fr": 500, "mlqa-dev.span.es": 500,
    "mlqa-dev.xspan.mixed": 900, "squad-part.span.en": 400, "crypto-faq.pair.ar": 80,
    "service-public.pair.fr": 200,
}  # fmt: skip
#: characters of a passage of the reading data, and of one that is to stay where it is
CUT, STAYING = 420, 230


@dataclass(frozen=True, slots=True)
class Anchor:
    """A text with prefix, and the rows of the bank that it is to be near."""

    text: str
    own: tuple[int, ...]


@dataclass(slots=True)
class Bank:
    """Texts that are encoded once, each under one number."""

    texts: list[str]
    numbers: dict[str, int]

    def add(self, text: str) -> int:
        """The number of a text with prefix."""
        if text not in self.numbers:
            self.numbers[text] = len(self.texts)
            self.texts.append(text)
        return self.numbers[text]


def questions(data: Path, bank: Bank, rng: random.Random) -> Iterator[Anchor]:
    """Questions with their passages: the project's own, and some of the reading data."""
    for path in sorted(READING.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            own = bank.add(PASSAGE + " ".join(filter(None, (row["title"], row["passage"]))))
            yield from (Anchor(QUERY + asked["q"], (own,)) for asked in row["questions"])
    for passage in domain.passages():
        both = tuple(bank.add(PASSAGE + text) for text in (passage.text, passage.english))
        yield from (Anchor(QUERY + asked.text, both) for asked in passage.questions if asked.answered)
    for name, count in READ.items():
        kept = [row for row in rows(data, name) if len(row[1]) > 20 and len(row[0]) < 250]
        for question, text, *_ in rng.sample(kept, min(count, len(kept))):
            yield Anchor(QUERY + question, (bank.add(PASSAGE + text[:CUT]),))


def meanings(data: Path, bank: Bank, rng: random.Random) -> Iterator[Anchor]:
    """Sentences, words and questions with their translations; the targets are English and Arabic."""
    for path in sorted(domain.FOLDER.glob("sentences-*.tsv")):
        for row in _table(path):
            prefix = _prefix(rng)
            own = tuple(bank.add(prefix + row[name]) for name in ("ar", "en"))
            for name in ("ar", "ary", "ary", "ary_latn", "ary_latn", "fr", "en", "es"):
                yield Anchor(prefix + row[name], own)
    for row in _table(domain.FOLDER / "lexicon.tsv"):
        own = tuple(bank.add(QUERY + row[name]) for name in ("ar", "en"))
        yield from (Anchor(QUERY + row[name], own) for name in ("ary", "ary_latn"))
    for passage in domain.passages():
        for question in passage.questions:
            yield Anchor(QUERY + question.text, (bank.add(QUERY + question.english),))
    for name, count in PARALLEL.items():
        with gzip.open(data / "parallel" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
            pairs = [line.rstrip("\n").split("\t") for line in file]
        for foreign, other in rng.sample(pairs, min(count, len(pairs))):
            prefix = _prefix(rng)
            yield Anchor(prefix + foreign, (bank.add(prefix + other),))


def _table(path: Path) -> Iterator[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _prefix(rng: random.Random) -> str:
    """Two texts of three are encoded as questions."""
    return rng.choice((QUERY, QUERY, PASSAGE))
