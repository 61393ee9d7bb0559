"""Whole pages as text. Templates and markupsafe escape every value.

Every page of the reader stands in one folder, and those of curators beside it; they refer to each other by
relative addresses, so that they work under any prefix a proxy puts before them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import resources
from math import inf
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.corpus.document import Document
from assemblybot.corpus.structure import list_mark
from assemblybot.messages import say
from assemblybot.render.links import READER, anchor, page_of
from assemblybot.render.localise import title, titles
from assemblybot.render.offers import has_others, no_answer_text, opening_text, suggestions_text
from assemblybot.render.place import day, places
from assemblybot.render.quotation import cuts, lists, quotation, quoted_list
from assemblybot.render.reader.display import COLOURS, NO_TRANSLATION, Display
from assemblybot.render.reader.outline import Listing, outline
from assemblybot.render.reader.thread import Thread, thread_fields
from assemblybot.text.bidi import direction_of, runs
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES, interface_language

# What `document.toml` may say under names that have a wording of their own.
_FACTS: Final = ("event", "place", "licence")
#: The reader's folder, for a page that stands beside it.
FOLDER: Final = READER.removeprefix("/")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages refer to: its name, which changes with its content, its media type and its bytes."""

    name: str
    media_type: str
    body: bytes


def _asset(file: str, media_type: str) -> Asset:
    body = (resources.files("assemblybot.render.reader") / "assets" / file).read_bytes()
    stem, _, suffix = file.rpartition(".")
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", media_type, body)


#: By the name of the file.
ASSETS: Final[Mapping[str, Asset]] = {
    "reader.css": _asset("reader.css", "text/css"),
    "icon.svg": _asset("icon.svg", "image/svg+xml"),
}


def marked(text: str, language: str, highlights: Sequence[tuple[int, int]] = ()) -> Markup:
    """A paragraph of a document or of its translation, with `highlights` as spans of it in characters.

    The number or bullet of a list item, highlights, and runs that read the other way than the paragraph are
    elements; their text is that of the paragraph, to the character.
    """
    mark, base = list_mark(text), direction_of(language)
    against = "ltr" if base == "rtl" else "rtl"
    shown = Markup('<span class="mark">{}</span>').format(mark) if mark else Markup()
    for start, end, highlighted in cuts(len(text), highlights):
        piece = Markup().join(
            Markup('<bdi dir="{}">{}</bdi>').format(against, run) if isolated else run
            for run, isolated in runs(text[max(start, len(mark)) : end], base)
        )
        shown += Markup("<mark>{}</mark>").format(piece) if highlighted and piece else piece
    return shown


_templates = Environment(
    loader=PackageLoader("assemblybot.render.reader"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "anchor": anchor,
    "assets": ASSETS,
    "colours": COLOURS,
    "day": day,
    "direction_of": direction_of,
    "interface_languages": INTERFACE_LANGUAGES,
    "language_names": LANGUAGE_NAMES,
    "longest_question": LONGEST_QUESTION,
    "no_translation": NO_TRANSLATION,
    "page_of": page_of,
    "thread_fields": thread_fields,
    "marked": marked,
}
_templates.tests["listing"] = lambda block: isinstance(block, Listing)


def documents_page(
    documents: Iterable[Document],
    display: Display,
    examples: Sequence[str] = (),
    *,
    number: int = 1,
    count: int = 1,
) -> str:
    """The first page: what this is, `examples` of questions, and page `number` of `count` of the list of
    documents."""
    listed: list[tuple[Document, str, str]] = []
    for document in documents:
        shown, own = title(document, display.language), document.metadata
        listed.append((document, shown, own.language if shown == own.title else display.language))
    return render_page(
        "documents.html",
        display.without_translation(),
        documents=listed,
        examples=examples,
        number=number,
        count=count,
    )


def document_page(document: Document, display: Display) -> str:
    """One document, each passage with its anchor, beside it the translation `display` asks for."""
    translation = display.translation_of(document)
    about, url = document.metadata.about, document.metadata.source_url
    # The first and the last day of what a document is about, where both are known.
    dates = (about["begins"], about["ends"]) if {"begins", "ends"} <= about.keys() else ()
    return render_page(
        "document.html",
        display,
        here=page_of(document.id),
        content_language=document.metadata.language,
        dates=dates,
        document=document,
        facts=[(f"reader-{name}", about[name]) for name in _FACTS if name in about],
        outline=outline(document),
        # Following it opens a page and does nothing else.
        source=url if url and url.startswith(("https://", "http://")) else None,
        translation=translation,
        translations=document.translations[translation] if translation else {},
    )


def answer_page(
    answer: Answer, documents: Mapping[str, Document], display: Display, thread: Thread | None = None
) -> str:
    """What was asked, and the answer, which is localised; the whole page is in its language."""
    language = interface_language(answer.language)
    display = replace(display.without_translation(), language=language)
    # Beside the text of a document stands the language of the answer.
    linked = display if display.chosen else replace(display, translation=language)
    if answer.verdict is Verdict.ANSWERED:
        said = opening_text(answer, language)
    else:
        said = no_answer_text(answer, language, titles(documents, answer.language), most=inf)
    grouped = lists(answer.citations) if answer.is_list else ()
    return render_page(
        "answer.html",
        display,
        said=said,
        passages=[(c, quotation(c)) for c in answer.citations if not answer.is_list],
        has_others=has_others(answer),
        lists=[(items, *quoted_list(items)) for items in grouped],
        own_language=lambda citation: documents[citation.document].metadata.language,
        address=partial(address, display=linked),
        places=partial(places, language=language),
        offer=suggestions_text(answer, language),
        suggestions=[suggestion.text for suggestion in answer.suggestions],
        thread=thread or Thread(answer.question),
    )


def notice_page(
    heading: str, text: str, display: Display, thread: Thread | None, *, beside: bool = False
) -> str:
    """A page that says why there is no other: a missing document, a question not answered.

    `heading` and `text` are said already, in the language of `display`; `beside` tells a page that stands
    beside the reader's folder.
    """
    return render_page(
        "notice.html",
        display.without_translation(),
        beside=beside,
        title=heading,
        text=text,
        thread=thread or Thread(),
    )


def address(citation: Citation, display: Display, folder: str = "") -> str:
    """The place of a cited passage on the page of its document; `folder` is where that page is."""
    return f"{folder}{page_of(citation.document)}{display.query}#{anchor(citation.paragraph)}"


def render_page(template: str, display: Display, *, beside: bool = False, **values: Any) -> str:
    """One template. What `thread` asked is in the box, and changing the display asks it again.

    A page that stands `beside` the reader's folder refers to what is in it by that folder.
    """
    context = {
        "here": "./",
        "start": FOLDER if beside else "./",
        "assets_folder": f"{FOLDER}assets/" if beside else "assets/",
        "content_language": display.language,
        "display": display,
        "thread": Thread(),
        "t": partial(say, display.language),
        **values,
    }
    return _templates.get_template(template).render(context)
