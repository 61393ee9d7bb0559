"""The pages of curators: a question with the passages that may answer it, and before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.corpus.document import Document
from assemblybot.curation.queue import Queued
from assemblybot.curation.report import Change
from assemblybot.render import review
from assemblybot.render.links import READER, anchor, page_of
from assemblybot.render.place import place
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.pages import BESIDE, render_page
from assemblybot.render.reader.words import Words, words

#: The addresses of both pages, beside the folder of the reader's other pages.
REVIEW: Final = "review"
REPORT: Final = "review-report"
_READER: Final = READER.removeprefix("/")


@dataclass(frozen=True, slots=True)
class OfferedPassage:
    """A passage that may answer: how it is named, its words, their translation, where they stand."""

    id: str
    original: Words
    translation: Words | None
    place: str
    address: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question to decide now; `count` wait in all, and `token` shows that a form is from this page."""

    queued: Queued | None
    offered: Sequence[Citation]
    count: int
    token: str


def review_page(waiting: Waiting, documents: Mapping[str, Document], display: Display) -> str:
    """One question with one button for each decision. The words of `queued` are shown as they were asked."""
    display = display.without_translation()
    queued, language = waiting.queued, display.language
    return render_page(
        "review.html",
        display,
        **BESIDE,
        here=REVIEW,
        report=REPORT,
        waiting=waiting,
        asked=review.asked(queued, language) if queued else "",
        reasons=tuple(review.reasons(queued, language)) if queued else (),
        offered=tuple(_offered(c, documents[c.document], display) for c in waiting.offered),
    )


def report_page(report: Sequence[Change], token: str, display: Display) -> str:
    """Every decided question by what became of it, each with a button that takes the decision back."""
    display = display.without_translation()
    listed = [
        (key, [(change.row, review.outcome(change, display.language)) for change in found])
        for key, found in review.groups(report)
        if found
    ]
    return render_page(
        "report.html",
        display,
        **BESIDE,
        here=REPORT,
        queue=REVIEW,
        token=token,
        headline=tuple(review.headline(report, display.language)),
        groups=listed,
    )


def _offered(citation: Citation, document: Document, display: Display) -> OfferedPassage:
    translated = citation.translation
    return OfferedPassage(
        id=citation.passage,
        original=words(citation.text, document.metadata.language),
        translation=words(translated.text, translated.language) if translated else None,
        place=place(citation, display.language),
        address=f"{_READER}{page_of(citation.document)}{display.query}#{anchor(citation.paragraph)}",
    )
