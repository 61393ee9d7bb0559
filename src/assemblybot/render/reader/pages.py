"""Whole pages as text. Templates escape everything; nothing here joins markup.

Every page stands in one folder and refers to the others by relative addresses, so that the
reader works under any prefix a proxy puts before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from assemblybot.answering.answer import Answer
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.corpus.document import Document
from assemblybot.messages import say
from assemblybot.render.dates import day
from assemblybot.render.links import READER, anchor, page_of
from assemblybot.render.localise import title
from assemblybot.render.reader.answers import shown
from assemblybot.render.reader.assets import ASSETS
from assemblybot.render.reader.display import COLOURS, NO_TRANSLATION, Display
from assemblybot.render.reader.outline import Listing, outline
from assemblybot.render.reader.thread import Thread, thread_fields
from assemblybot.render.reader.words import Words, direction_of, words
from assemblybot.text.language import (
    INTERFACE_LANGUAGES,
    LANGUAGE_NAMES,
    InterfaceLanguage,
    interface_language,
)

_START: Final = "./"
# What `document.toml` may say under names that have a wording of their own.
_FACTS: Final = ("event", "place", "licence")

_READER: Final = READER.removeprefix("/")
#: How a page that stands beside the reader's folder refers to what is in it.
BESIDE: Final[Mapping[str, Any]] = {
    "start": _READER,
    "assets": {file: f"{_READER}assets/{asset.name}" for file, asset in ASSETS.items()},
}

_templates = Environment(
    loader=PackageLoader("assemblybot.render.reader"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "anchor": anchor,
    "assets": {file: f"assets/{asset.name}" for file, asset in ASSETS.items()},
    "colours": COLOURS,
    "day": day,
    "direction_of": direction_of,
    "interface_languages": INTERFACE_LANGUAGES,
    "language_names": LANGUAGE_NAMES,
    "longest_question": LONGEST_QUESTION,
    "no_translation": NO_TRANSLATION,
    "page_of": page_of,
    "thread_fields": thread_fields,
    "words": words,
}
_templates.tests["listing"] = lambda block: isinstance(block, Listing)


@dataclass(frozen=True, slots=True)
class ListPage:
    """Which page of the list of documents it is, of how many; the first is 1."""

    number: int = 1
    count: int = 1


_ONLY_PAGE: Final = ListPage()


def documents_page(
    documents: Iterable[Document],
    display: Display,
    examples: Iterable[str] = (),
    place: ListPage = _ONLY_PAGE,
) -> str:
    """The first page: what this is, `examples` of questions, the documents on one page of their list."""
    listed = [(document, _title(document, display.language)) for document in documents]
    shown = display.without_translation()
    return render_page("documents.html", shown, documents=listed, examples=tuple(examples), place=place)


def document_page(document: Document, display: Display) -> str:
    """One document, each passage with its anchor, beside it the translation `display` asks for."""
    translation, dates = display.translation_of(document), _dates(document)
    return render_page(
        "document.html",
        display,
        here=page_of(document.id),
        content_language=document.metadata.language,
        dates=dates,
        document=document,
        facts=_facts(document, dates, display),
        outline=outline(document),
        source=_web_address(document.metadata.source_url),
        translation=translation,
        translations=document.translations[translation] if translation else {},
    )


def answer_page(
    answer: Answer, documents: Mapping[str, Document], display: Display, thread: Thread | None = None
) -> str:
    """What was asked, and the answer, which is localised; the whole page is in its language."""
    display = replace(display.without_translation(), language=interface_language(answer.language))
    thread = thread or Thread(answer.question)
    return render_page("answer.html", display, answer=shown(answer, documents, display), thread=thread)


def notice_page(
    heading: str, text: str, display: Display, thread: Thread | None = None, *, beside: bool = False
) -> str:
    """A page that says why there is no other: a missing document, a question not answered.

    `heading` and `text` are said already, in the language of `display`; `beside` tells a page that stands
    beside the reader's folder.
    """
    said = {"title": heading, "text": text, "thread": thread or Thread(), **(BESIDE if beside else {})}
    return render_page("notice.html", display.without_translation(), **said)


def render_page(template: str, display: Display, **values: Any) -> str:
    """One template. What `thread` asked is in the box, and changing the display asks it again."""
    context = {
        "here": _START,
        "start": _START,
        "content_language": display.language,
        "display": display,
        "thread": Thread(),
        "t": partial(say, display.language),
        **values,
    }
    return _templates.get_template(template).render(context)


def _title(document: Document, language: InterfaceLanguage) -> Words:
    shown, own = title(document, language), document.metadata
    return words(shown, own.language if shown == own.title else language)


def _facts(document: Document, dates: tuple[str, ...], display: Display) -> list[tuple[str, str]]:
    """Label and value of what is known of a document beyond its title."""
    about = document.metadata.about
    said = partial(say, display.language)
    facts = [(said(f"reader-{name}"), about[name]) for name in _FACTS if name in about]
    if dates:
        begins, ends = (day(date, display.language) for date in dates)
        facts.append((said("reader-when"), said("reader-dates", begins=begins, ends=ends)))
    return facts


def _dates(document: Document) -> tuple[str, ...]:
    """The first and the last day of what a document is about, where both are known."""
    about = document.metadata.about
    return (about["begins"], about["ends"]) if {"begins", "ends"} <= about.keys() else ()


def _web_address(url: str | None) -> str | None:
    """`url` when following it opens a page and does nothing else."""
    return url if url and url.startswith(("https://", "http://")) else None
