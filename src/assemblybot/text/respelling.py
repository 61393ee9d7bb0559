"""Darija in Latin letters, written again in Arabic letters: `chhal dyal lmowadafin` is شحال ديال الموظفين.

A model has read little Darija in Latin letters, and everybody spells it differently. A word becomes the known
Arabic word with the same consonants whose letters are nearest; a word that is not known is respelled letter
by letter. The words, the most frequent first, are those of `darija.txt`, which `training/words.py` makes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from assemblybot.text.arabic import WORD
from assemblybot.text.language import Language
from assemblybot.text.terms import arabic_skeleton, arabizi_skeleton

_NOT_LATIN = re.compile(r"[^a-z0-9]")
_ARTICLE = re.compile(r"^(?:l|el|al)(?=[^aeiou]..)")
_DOUBLED = re.compile(r"(.)\1")
_LETTERS: Final = {
    "kh": "خ", "gh": "غ", "ch": "ش", "sh": "ش", "dh": "ض", "th": "ث", "ou": "و", "oo": "و", "ei": "ي",
    "ai": "ي", "ee": "ي", "aa": "ا", "a": "ا", "b": "ب", "c": "ك", "d": "د", "e": "", "f": "ف", "g": "ك",
    "h": "ه", "i": "ي", "j": "ج", "k": "ك", "l": "ل", "m": "م", "n": "ن", "o": "و", "p": "ب", "q": "ق",
    "r": "ر", "s": "س", "t": "ت", "u": "و", "v": "ف", "w": "و", "x": "كس", "y": "ي", "z": "ز", "2": "ء",
    "3": "ع", "5": "خ", "7": "ح", "8": "غ", "9": "ق",
}  # fmt: skip
_LETTER = re.compile("|".join(_LETTERS))
#: The number of words with the same consonants that are compared, the most frequent first.
_NEAREST: Final = 12


def spellings(text: str, language: Language) -> tuple[str, ...]:
    """A text as it stands and, when it is Darija in Latin letters, respelled."""
    return (text, respelled(text)) if language == "ary-Latn" else (text,)


def respelled(text: str) -> str:
    """The words of a text in Arabic letters, without marks; numbers and accented words stay as they are."""
    return " ".join(filter(None, map(_respelled, WORD.findall(text.lower()))))


@lru_cache(maxsize=4096)
def _respelled(word: str) -> str:
    if word.isdecimal() or _NOT_LATIN.search(word):
        return word
    letters = _by_letters(word)
    known = _words().get(arabizi_skeleton(word) or "", ())
    return max(known, key=lambda other: SequenceMatcher(None, other, letters).ratio(), default=letters)


def _by_letters(word: str) -> str:
    bare, articles = _ARTICLE.subn("", word)
    spelled = _LETTER.sub(lambda found: _LETTERS[found[0]], _DOUBLED.sub(r"\1", bare))
    if bare.endswith("a") and len(bare) > 1:
        spelled = spelled.removesuffix("ا") + "ة"
    return "ال" * articles + spelled


@cache
def _words() -> Mapping[str, Sequence[str]]:
    """Arabic words by their consonants, the most frequent first."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in files(__package__).joinpath("darija.txt").read_text("utf-8").split():
        if skeleton := arabic_skeleton(word):
            found[skeleton].append(word)
    return {skeleton: words[:_NEAREST] for skeleton, words in found.items()}
