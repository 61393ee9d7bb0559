"""Reads the parallel text, cleans it and draws a balanced training pool.

Most of the public text is the wording of programs. Each source therefore has a cap per
language, and the sources closest to news and everyday speech are repeated.
"""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 93


@dataclass(frozen=True, slots=True)
class Pair:
    """One foreign sentence and its English translation."""

    lang: str
    text: str
    english: str
    weight: float


#: source prefix -> (pairs kept per language, how often each is shown)
GOOD = {
    "nllb-seed": (15_000, 3.0),
    "tico19": (5_000, 3.0),
    "tatoeba": (20_000, 1.5),
    "civic": (5_000, 2.0),
    "udhr": (500, 4.0),
    "quran-json": (6_000, 0.5),
    "doda": (12_000, 3.0),
    "asp-stories": (2_000, 1.0),
    "ms-beginners": (9_000, 1.0),
    "primero": (4_000, 1.0),
    "mozilla-www": (4_000, 1.0),
    "transformers-docs": (700, 1.0),
}
#: the cap of every other source, Arabic and Latin-script
OTHER_CAP = {"ar": 9_000, "fr": 5_000, "es": 5_000}
OTHER_WEIGHT = 0.7

_MARKUP = re.compile(r"<[^>]*>|\{[^}]*\}|%\(?\w*\)?[sd]|\$\w+|&\w+;|https?://\S+|`+|:\w+:")
_CODE = re.compile(r"[_\\|=<>{}\[\]#]|::|\(\)|->|\w\.\w+\(|--")
_SPACE = re.compile(r"\s+")
_ARABIC = re.compile(r"[\u0621-\u064A]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")


def clean(text: str) -> str:
    """Removes markup and placeholders; collapses white space."""
    return _SPACE.sub(" ", _MARKUP.sub(" ", text)).strip()


def usable(lang: str, text: str, english: str) -> bool:
    """Whether the pair is prose of a reasonable length in the expected scripts."""
    words, english_words = len(text.split()), len(english.split())
    if not (1 <= english_words <= 60 and 1 <= words <= 60) or len(text) > 400:
        return False
    if max(words, english_words) > 3 * min(words, english_words) + 3:
        return False
    if _CODE.search(text) or _CODE.search(english) or text.casefold() == english.casefold():
        return False
    letters = _ARABIC if lang in ("ar", "ary") else _LATIN
    return len(letters.findall(text)) >= 0.5 * len(text) and len(_LATIN.findall(english)) >= 0.5 * len(
        english
    )


def read_tsv(path: Path) -> Iterator[tuple[str, str]]:
    """Yields the two cleaned columns of a gzipped parallel file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) == 2:
                yield clean(columns[0]), clean(columns[1])


def public_pairs(data: Path, room: int = 1) -> list[Pair]:
    """The balanced pool of public pairs under ``data/parallel``, in a fixed order.

    ``room`` multiplies the caps on Arabic software text: the vocabulary and its alignment cost
    little and gain from every word.
    """
    pool: list[Pair] = []
    seen: set[tuple[str, str]] = set()
    for path in sorted((data / "parallel").glob("*-en.tsv.gz")):
        source, languages = path.name.split(".")[:2]
        lang = languages.removesuffix("-en")
        lang = "ary_latn" if lang == "ary" else "ary" if source == "doda" else lang
        known = next((rule for name, rule in GOOD.items() if source.startswith(name)), None)
        cap, weight = known or (OTHER_CAP[lang], OTHER_WEIGHT)
        cap *= room if lang == "ar" else 1
        rows = []
        for text, english in read_tsv(path):
            key = (text.casefold(), english.casefold())
            if key not in seen and usable(lang, text, english):
                seen.add(key)
                rows.append(Pair(lang, text, english, weight))
        random.Random(f"{SEED}{path.name}").shuffle(rows)
        # Of the software text the longer half is the more like prose.
        if known is None:
            rows = sorted(rows[: 2 * cap], key=lambda row: -min(len(row.english), 120))
        pool += rows[:cap]
    return pool
