"""Answer → lines of text for a terminal. Logical order unless the terminal cannot reorder.

A line is text with marked spans; nothing is drawn around Arabic. `visual` lines are wrapped,
shaped (arabic-reshaper) and reordered (python-bidi) for terminals that do neither, with
highlights between ‹ and ›, since styles cannot follow reordered text.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.corpus.document import Document
from assemblybot.messages import say
from assemblybot.render.links import Link
from assemblybot.render.localise import titles
from assemblybot.render.offers import has_others, no_answer_text, opening_text, suggestions_text
from assemblybot.render.place import places
from assemblybot.render.quotation import BULLET, Excerpt, QuotedList, as_line, lists, quotation, quoted_list
from assemblybot.text.bidi import direction, strip_bidi
from assemblybot.text.language import InterfaceLanguage, interface_language

if TYPE_CHECKING:
    from arabic_reshaper import ArabicReshaper

Role = Literal[
    "verdict", "answer", "quote", "lead_in", "source", "label", "rest", "offer", "suggestion", "blank"
]
Bidi = Literal["logical", "visual"]
# Characters that a terminal obeys instead of showing.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Vowel signs before their letter, which is where reordering leaves them.
_SIGNS_FIRST = re.compile(r"([\u064b-\u065f\u0670]+)([^\u064b-\u065f\u0670])")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of output and the spans of it to emphasise."""

    text: str
    role: Role
    highlights: tuple[tuple[int, int], ...] = ()


_BLANK = Line("", "blank")


def render(answer: Answer, documents: Mapping[str, Document], link: Link | None = None) -> list[Line]:
    """The lines of an answer that is localised, over the `documents` it comes from.

    `link` gives the permalink of a citation.
    """
    language = interface_language(answer.language)
    if answer.verdict is not Verdict.ANSWERED:
        said = no_answer_text(answer, language, titles(documents, answer.language), most=inf).split("\n")
        lines = [Line(text, "verdict") for text in said]
        if answer.suggestions:
            lines.append(Line(suggestions_text(answer, language), "offer"))
        return lines + [Line(BULLET + suggestion.text, "suggestion") for suggestion in answer.suggestions]
    if answer.is_list:
        cited = (_list(items, language, link) for items in lists(answer.citations))
    else:
        cited = (render_passage(citation, language, link) for citation in answer.citations)
    opening = Line(opening_text(answer, language), "verdict")
    if not has_others(answer):
        return [opening, *chain.from_iterable(cited)]
    others = Line(say(language, "more-passages"), "label")
    return [opening, *next(cited), _BLANK, others, *chain.from_iterable(cited)]


def render_passage(citation: Citation, language: InterfaceLanguage, link: Link | None) -> Iterator[Line]:
    """What answers, translated and as it stands in the document; where; then the rest of the passage."""
    quoted = quotation(citation)
    yield _BLANK
    if quoted.translation:
        yield Line(say(language, "translation-label"), "label")
        yield from _excerpt(quoted.translation, "answer")
    yield from _excerpt(quoted.original, "quote")
    yield from _source([citation], language, link)
    if quoted.rest:
        yield _BLANK
        yield Line(say(language, "rest-of-passage"), "label")
    yield from (Line(part, "rest") for part, _ in quoted.rest)


def _excerpt(excerpt: Excerpt, role: Role) -> Iterator[Line]:
    if excerpt.lead_in:
        yield Line(excerpt.lead_in, "lead_in")
    yield Line(excerpt.answer.text, role, excerpt.answer.highlights)


def _list(items: Sequence[Citation], language: InterfaceLanguage, link: Link | None) -> Iterator[Line]:
    """Every item, translated and as it stands in the document, under the line that introduces them."""
    original, translation = quoted_list(items)
    yield _BLANK
    if translation:
        yield Line(say(language, "translation-label"), "label")
        yield from _items(translation, "answer")
        yield _BLANK
    yield from _items(original, "quote")
    yield from _source(items, language, link)


def _items(quoted: QuotedList, role: Role) -> Iterator[Line]:
    if quoted.lead_in:
        yield Line(quoted.lead_in, "lead_in")
    yield from (Line(as_line(item), role) for item in quoted.items)


def _source(citations: Sequence[Citation], language: InterfaceLanguage, link: Link | None) -> Iterator[Line]:
    yield Line(places(citations, language), "source")
    if address := link(citations[0]) if link else None:
        yield Line(address, "source")


def visible(text: str) -> str:
    """`text` without what a terminal would obey: control characters and those of direction."""
    return _CONTROL.sub("\ufffd", strip_bidi(text))


def plain(line: Line, bidi: Bidi = "logical", width: int = 100) -> str:
    """A line as text alone, for pipes and for terminals that need visual order."""
    if bidi == "logical":
        return strip_bidi(line.text)
    text = line.text
    for start, end in sorted(line.highlights, reverse=True):
        text = f"{text[:start]}‹{text[start:end]}›{text[end:]}"
    text = visible(text)
    rows = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
    if direction(text) == "rtl":
        shown = [_visual(row) for row in rows]
        rows = [" " * (width - cell_len(row)) + row for row in shown]
    return "\n".join(rows)


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"delete_harakat": False})


def _visual(text: str) -> str:
    from bidi import get_display

    shown: str = get_display(_reshaper().reshape(text), base_dir="R")
    return _SIGNS_FIRST.sub(r"\2\1", shown)
