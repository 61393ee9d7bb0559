"""Normalisation of Arabic (and Latin) text for matching, with a map back to the original.

Letters that writers interchange are folded (أإآٱ→ا, ى→ي, ة→ه, ؤ→و, ئ→ي), vowel signs and
tatweel are dropped, Arabic-Indic digits become ASCII, Latin letters lose case and accents.
A quote is never taken from normalised text: `Normalised.span` gives the original offsets.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_FOLD = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ڤ": "ف",
        "گ": "ك",
        "ڭ": "ك",
        "پ": "ب",
        "چ": "ش",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "’": "'",
        "‘": "'",
    }
)
_TATWEEL = "ـ"


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text and, for each of its characters, its offset in the original."""

    text: str
    offsets: tuple[int, ...]
    original_length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets `[start, end)` of the normalised slice `[start, end)`.

        The end reaches over dropped marks (a vowel sign belongs to the letter before it).
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no slice [{start}, {end}) in text of length {len(self.text)}")
        following = self.offsets[end] if end < len(self.offsets) else self.original_length
        return self.offsets[start], max(self.offsets[end - 1] + 1, following)


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """What one original character becomes: zero, one or several characters."""
    if char == _TATWEEL:
        return ""
    out: list[str] = []
    for folded in unicodedata.normalize("NFKC", char).casefold().translate(_FOLD):
        if folded.isdecimal():
            out.append(str(unicodedata.decimal(folded)))
            continue
        for part in unicodedata.normalize("NFD", folded).translate(_FOLD):
            category = unicodedata.category(part)
            if category not in ("Mn", "Cf") and part != _TATWEEL:
                out.append(part)
    return "".join(out)


def normalise(text: str) -> Normalised:
    """Fold `text` character by character, so that each result knows where it came from."""
    chars: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for folded in _fold(char):
            chars.append(folded)
            offsets.append(offset)
    return Normalised("".join(chars), tuple(offsets), len(text))


def fold(text: str) -> str:
    """Normalised text alone, for when no offsets are needed."""
    return "".join(_fold(char) for char in text)


def is_arabic(char: str) -> bool:
    """True for a letter of an Arabic block (base, supplement, extended, presentation forms)."""
    code = ord(char)
    return char.isalpha() and (
        0x0600 <= code <= 0x06FF
        or 0x0750 <= code <= 0x077F
        or 0x08A0 <= code <= 0x08FF
        or 0xFB50 <= code <= 0xFDFF
        or 0xFE70 <= code <= 0xFEFF
    )


def arabic_share(text: str) -> float:
    """Share of the letters of `text` that are Arabic, in [0, 1]; 0 for text without letters."""
    letters = [char for char in text if char.isalpha()]
    return sum(map(is_arabic, letters)) / len(letters) if letters else 0.0
