"""What the encoder is trained on: texts, each with what it is to be near.

A bank holds texts that the model encodes once, before it is trained; their vectors are the targets.
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
    "tydiqa-goldp.span.ar": 3_000, "arcd-train.ar": 700, "piaf.span.fr": 3_000, "mlqa-dev.span.es": 500,
    "mlqa-dev.span.ar": 500, "mlqa-dev.xspan.mixed": 4_000, "mlqa-test.xpair.ar-es": 2_000,
    "squad-part.span.en": 3_000, "crypto-faq.pair.ar": 80, "service-public.pair.fr": 600,
}  # fmt: skip
#: characters of a passage of the reading data, and of one that is to stay where it is
CUT, STAYING = 420, 230
#: questions that stand beside each other in a batch, so that like passages do
SIDE_BY_SIDE = 4


@dataclass(frozen=True, slots=True)
class Anchor:
    """A text with prefix, and the rows of the bank that it is to be near."""

    text: str
    own: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage that answers it, each with its prefix."""

    question: str
    passage: str


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


def questions(data: Path, rng: random.Random) -> Iterator[list[Pair]]:
    """Questions with a passage that answers them, a few of one file or topic at a time."""
    found: list[Pair] = []
    for path in sorted(READING.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            told = PASSAGE + " ".join(filter(None, (row["title"], row["passage"])))
            found += [Pair(QUERY + asked["q"], told) for asked in row["questions"]]
    for passage in domain.passages():
        for asked in passage.questions:
            if asked.answered:
                told = passage.text if rng.random() < 0.7 else passage.english
                found.append(Pair(QUERY + asked.text, PASSAGE + told))
    for name, count in READ.items():
        kept = [row for row in rows(data, name) if len(row[1]) > 20 and len(row[0]) < 250]
        first = rng.randrange(max(1, len(kept) - count))
        found += [Pair(QUERY + row[0], PASSAGE + row[1][:CUT]) for row in kept[first : first + count]]
    # neighbours in a file are of one article: every step of a few takes questions of different passages
    for start in range(0, len(found), SIDE_BY_SIDE * 8):
        part = found[start : start + SIDE_BY_SIDE * 8]
        rng.shuffle(part)
        yield from (part[n : n + SIDE_BY_SIDE] for n in range(0, len(part), SIDE_BY_SIDE))


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
