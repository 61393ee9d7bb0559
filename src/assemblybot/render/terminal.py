"""Answer → lines of text for a terminal. Logical order unless the terminal cannot reorder.

A line is text with marked spans; nothing is drawn around Arabic. `visual` lines are wrapped,
shaped (arabic-reshaper) and reordered (python-bidi) for terminals that do neither, with
highlights between ‹ and ›, since styles cannot follow reordered text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.messages import say
from assemblybot.render.links import Link
from assemblybot.render.offers import found, instead, offer
from assemblybot.render.place import place
from assemblybot.text.bidi import direction, strip_bidi
from assemblybot.text.language import InterfaceLanguage, interface_language

Role = Literal["verdict", "quote", "lead_in", "source", "label", "translation", "suggestion", "blank"]
Bidi = Literal["logical", "visual"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of output and the spans of it to emphasise."""

    text: str
    role: Role
    highlights: tuple[tuple[int, int], ...] = ()


_BLANK = Line("", "blank")


def render(
    answer: Answer, sources: str, interface: InterfaceLanguage | None = None, link: Link | None = None
) -> list[Line]:
    """The lines of one answer, in the language of the question unless `interface` is given.

    `link` gives the permalink of a citation.
    """
    language = interface or interface_language(answer.language)
    if answer.verdict is not Verdict.ANSWERED:
        return [Line(instead(answer, language, sources), "verdict"), *_suggestions(answer, language)]
    lines = [
        Line(
            found(language, count=len(answer.citations), is_list=answer.is_list, is_unsure=answer.is_unsure),
            "verdict",
        )
    ]
    shown: set[str] = set()
    for citation in answer.citations:
        lines.append(_BLANK)
        lead_in = citation.lead_in
        if answer.is_list and lead_in and lead_in.passage not in shown:
            lines.append(Line(lead_in.text, "lead_in"))
            shown.add(lead_in.passage)
        shown.add(citation.passage)
        lines.extend(render_citation(citation, language, link))
    return lines


def render_citation(
    citation: Citation, language: InterfaceLanguage, link: Link | None = None
) -> Iterator[Line]:
    """Quote, place, permalink and translation of one cited passage."""
    yield Line(citation.text, "quote", citation.highlights)
    yield Line(place(citation, language), "source")
    if address := link and link(citation):
        yield Line(address, "source")
    if citation.translation and language != "ar":
        label = say(language, "translation-label")
        yield Line(f"{label}: {citation.translation.text}", "translation")


def _suggestions(answer: Answer, language: InterfaceLanguage) -> Iterator[Line]:
    if answer.suggestions:
        yield Line(offer(answer, language), "label")
    for suggestion in answer.suggestions:
        yield Line(suggestion, "suggestion")


def plain(line: Line, bidi: Bidi = "logical", width: int = 100) -> str:
    """A line as text alone, for pipes and for terminals that need visual order."""
    if bidi == "logical":
        return strip_bidi(line.text)
    marked = strip_bidi(_marked(line))
    if direction(marked) == "ltr":
        return textwrap.fill(marked, width)
    return "\n".join(_visual(part).rjust(width) for part in textwrap.wrap(marked, width) or [""])


def _marked(line: Line) -> str:
    text = line.text
    for start, end in sorted(line.highlights, reverse=True):
        text = f"{text[:start]}‹{text[start:end]}›{text[end:]}"
    return text


def _visual(text: str) -> str:
    from arabic_reshaper import reshape
    from bidi import get_display

    shown: str = get_display(reshape(text), base_dir="R")
    return shown
