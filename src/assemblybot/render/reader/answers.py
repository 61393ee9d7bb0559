"""The page of an answer: what the bot says, what it cites, questions to ask instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from math import inf

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.corpus.document import Document
from assemblybot.render.localise import titles
from assemblybot.render.offers import instead, offer, opening
from assemblybot.render.place import places
from assemblybot.render.quotation import lists, quotation, quoted_list
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.pages import address, render_page
from assemblybot.render.reader.thread import Thread
from assemblybot.text.language import interface_language


def answer_page(
    answer: Answer, documents: Mapping[str, Document], display: Display, thread: Thread | None = None
) -> str:
    """What was asked, and the answer, which is localised; the whole page is in its language."""
    language, own = interface_language(answer.language), partial(_language, documents)
    display = replace(display.without_translation(), language=language)
    # Beside the text of a document stands the language of the answer.
    linked = display if display.chosen else replace(display, translation=language)
    if answer.verdict is Verdict.ANSWERED:
        said = opening(answer, language)
    else:
        said = instead(answer, language, titles(documents, answer.language), most=inf)
    passages = [(c, own(c), quotation(c)) for c in answer.citations if not answer.is_list]
    cited = [(items, own(items[0]), *quoted_list(items)) for items in lists(answer.citations)]
    return render_page(
        "answer.html",
        display,
        said=said,
        passages=passages,
        lists=cited if answer.is_list else [],
        address=partial(address, display=linked),
        places=partial(places, language=language),
        offer=offer(answer, language),
        suggestions=[suggestion.text for suggestion in answer.suggestions],
        thread=thread or Thread(answer.question),
    )


def _language(documents: Mapping[str, Document], citation: Citation) -> str:
    return documents[citation.document].metadata.language
