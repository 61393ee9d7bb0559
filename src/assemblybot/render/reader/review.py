"""The pages of curators: a question with the passages that may answer it, and before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.corpus.document import Document
from assemblybot.curation.queue import Queued
from assemblybot.curation.report import Change
from assemblybot.render import review
from assemblybot.render.localise import localised_citation
from assemblybot.render.place import place
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.pages import FOLDER, address, render_page

#: The addresses of both pages, beside the folder of the reader's other pages.
REVIEW: Final = "review"
REPORT: Final = "review-report"


def review_page(
    queued: Queued | None,
    offered: Sequence[Citation],
    documents: Mapping[str, Document],
    display: Display,
    *,
    count: int,
    token: str,
) -> str:
    """One question with one button for each decision. The words of `queued` are shown as they were asked,
    passages in the language of the page.

    Each of the `offered` passages may answer it; `count` questions wait in all, and `token` shows that a form
    is from this page.
    """
    display = display.without_translation()
    language = display.language
    return render_page(
        "review.html",
        display,
        beside=True,
        here=REVIEW,
        report=REPORT,
        queued=queued,
        count=count,
        token=token,
        asked=review.asked(queued, language) if queued else "",
        reasons=tuple(review.reasons(queued, language)) if queued else (),
        offered=[localised_citation(one, documents[one.document], language) for one in offered],
        own_language=lambda citation: documents[citation.document].metadata.language,
        address=partial(address, display=display, folder=FOLDER),
        place=partial(place, language=language),
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
        beside=True,
        here=REPORT,
        queue=REVIEW,
        token=token,
        headline=tuple(review.headline(report, display.language)),
        groups=listed,
    )
