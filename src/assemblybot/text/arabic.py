"""Folding of Arabic (and Latin) text for matching, and the share of Arabic in a text.

Letters that writers interchange become one, vowel signs and tatweel are dropped, Arabic-Indic digits
become ASCII, Latin letters lose case and accents. A quote is never taken from folded text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Each letter with those that writers use for it.
_VARIANTS: Final = {
    "ا": "أإآٱ",
    "ي": "ىیئ",
    "ك": "کگڭ",
    "ه": "ة",
    "و": "ؤ",
    "ف": "ڤ",
    "ب": "پ",
    "ش": "چ",
    "'": "’‘",
}
_FOLD: Final = str.maketrans(
    {variant: letter for letter, variants in _VARIANTS.items() for variant in variants}
    | {"œ": "oe", "æ": "ae", "ß": "ss"}
)
WORD: Final = re.compile(r"[^\W_]+")
_TATWEEL: Final = "ـ"
# The base block, the supplement, the extension and the presentation forms.
_ARABIC: Final = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """What one character becomes: zero, one or several characters."""
    out: list[str] = []
    for folded in unicodedata.normalize("NFKC", char).casefold().translate(_FOLD):
        if folded.isdecimal():
            out.append(str(unicodedata.decimal(folded)))
            continue
        for part in unicodedata.normalize("NFD", folded).translate(_FOLD):
            if unicodedata.category(part) not in ("Mn", "Cf") and part != _TATWEEL:
                out.append(part)
    return "".join(out)


def fold(text: str) -> str:
    """`text` as it is compared with others; see above."""
    return "".join(map(_fold, text))


def words(text: str) -> list[str]:
    """Folded words of `text`, in order."""
    return WORD.findall(fold(text))


def is_arabic(char: str) -> bool:
    """Whether a character is a letter of an Arabic block."""
    return char.isalpha() and bool(_ARABIC.match(char))


def arabic_share(text: str) -> float:
    """Share of the letters of `text` that are Arabic, in [0, 1]; 0 for text without letters."""
    letters = sum(map(str.isalpha, text))
    return sum(map(str.isalpha, _ARABIC.findall(text))) / letters if letters else 0.0
