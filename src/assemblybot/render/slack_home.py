"""The App Home tab: what the bot is, what it answers from, how to ask, language, privacy."""

from __future__ import annotations

from collections.abc import Sequence
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

from assemblybot.corpus.document import Document
from assemblybot.render.localise import source_line
from assemblybot.render.slack_buttons import FORGET, LANGUAGE, ask_button
from assemblybot.render.slack_text import BlockData, line, paragraph, plain, spoken
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES, InterfaceLanguage

AUTOMATIC: Final = "auto"
_LONGEST_HEADER: Final = 150


def source_lines(documents: Sequence[Document], total: int, language: InterfaceLanguage) -> list[str]:
    """One line a document, and how many more of the `total` there are."""
    lines = [line(source_line(document, language), language) for document in documents]
    more = total - len(lines)
    return [*lines, spoken(language, "slack-more-sources", count=more)] if more else lines


def home(
    language: InterfaceLanguage,
    titles: str,
    sources: Sequence[str],
    questions: Sequence[str],
    *,
    chosen: InterfaceLanguage | None,
    privacy: str,
    minutes: int,
) -> BlockData:
    """The view that `views.publish` takes. `titles` names the documents in a sentence, `sources` are lines
    on them; `privacy` is the key of the words on what is kept."""
    blocks: list[Block] = [
        _header("slack-home-about", language),
        _text(spoken(language, "about", sources=titles)),
        _text(spoken(language, "help")),
        _header("slack-home-coverage", language),
        *map(_text, sources),
        _header("slack-home-questions", language),
        *(SectionBlock(text=plain(paragraph(q)), accessory=ask_button(q, language)) for q in questions),
        _header("slack-home-language", language),
        _languages(language, chosen),
        _header("slack-home-privacy", language),
        _text(spoken(language, privacy, minutes=minutes)),
        ActionsBlock(elements=[_forget(language)]),
    ]
    view: BlockData = View(type="home", blocks=blocks).to_dict()
    return view


def _header(key: str, language: InterfaceLanguage) -> HeaderBlock:
    return HeaderBlock(text=plain(spoken(language, key)[:_LONGEST_HEADER]))


def _text(text: str) -> SectionBlock:
    return SectionBlock(text=plain(text))


def _languages(language: InterfaceLanguage, chosen: InterfaceLanguage | None) -> ActionsBlock:
    names = {AUTOMATIC: spoken(language, "slack-automatic")}
    names |= {code: LANGUAGE_NAMES[code] for code in INTERFACE_LANGUAGES}
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=plain(name),
                action_id=f"{LANGUAGE}:{code}",
                value=code,
                style="primary" if code == (chosen or AUTOMATIC) else None,
            )
            for code, name in names.items()
        ]
    )


def _forget(language: InterfaceLanguage) -> ButtonElement:
    title, text, forget, cancel = (
        plain(spoken(language, f"slack-{key}"))
        for key in ("forget-title", "forget-text", "button-forget", "button-cancel")
    )
    confirm = ConfirmObject(title=title, text=text, confirm=forget, deny=cancel, style="danger")
    return ButtonElement(text=forget, action_id=FORGET, style="danger", confirm=confirm)
