"""What a curator is told of documents in a chat, whatever the platform: previews, lists, what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.corpus.adding import Added
from assemblybot.curation.editor import Listed, Preview
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import LANGUAGE_NAMES, InterfaceLanguage

#: What the data of a button begins with; the name of a preview or the code of a document follows.
PUT: Final = "p"
REMOVE: Final = "r"
CANCEL: Final = "c"
ASK_REMOVAL: Final = "a"
#: The most documents that are listed at a time.
MOST_LISTED: Final = 10
_MOST_REMARKS: Final = 8
_LONGEST_LINE: Final = 250
_LONGEST_IN_BUTTON: Final = 50


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `data` comes back when it is pressed, or `url` is opened."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Lines of the bot's own words, and rows of buttons under them."""

    language: InterfaceLanguage
    lines: tuple[str, ...]
    rows: tuple[tuple[Button, ...], ...] = ()


def words_card(language: InterfaceLanguage, key: str, /, **values: str | int) -> Card:
    """One message of the bot, without buttons."""
    return Card(language, (_said(language, key, **values),))


def preview_card(
    preview: Preview, name: str, language: InterfaceLanguage, collection: str, *, meanwhile: bool
) -> Card:
    """What a file would become, with the buttons of the preview of that name.

    `collection` is named where there are several, else empty; `meanwhile` says that an earlier preview no
    longer holds.
    """
    lines = [_said(language, "documents-meanwhile")] if meanwhile else []
    lines.extend(_about(preview.added, language, collection))
    if twin := preview.twin:
        lines.append(_said(language, "documents-twin", title=twin.title, document=twin.id))
        return Card(language, tuple(lines))
    if old := preview.replaces:
        lines.append(_said(language, "documents-replaces", title=old.title, document=old.id))
    label = say(language, "documents-button-replace" if old else "documents-button-add")
    return Card(language, tuple(lines), (_decision(label, PUT, name, language),))


def removal_card(
    document: Listed, name: str, language: InterfaceLanguage, collection: str, *, meanwhile: bool
) -> Card:
    """Asks whether a document shall be removed; `collection` and `meanwhile` as in `preview_card`."""
    lines = [_said(language, "documents-meanwhile")] if meanwhile else []
    lines.append(_said(language, "documents-remove", title=document.title, document=document.id))
    lines.extend(_in(collection, language))
    label = say(language, "documents-button-remove")
    return Card(language, tuple(lines), (_decision(label, REMOVE, name, language),))


def listing_card(documents: Sequence[Listed], total: int, language: InterfaceLanguage) -> Card:
    """The first of `total` documents, each with a button that asks for its removal."""
    if not documents:
        return words_card(language, "documents-none")
    lines, rows = [say(language, "documents-list")], []
    for document in documents:
        title, spoken = document.title, LANGUAGE_NAMES[document.language]
        lines.append(_said(language, "documents-listed", title=title, language=spoken))
        label = say(language, "documents-button-remove-titled", title=_short(title, _LONGEST_IN_BUTTON))
        rows.append((Button(label, ASK_REMOVAL + document.code),))
    if total > len(documents):
        lines.append(say(language, "documents-more-listed", count=total - len(documents)))
    return Card(language, tuple(lines), tuple(rows))


def _in(collection: str, language: InterfaceLanguage) -> Iterator[str]:
    if collection:
        yield _said(language, "documents-collection", name=collection)


def _about(added: Added, language: InterfaceLanguage, collection: str) -> Iterator[str]:
    document = added.document
    yield _said(language, "documents-preview", title=document.metadata.title)
    yield from _in(collection, language)
    spoken = LANGUAGE_NAMES[document.metadata.language]
    yield say(language, "documents-about", language=spoken, count=len(document.passages))
    remarks = [_said(language, "documents-left-out", what=what) for what in added.left_out]
    remarks += [_said(language, "documents-note", what=what) for what in added.notes]
    yield from remarks[:_MOST_REMARKS]
    if (more := len(remarks) - _MOST_REMARKS) > 0:
        yield say(language, "documents-more", count=more)


def _decision(label: str, action: str, name: str, language: InterfaceLanguage) -> tuple[Button, ...]:
    """A row: the button that decides, and the one that cancels."""
    return Button(label, action + name), Button(say(language, "documents-button-cancel"), CANCEL + name)


def _said(language: InterfaceLanguage, key: str, /, **values: str | int) -> str:
    """A message with values that people chose, none of them long."""
    shown = {name: _short(value) if isinstance(value, str) else value for name, value in values.items()}
    return say(language, key, **shown)


def _short(text: str, longest: int = _LONGEST_LINE) -> str:
    clean = " ".join(strip_bidi(text).split())
    return clean if len(clean) <= longest else clean[:longest].rstrip() + "…"
