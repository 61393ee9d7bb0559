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
#: So many documents are listed at a time.
MOST_LISTED: Final = 10
_MOST_REMARKS: Final = 8
_LONGEST_LINE: Final = 250
_LONGEST_IN_BUTTON: Final = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `data` comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Card:
    """Lines of the bot's own words, and rows of buttons under them."""

    language: InterfaceLanguage
    lines: tuple[str, ...]
    rows: tuple[tuple[Choice, ...], ...] = ()


def words_card(language: InterfaceLanguage, key: str, /, **values: str | int) -> Card:
    """One message of the bot, without buttons."""
    shown = {name: _short(value) if isinstance(value, str) else value for name, value in values.items()}
    return Card(language, (say(language, key, **shown),))


def preview_card(
    preview: Preview, name: str, language: InterfaceLanguage, collection: str = "", *, meanwhile: bool = False
) -> Card:
    """What a file would become, with the buttons of the preview of that name.

    `collection` is named where there are several; `meanwhile` says that an earlier preview no longer holds.
    """
    lines = [*_before(language, meanwhile=meanwhile), *_about(preview.added, language, collection)]
    if preview.twin:
        return Card(language, (*lines, _titled(preview.twin, "documents-twin", language)))
    if preview.replaces:
        lines.append(_titled(preview.replaces, "documents-replaces", language))
    label = say(language, "documents-button-replace" if preview.replaces else "documents-button-add")
    return Card(language, tuple(lines), (_choices(Choice(label, PUT + name), name, language),))


def removal_card(
    document: Listed, name: str, language: InterfaceLanguage, collection: str = "", *, meanwhile: bool = False
) -> Card:
    """Asks whether a document shall be removed; `collection` and `meanwhile` as in `preview_card`."""
    remove = Choice(say(language, "documents-button-remove"), REMOVE + name)
    asked = _titled(document, "documents-remove", language)
    lines = (*_before(language, meanwhile=meanwhile), asked, *_in(collection, language))
    return Card(language, lines, (_choices(remove, name, language),))


def listing_card(documents: Sequence[Listed], total: int, language: InterfaceLanguage) -> Card:
    """The first of `total` documents, each with a button that asks for its removal."""
    if not documents:
        return words_card(language, "documents-none")
    lines = [say(language, "documents-list")]
    lines += [_listed(document, language) for document in documents]
    if total > len(documents):
        lines.append(say(language, "documents-more-listed", count=total - len(documents)))
    rows = tuple((_removal(document, language),) for document in documents)
    return Card(language, tuple(lines), rows)


def _before(language: InterfaceLanguage, *, meanwhile: bool) -> Iterator[str]:
    if meanwhile:
        yield say(language, "documents-meanwhile")


def _in(collection: str, language: InterfaceLanguage) -> Iterator[str]:
    if collection:
        yield say(language, "documents-collection", name=collection)


def _about(added: Added, language: InterfaceLanguage, collection: str) -> Iterator[str]:
    document = added.document
    yield say(language, "documents-preview", title=_short(document.metadata.title))
    yield from _in(collection, language)
    spoken = _language(document.metadata.language)
    yield say(language, "documents-about", language=spoken, count=len(document.passages))
    remarks = [say(language, "documents-left-out", what=_short(what)) for what in added.left_out]
    remarks += [say(language, "documents-note", what=_short(what)) for what in added.notes]
    yield from remarks[:_MOST_REMARKS]
    if (more := len(remarks) - _MOST_REMARKS) > 0:
        yield say(language, "documents-more", count=more)


def _listed(document: Listed, language: InterfaceLanguage) -> str:
    spoken = _language(document.language)
    return say(language, "documents-listed", title=_title(document), language=spoken)


def _titled(document: Listed, key: str, language: InterfaceLanguage) -> str:
    return say(language, key, title=_title(document), document=document.id)


def _title(document: Listed) -> str:
    return _short(document.title)


def _removal(document: Listed, language: InterfaceLanguage) -> Choice:
    title = _short(document.title, _LONGEST_IN_BUTTON)
    label = say(language, "documents-button-remove-titled", title=title)
    return Choice(label, ASK_REMOVAL + document.code)


def _choices(first: Choice, name: str, language: InterfaceLanguage) -> tuple[Choice, ...]:
    return first, Choice(say(language, "documents-button-cancel"), CANCEL + name)


def _language(code: str) -> str:
    return next((name for known, name in LANGUAGE_NAMES.items() if known == code), code)


def _short(text: str, longest: int = _LONGEST_LINE) -> str:
    clean = " ".join(strip_bidi(text).split())
    return clean if len(clean) <= longest else clean[:longest].rstrip() + "…"
