"""Text with entities, measured as Telegram measures: in UTF-16 code units.

Entities stand beside the text, so no character of it needs escaping. The direction of
each line is decided here, because a Telegram client takes it from the first strong character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from assemblybot.messages import say
from assemblybot.render.cards import Button
from assemblybot.render.quotation import LEFT_OUT, Marked
from assemblybot.text.arabic import arabic_share
from assemblybot.text.bidi import (
    RLM,
    direction,
    direction_of,
    isolate_ltr_runs,
    led,
    places_without_bidi,
    strip_bidi,
)
from assemblybot.text.language import InterfaceLanguage
from assemblybot.text.sentences import Span

LONGEST_MESSAGE: Final = 4096
EntityType = Literal["bold", "italic", "expandable_blockquote", "blockquote"]
Keyboard = tuple[tuple[Button, ...], ...]
_MOSTLY_ARABIC: Final = 0.4
#: How far the edge of an excerpt is moved, at most, so that it is between words.
_LONGEST_WORD: Final = 80
_ZWJ: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked part of a text; `offset` and `length` in UTF-16 code units."""

    type: EntityType
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class TelegramMessage:
    """What one Telegram message is made of."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()


def units(text: str) -> int:
    """Length of `text` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class TextBuilder:
    """Collects lines and the entities over them; the bot's own words are in the language `interface`."""

    def __init__(self, interface: InterfaceLanguage) -> None:
        self.interface: InterfaceLanguage = interface
        self._parts: list[str] = []
        self._entities: list[Entity] = []
        self.length = 0

    def add(self, text: str) -> None:
        """Append `text` as it is."""
        self._parts.append(text)
        self.length += units(text)

    def quote(self, text: Marked, longest: int | None = None) -> None:
        """A new line with `text` of a source, in its own direction, what is marked in it in bold; no more
        than about `longest` characters of it."""
        shown = displayed(excerpt(text, longest))
        self._line(shown.text)
        begin = self.length - units(shown.text)
        for start, end in shown.highlights:
            offset, length = begin + units(shown.text[:start]), units(shown.text[start:end])
            self._entities.append(Entity("bold", offset, length))

    def words(self, text: str, mark: EntityType | None = None) -> None:
        """New lines of the bot's own words, whose values are isolated already."""
        for line in text.split("\n"):
            self._line(led(line, direction_of(self.interface)))
            if mark:
                self._entities.append(Entity(mark, self.length - units(line), units(line)))

    def say(self, key: str, /, **values: str | int) -> None:
        """A message of the bot."""
        self.words(say(self.interface, key, **values))

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
        if 0 < first < len(self._parts):  # the line break that opens the block is no part of it
            start += 1
        if self.length > start:
            self._entities.insert(place, Entity(mark, start, self.length - start))

    def label(self) -> None:
        """Say that what stands above is a translation; slanted in Latin letters, as Arabic has no italics."""
        self.words(say(self.interface, "translation-label"), None if self.interface == "ar" else "italic")

    def message(self, keyboard: Keyboard = ()) -> TelegramMessage:
        """What was collected."""
        return TelegramMessage("".join(self._parts), tuple(self._entities), keyboard)


def fitting(texts: Iterator[TextBuilder], keyboard: Keyboard) -> TelegramMessage:
    """The message with the first of `texts` that is not too long, or with the last."""
    text = next(texts)
    while text.length > LONGEST_MESSAGE and (less := next(texts, None)):
        text = less
    return text.message(keyboard)


def displayed(text: Marked) -> Marked:
    """`text` as a client should be given it, with its highlights moved along.

    Mostly Arabic text begins with an Arabic letter or U+200F and has its Latin and digit runs
    isolated; other text begins with a Latin letter or U+200E. Bidi controls of a source are
    dropped: one that is never closed would turn everything after it around.
    """
    clean = strip_bidi(text.text)
    if arabic_share(clean) >= _MOSTLY_ARABIC:
        shown = isolate_ltr_runs(RLM + clean)
        shown = shown[1:] if direction(clean) == "rtl" else shown
    else:
        shown = led(clean, "ltr")
    places = places_without_bidi(shown)
    cleaned = ((len(strip_bidi(text.text[:at])) for at in span) for span in text.highlights)
    moved = ((places[start], places[end - 1] + 1) for start, end in cleaned if start < end)
    return Marked(shown, tuple(moved))


def excerpt(text: Marked, longest: int | None) -> Marked:
    """At most about `longest` characters of whole words around the first highlight."""
    whole = text.text
    if longest is None or len(whole) <= longest:
        return text
    first, last = text.highlights[0] if text.highlights else (0, 0)
    last = min(last, first + longest)
    at = max(0, min(first, last + (first - last - longest) // 2, len(whole) - longest))
    start, end = _word_start(whole, at), _word_end(whole, min(len(whole), at + longest))
    inner = text.part(Span(start, end))
    before = f"{LEFT_OUT} " if start > 0 else ""
    after = f" {LEFT_OUT}" if end < len(whole) else ""
    moved = tuple((left + len(before), right + len(before)) for left, right in inner.highlights)
    return Marked(before + inner.text + after, moved)


def shortened(text: str, longest: int | None) -> str:
    """The beginning of `text`: at most about `longest` characters of whole words."""
    return excerpt(Marked(text), longest).text


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word from `at` on; `at` itself in text without spaces."""
    if at == 0 or text[at - 1].isspace():
        return at
    blank = next((i for i in range(at, min(len(text), at + _LONGEST_WORD)) if text[i].isspace()), None)
    return _whole_character(text, at) if blank is None else blank + 1


def _word_end(text: str, at: int) -> int:
    if at == len(text) or text[at].isspace():
        return at
    blank = next((i for i in range(at - 1, max(0, at - _LONGEST_WORD), -1) if text[i].isspace()), None)
    return _whole_character(text, at) if blank is None else blank


def _whole_character(text: str, at: int) -> int:
    """`at`, or before it where a letter and its marks would be parted."""
    while at > 0 and (unicodedata.combining(text[at]) or text[at] in f"{_ZWJ}\ufe0f" or text[at - 1] == _ZWJ):
        at -= 1
    return at
