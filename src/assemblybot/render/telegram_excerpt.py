"""The words of a long text around a span of it."""

from __future__ import annotations

import unicodedata
from typing import Final

from assemblybot.render.quotation import Marked
from assemblybot.render.telegram_text import Spans
from assemblybot.text.sentences import Span

_LEFT_OUT: Final = "[…]"
_ZWJ: Final = "\u200d"
_JOINED: Final = _ZWJ + "\ufe0f"


def excerpt(text: str, marks: Spans, longest: int | None) -> tuple[str, Spans]:
    """At most about `longest` characters of whole words around the first mark."""
    if longest is None or len(text) <= longest:
        return text, marks
    first, last = marks[0] if marks else (0, 0)
    last = min(last, first + longest)
    start = max(0, min(first, last + (first - last - longest) // 2, len(text) - longest))
    end = min(len(text), start + longest)
    return _part(text, marks, _word_start(text, start), _word_end(text, end))


def _part(text: str, marks: Spans, start: int, end: int) -> tuple[str, Spans]:
    before = f"{_LEFT_OUT} " if start > 0 else ""
    after = f" {_LEFT_OUT}" if end < len(text) else ""
    inner = Marked(text, tuple(marks)).part(Span(start, end))
    moved = [(left + len(before), right + len(before)) for left, right in inner.highlights]
    return before + inner.text + after, moved


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word from `at` on; `at` itself in text without spaces."""
    if at == 0 or text[at - 1].isspace():
        return at
    blank = next((i for i in range(at, min(len(text), at + 80)) if text[i].isspace()), None)
    return _whole_character(text, at) if blank is None else blank + 1


def _word_end(text: str, at: int) -> int:
    if at == len(text) or text[at].isspace():
        return at
    blank = next((i for i in range(at - 1, max(0, at - 80), -1) if text[i].isspace()), None)
    return _whole_character(text, at) if blank is None else blank


def _whole_character(text: str, at: int) -> int:
    """`at`, or before it where a letter and its marks would be parted."""
    while at > 0 and (unicodedata.combining(text[at]) or text[at] in _JOINED or text[at - 1] == _ZWJ):
        at -= 1
    return at
