"""The numbers of lists and headings as they are shown: “3.”, “b)”, “2.1.”, “Article 4”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BULLET: Final = "• "
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LETTERS: Final = {
    "a": "abcdefghijklmnopqrstuvwxyz",
    "أ": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ابجد": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
}
_MOST_LETTERS: Final = 5
_PLACE = re.compile(r"%(\d)")


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list counts: `form` is `1`, `a`, `A`, `i`, `I`, `أ` or `ابجد`, or empty for bullets.

    In `template`, “%2” stands for the number of the second level.
    """

    form: str = ""
    template: str = ""
    start: int = 1


def numeral(number: int, form: str) -> str:
    """A number as letters, Roman numerals or digits."""
    small = form.lower()
    if number < 1:
        return str(number)
    if letters := _LETTERS.get(small):
        repeats, at = divmod(number - 1, len(letters))
        text = letters[at] * (repeats + 1) if repeats < _MOST_LETTERS else str(number)
    elif small == "i" and number < 4000:
        text = ""
        for value, sign in _ROMAN:
            text += sign * (number // value)
            number %= value
    else:
        text = str(number)
    return text.upper() if form.isupper() else text


class Counters:
    """The numbers that the levels of one list, the first of which is 0, have reached."""

    def __init__(self, levels: Mapping[int, Level]) -> None:
        self._levels = levels
        self._reached: dict[int, int] = {}

    def next(self, at: int, restart: int | None = None) -> str:
        """The mark of the next item of a level, with a space behind it; empty where none is shown."""
        level = self._levels.get(at, Level())
        for deeper in [place for place in self._reached if place > at]:
            del self._reached[deeper]
        begun = self._reached.get(at, level.start - 1) + 1
        self._reached[at] = begun if restart is None else restart
        if not level.form:
            return BULLET
        shown = _PLACE.sub(lambda place: self._shown(int(place[1]) - 1), level.template).strip()
        return f"{shown} " if shown else ""

    def _shown(self, at: int) -> str:
        level = self._levels.get(at, Level("1"))
        return numeral(self._reached.get(at, level.start), level.form or "1")
