"""Documents, their passages and their metadata: plain values, which know nothing of files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class PassageKind(StrEnum):
    """What a passage is in its document."""

    TITLE = "title"
    BYLINE = "byline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LEAD_IN = "lead_in"
    ITEM = "item"


#: What a document says, without its title, byline and headings.
BODY: Final = (PassageKind.PARAGRAPH, PassageKind.LEAD_IN, PassageKind.ITEM)
#: What the anchor of a page of a PDF begins with.
PAGE: Final = "page "
#: What `document.toml` may call the day of a document.
DAYS: Final = ("date", "published")


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is cited: one paragraph, list item, heading, title or byline.

    `text` is `document.text[start:end]`, to the character. `lead_in` is the number of the
    passage that introduces the list an item belongs to; `anchor` a page or fragment of the
    source (`page 3`, `#history`).
    """

    document: str
    number: int
    kind: PassageKind
    text: str
    start: int
    end: int
    section: str | None = None
    lead_in: int | None = None
    anchor: str | None = None

    @property
    def id(self) -> str:
        """`document#number`; the same after every rebuild of the same document."""
        return f"{self.document}#{self.number}"


def document_of(passage: str) -> str:
    """The document of a passage with this id."""
    return passage.rpartition("#")[0]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What `document.toml` says of a document."""

    title: str
    language: str
    author: str | None = None
    source_url: str | None = None
    note: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """When the document was written, where that is known as a date."""
        for name in DAYS:
            with suppress(KeyError, ValueError):
                return date.fromisoformat(self.about[name][:10])
        return None


@dataclass(frozen=True, slots=True)
class Document:
    """One source: its text as read, its passages, and what helps to find and show them.

    `translations[language][number]` is the translation of a passage; `questions[number][language]`
    are questions that it answers, the one to suggest first.
    """

    id: str
    text: str
    metadata: Metadata
    passages: tuple[Passage, ...]
    translations: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    questions: Mapping[int, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def title_passage(self) -> Passage | None:
        """The passage that is its title."""
        return next((passage for passage in self.passages if passage.kind is PassageKind.TITLE), None)

    def translated(self, kind: PassageKind) -> dict[str, str]:
        """The translations of the first passage of that kind, by language."""
        number = next((passage.number for passage in self.passages if passage.kind is kind), 0)
        return {code: texts[number] for code, texts in self.translations.items() if number in texts}

    def heading_of(self, passage: Passage) -> Passage | None:
        """The heading of the section that a passage stands in."""
        above = reversed(self.passages[: passage.number])
        headings = (p for p in above if p.kind is PassageKind.HEADING and p.text == passage.section)
        return next(headings, None)
