"""Text with entities, measured as Telegram measures: in UTF-16 code units.

Nothing is marked up inside the text, so nothing in it can break the marking. The direction of
each line is decided here, because a Telegram client takes it from the first strong character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from assemblybot.messages import say
from assemblybot.text.arabic import arabic_share
from assemblybot.text.bidi import LRM, RLM, Direction, direction, isolate_ltr_runs, strip_bidi
from assemblybot.text.language import InterfaceLanguage

LONGEST_MESSAGE: Final = 4096
EntityType = Literal["bold", "italic", "expandable_blockquote", "blockquote"]
Spans = Sequence[tuple[int, int]]
_MOSTLY_ARABIC: Final = 0.4


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked part of a text; `offset` and `length` in UTF-16 code units."""

    type: EntityType
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Button:
    """One button: `data` comes back when it is pressed, `url` is opened."""

    text: str
    data: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """What one Telegram message is made of."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()


def units(text: str) -> int:
    """Length of `text` in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


class TextBuilder:
    """Collects lines and the entities over them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._entities: list[Entity] = []
        self.length = 0

    def add(self, text: str) -> None:
        """Append `text` as it is."""
        self._parts.append(text)
        self.length += units(text)

    def quote(self, text: str, marks: Spans = ()) -> None:
        """A new line with `text` of a source, in its own direction, spans of it in bold."""
        shown, places = displayed(text, marks)
        self._line(shown)
        begin = self.length - units(shown)
        for start, end in places:
            self._entities.append(Entity("bold", begin + units(shown[:start]), units(shown[start:end])))

    def words(self, text: str, interface: InterfaceLanguage, mark: EntityType | None = None) -> None:
        """A new line of the bot's own words, whose values are isolated already."""
        towards: Direction = "rtl" if interface == "ar" else "ltr"
        lead = RLM if towards == "rtl" else LRM
        self._line(text if direction(text) == towards else lead + text)
        if mark:
            self._entities.append(Entity(mark, self.length - units(text), units(text)))

    def _line(self, shown: str) -> None:
        if self._parts:
            self.add("\n")
        self.add(shown)

    def gap(self) -> None:
        """Leave one line empty, unless nothing was written yet."""
        if self._parts:
            self.add("\n")

    @contextmanager
    def within(self, mark: EntityType) -> Iterator[None]:
        """Mark all lines written inside; they must begin on a new line."""
        first = len(self._parts)
        place = len(self._entities)
        start = self.length
        yield
        # The line break that opens the block is no part of it.
        if first < len(self._parts) and first > 0 and self._parts[first] == "\n":
            start += 1
        if self.length > start:
            self._entities.insert(place, Entity(mark, start, self.length - start))

    def message(self, keyboard: Keyboard = ()) -> TelegramMessage:
        """What was collected."""
        return TelegramMessage("".join(self._parts), tuple(self._entities), keyboard)


def add_label(text: TextBuilder, interface: InterfaceLanguage) -> None:
    """Say that what stands above is a translation; slanted in Latin letters, as Arabic has no italics."""
    text.words(say(interface, "translation-label"), interface, None if interface == "ar" else "italic")


def displayed(text: str, spans: Spans = ()) -> tuple[str, list[tuple[int, int]]]:
    """`text` as a client should be given it, with `spans` of it moved along.

    Mostly Arabic text begins with an Arabic letter or U+200F and has its Latin and digit runs
    isolated; other text begins with a Latin letter or U+200E. Bidi controls of a source are
    dropped: one that is never closed would turn everything after it around.
    """
    clean = strip_bidi(text) if not spans else "".join(char for char in text if strip_bidi(char))
    if arabic_share(clean) >= _MOSTLY_ARABIC:
        shown = isolate_ltr_runs(RLM + clean)
        shown = shown[1:] if direction(clean) == "rtl" else shown
    else:
        shown = clean if direction(clean) == "ltr" else LRM + clean
    if not spans:
        return shown, []
    where = _places(text, shown)
    moved = [(where[start], where[end - 1] + 1) for start, end in spans if 0 <= start < end <= len(text)]
    return shown, moved


def _places(text: str, shown: str) -> list[int]:
    """Position in `shown` of each character of `text`; of a dropped one, that of the next."""
    places: list[int] = []
    at = 0
    for char in text:
        if not strip_bidi(char):
            places.append(at)
            continue
        while shown[at] != char:
            at += 1
        places.append(at)
        at += 1
    return places
