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
from itertools import chain, groupby
from math import inf
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.corpus.document import Document
from assemblybot.messages import say
from assemblybot.render.items import BULLET, as_line
from assemblybot.render.links import Link
from assemblybot.render.localise import lead_in, titles
from assemblybot.render.offers import instead, offer, opening
from assemblybot.render.place import place, places
from assemblybot.render.quotation import quotation
from assemblybot.text.bidi import direction, strip_bidi
from assemblybot.text.language import InterfaceLanguage, Language, interface_language

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
        said = instead(answer, language, titles(documents, answer.language), most=inf).split("\n")
        return [*(Line(text, "verdict") for text in said), *_suggestions(answer, language)]
    lines, cited = [Line(opening(answer, language), "verdict")], answer.citations
    if not answer.is_list:
        shown = (render_passage(c, documents[c.document], answer.language, link) for c in cited)
        return [*lines, *chain.from_iterable(shown)]
    for (document, _, _), items in groupby(cited, key=lambda c: (c.document, c.section, c.lead_in)):
        lines.extend(_list(list(items), documents[document], answer.language, link))
    return lines


def render_passage(
    citation: Citation, document: Document, language: Language, link: Link | None = None
) -> Iterator[Line]:
    """What answers, translated and as it stands in the document; where; then the rest of the passage."""
    interface, quoted = interface_language(language), quotation(citation)
    yield _BLANK
    if quoted.translation:
        yield Line(say(interface, "translation-label"), "label")
        yield Line(quoted.translation.answer.text, "answer", quoted.translation.answer.highlights)
    yield Line(quoted.original.answer.text, "quote", quoted.original.answer.highlights)
    yield Line(place(citation, interface), "source")
    yield from _address(citation, link)
    introduced = lead_in(citation, document, language)
    rest = [
        introduced.text if introduced else "",
        quoted.translation.rest if quoted.translation else "",
        citation.lead_in.text if citation.lead_in else "",
        quoted.original.rest,
    ]
    if any(rest):
        yield _BLANK
        yield Line(say(interface, "rest-of-passage"), "label")
    yield from (Line(part, "rest") for part in rest if part)


def _list(
    items: Sequence[Citation], document: Document, language: Language, link: Link | None
) -> Iterator[Line]:
    """Every item, translated and as it stands in the document, under the line that introduces them."""
    interface, first = interface_language(language), items[0]
    translated, introduced = [item.translation for item in items], lead_in(first, document, language)
    yield _BLANK
    if any(translated):
        yield Line(say(interface, "translation-label"), "label")
        if introduced:
            yield Line(introduced.text, "lead_in")
        yield from (Line(as_line(item.text), "answer") for item in translated if item)
        yield _BLANK
    if first.lead_in:
        yield Line(first.lead_in.text, "lead_in")
    yield from (Line(as_line(item.text), "quote") for item in items)
    yield Line(places(items, interface), "source")
    yield from _address(first, link)


def _address(citation: Citation, link: Link | None) -> Iterator[Line]:
    if address := link(citation) if link else None:
        yield Line(address, "source")


def _suggestions(answer: Answer, language: InterfaceLanguage) -> Iterator[Line]:
    if answer.suggestions:
        yield Line(offer(answer, language), "offer")
    for suggestion in answer.suggestions:
        yield Line(BULLET + suggestion.text, "suggestion")


def visible(text: str) -> str:
    """`text` without what a terminal would obey: control characters and those of direction."""
    return _CONTROL.sub("\ufffd", strip_bidi(text))


def plain(line: Line, bidi: Bidi = "logical", width: int = 100) -> str:
    """A line as text alone, for pipes and for terminals that need visual order."""
    if bidi == "logical":
        return strip_bidi(line.text)
    marked = visible(_marked(line))
    if direction(marked) == "ltr":
        return "\n".join(_wrapped(marked, width))
    shown = [_visual(part) for part in _wrapped(marked, width)]
    return "\n".join(" " * (width - cell_len(row)) + row for row in shown)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _marked(line: Line) -> str:
    text = line.text
    for start, end in sorted(line.highlights, reverse=True):
        text = f"{text[:start]}‹{text[start:end]}›{text[end:]}"
    return text


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"delete_harakat": False})


def _visual(text: str) -> str:
    from bidi import get_display

    shown: str = get_display(_reshaper().reshape(text), base_dir="R")
    return _SIGNS_FIRST.sub(r"\2\1", shown)
