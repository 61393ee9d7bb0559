"""The App Home tab: what the bot is, what it answers from, how to ask, language, privacy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    HeaderBlock,
    SectionBlock,
)
from slack_sdk.models.views import View

from assemblybot.render.slack_buttons import FORGET, LANGUAGE, ask_button
from assemblybot.render.slack_text import Block as Data
from assemblybot.render.slack_text import paragraph, plain, spoken
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES, InterfaceLanguage

AUTOMATIC: Final = "auto"
_LONGEST_HEADER: Final = 150
#: So many documents are listed at most.
MOST_SOURCES: Final = 20
_MOST_TITLES: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One document, as the home tab and `/assembly sources` list it."""

    title: str
    author: str
    passages: int


def source_lines(sources: Sequence[Source], total: int, language: InterfaceLanguage) -> list[str]:
    """One line a document, and how many more of the `total` there are."""
    lines = [
        spoken(language, "sources-line", title=s.title, author=s.author or "—", passages=s.passages)
        for s in sources
    ]
    more = total - len(lines)
    return [*lines, spoken(language, "slack-more-sources", count=more)] if more else lines


def titles(sources: Sequence[Source], language: InterfaceLanguage) -> str:
    """The first titles in one line."""
    comma = "، " if language == "ar" else ", "
    shown = comma.join(source.title for source in sources[:_MOST_TITLES])
    return f"{shown}{comma}…" if len(sources) > _MOST_TITLES else shown


def home(
    language: InterfaceLanguage,
    sources: Sequence[Source],
    total: int,
    questions: Sequence[str],
    *,
    chosen: InterfaceLanguage | None,
    privacy: str,
    minutes: int,
) -> Data:
    """The view that `views.publish` takes. `sources` are the first of `total`; `privacy` is the key of
    the words on what is kept."""
    blocks: list[Block] = [
        _header("slack-home-about", language),
        _text(spoken(language, "about", sources=titles(sources, language))),
        _text(spoken(language, "help")),
        _header("slack-home-coverage", language),
        *map(_text, source_lines(sources, total, language)),
        _header("slack-home-questions", language),
        *(SectionBlock(text=plain(paragraph(q)), accessory=ask_button(q, language)) for q in questions),
        _header("slack-home-language", language),
        _languages(language, chosen),
        _header("slack-home-privacy", language),
        _text(spoken(language, privacy, minutes=minutes)),
        ActionsBlock(elements=[_forget(language)]),
    ]
    view: Data = View(type="home", blocks=blocks).to_dict()
    return view


def _header(key: str, language: InterfaceLanguage) -> HeaderBlock:
    return HeaderBlock(text=plain(spoken(language, key)[:_LONGEST_HEADER]))


def _text(text: str) -> SectionBlock:
    return SectionBlock(text=plain(text))


def _languages(language: InterfaceLanguage, chosen: InterfaceLanguage | None) -> ActionsBlock:
    names = {AUTOMATIC: spoken(language, "slack-automatic")}
    names.update((known, LANGUAGE_NAMES[known]) for known in INTERFACE_LANGUAGES)
    current = chosen or AUTOMATIC
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=plain(names[code]),
                action_id=f"{LANGUAGE}:{code}",
                value=code,
                style="primary" if code == current else None,
            )
            for code in (AUTOMATIC, *INTERFACE_LANGUAGES)
        ]
    )


def _forget(language: InterfaceLanguage) -> ButtonElement:
    confirm = ConfirmObject(
        title=plain(spoken(language, "slack-forget-title")),
        text=plain(spoken(language, "slack-forget-text")),
        confirm=plain(spoken(language, "slack-button-forget")),
        deny=plain(spoken(language, "slack-button-cancel")),
        style="danger",
    )
    return ButtonElement(
        text=plain(spoken(language, "slack-button-forget")), action_id=FORGET, style="danger", confirm=confirm
    )
