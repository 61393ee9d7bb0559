"""Arabizi to Arabic for the lexical retriever: a shared consonant skeleton.

Arabizi writes short vowels that Arabic leaves out, and writers disagree on which; consonants
are far steadier. Both scripts are therefore reduced to the same coarse Latin consonants:
`lmo2tamar` and المؤتمر both become `mtmr`. Used as one more lexical term, never shown.
"""

from __future__ import annotations

import re
from typing import Final

from assemblybot.text.arabic import fold

_DIGRAPHS: Final = (
    ("tch", "X"),
    ("ch", "X"),
    ("sh", "X"),
    ("kh", "K"),
    ("gh", "G"),
    ("th", "t"),
    ("dh", "d"),
)
_LATIN: Final = str.maketrans(
    {
        "7": "h",
        "5": "K",
        "3": "A",
        "9": "q",
        "8": "h",
        "6": "t",
        "4": "G",
        "2": None,
        "v": "f",
        "p": "b",
        "c": "k",
        "x": "X",
        **dict.fromkeys("aeiouyw'", None),
    }
)
_ARABIC: Final = str.maketrans(
    {
        "ب": "b",
        "ت": "t",
        "ث": "t",
        "ج": "j",
        "ح": "h",
        "خ": "K",
        "د": "d",
        "ذ": "d",
        "ر": "r",
        "ز": "z",
        "س": "s",
        "ش": "X",
        "ص": "s",
        "ض": "d",
        "ط": "t",
        "ظ": "d",
        "ع": "A",
        "غ": "G",
        "ف": "f",
        "ق": "q",
        "ك": "k",
        "ل": "l",
        "م": "m",
        "ن": "n",
        "ه": "h",
        **dict.fromkeys("اويء", None),
    }
)
_ARTICLE = re.compile(r"^(?:و?(?:بال|كال|فال|وال|لل|ال))(?=..)")
_LATIN_ARTICLE = re.compile(r"^(?:w?(?:bl|fl|l|el|al))-?(?=[^aeiou]?[a-z0-9]{3})")
_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST = 3


def arabic_skeleton(word: str) -> str | None:
    """Consonants of one Arabic word without article; `None` when too few are left to tell."""
    bare = _ARTICLE.sub("", fold(word)).removesuffix("ه")
    return _finish(bare.translate(_ARABIC))


def arabizi_skeleton(word: str) -> str | None:
    """Consonants of one Arabizi word without article; `None` when too few are left to tell."""
    bare = _LATIN_ARTICLE.sub("", fold(word))
    for latin, consonant in _DIGRAPHS:
        bare = bare.replace(latin, consonant)
    return _finish(bare.translate(_LATIN))


def _finish(consonants: str) -> str | None:
    short = _DOUBLED.sub(r"\1", consonants)
    return short if len(short) >= _SHORTEST and short.isalpha() else None
