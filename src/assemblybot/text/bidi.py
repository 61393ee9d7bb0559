"""Direction of text: which way a paragraph runs, isolates for runs of the other direction,
and removal of control characters from what users send.

Terms and code points: Unicode Standard Annex #9 (Unicode Bidirectional Algorithm).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, Literal

Direction = Literal["rtl", "ltr"]

RLM = "\u200f"
LRM = "\u200e"
FSI = "\u2068"
PDI = "\u2069"

MARKS: Final[dict[Direction, str]] = {"rtl": RLM, "ltr": LRM}

# On one letter; no writing needs more.
_MOST_MARKS: Final = 30
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A run that reads left to right inside Arabic: Latin letters and digits with what joins them.
_LTR_RUN = re.compile(r"([A-Za-z0-9À-ɏ](?:[A-Za-z0-9À-ɏ .,:/@#%&+'’_-]*[A-Za-z0-9À-ɏ%])?)")
# Arabic letters, and what stands between Arabic words, inside a text that reads left to right.
_ARABIC = r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+"
_RTL_RUN = re.compile(rf"({_ARABIC}(?:[ ـ،]+{_ARABIC})*)")


def direction(text: str) -> Direction:
    """Direction of the first strong character (rules P2 and P3); `ltr` where there is none."""
    for char in text:
        bidi = unicodedata.bidirectional(char)
        if bidi in ("R", "AL"):
            return "rtl"
        if bidi == "L":
            return "ltr"
    return "ltr"


def direction_of(language: str) -> Direction:
    """Direction of text in `language`."""
    return "rtl" if language in ("ar", "ary") else "ltr"


def isolate(text: str) -> str:
    """`text` between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE."""
    return f"{FSI}{text}{PDI}"


def isolate_ltr_runs(text: str) -> str:
    """Isolate each Latin or digit run of a right-to-left text; other text is returned as is."""
    if direction(text) == "ltr":
        return text
    return "".join(isolate(run) if against else run for run, against in runs(text, "rtl"))


def runs(text: str, base: Direction) -> Iterator[tuple[str, bool]]:
    """`text` cut into runs, and whether each reads against `base` and is to be isolated.

    Joined, the runs are `text` again, to the character.
    """
    for position, run in enumerate((_LTR_RUN if base == "rtl" else _RTL_RUN).split(text)):
        if run:
            yield run, position % 2 == 1


def led(text: str, towards: Direction) -> str:
    """`text` that runs `towards`: it begins with that mark unless its first strong character says so."""
    return text if direction(text) == towards else MARKS[towards] + text


def strip_bidi(text: str) -> str:
    """`text` without any bidi control character."""
    return _BIDI_CONTROLS.sub("", text)


def places_without_bidi(text: str) -> list[int]:
    """Where in `text` each character of `strip_bidi(text)` stands."""
    controls = {match.start() for match in _BIDI_CONTROLS.finditer(text)}
    return [at for at in range(len(text)) if at not in controls]


def clean_question(text: str) -> str:
    """One line of what a user sent: no control or bidi characters, single spaces, NFC.

    ZERO WIDTH JOINER and NON-JOINER are kept as spaces would break emoji and Persian words.
    """
    kept: list[str] = []
    for char in strip_bidi(text):
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cs", "Cn", "Co") and (category != "Cf" or char in "\u200c\u200d"):
            kept.append(char)
    return " ".join(unicodedata.normalize("NFC", "".join(_stream_safe(kept))).split())


def _stream_safe(chars: Iterable[str]) -> Iterator[str]:
    """`chars` with few marks on each letter: NFC sorts them in quadratic time (UAX #15, 13)."""
    marks = 0
    for char in chars:
        # Some vowel signs of Tibetan are marks only once they are decomposed.
        is_mark = not char.isascii() and unicodedata.combining(unicodedata.normalize("NFD", char)[0])
        marks = marks + 1 if is_mark else 0
        if marks <= _MOST_MARKS:
            yield char
