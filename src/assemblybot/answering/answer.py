"""What retrieval hands to every channel: Answer, Citation, Verdict. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from assemblybot.collection import DEFAULT
from assemblybot.corpus.document import PAGE, Metadata, PassageKind
from assemblybot.text.language import Language, identify


class Verdict(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    NOT_IN_CORPUS = "not_in_corpus"
    NOT_A_QUESTION = "not_a_question"


class Remark(StrEnum):
    """What a turn that is no question to the documents is; the key of what a channel says to it."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELP = "help"
    CHATTER = "chatter"
    COMPLAINT = "complaint"
    ABOUT_BOT = "about-bot"
    SUMMARY = "summary"
    CHOICE = "choice"
    LINK = "link"
    AUTHOR = "author"
    TRANSLATE = "translate"
    UNTRANSLATED = "untranslated"
    MORE = "more"
    WHY = "why"
    END = "end"
    NOTHING_YET = "nothing-yet"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim slice of a document: `document.text[start:end] == text`; `translation` is for its reader."""

    passage: str
    text: str
    start: int
    end: int
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """An unofficial translation of a whole passage; never shown without that label."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited passage. Offsets are in characters.

    `text` is the whole passage and `start`/`end` its place in the original file; `quote` the
    sentence of it that answers; `highlights` spans of `text` that answer most closely;
    `lead_in` the line that introduces the list this passage is an item of; `day` the date of
    the document.
    """

    passage: str
    document: str
    title: str
    section: str | None
    paragraph: int
    kind: PassageKind
    quote: str
    text: str
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]
    score: float
    anchor: str | None = None
    day: date | None = None
    lead_in: Quote | None = None
    translation: Translation | None = None

    @property
    def page(self) -> str:
        """The number of its page in a PDF; empty elsewhere."""
        anchor = self.anchor or ""
        return anchor.removeprefix(PAGE) if anchor.startswith(PAGE) else ""

    def overlaps(self, document: str, start: int, end: int) -> bool:
        """Whether the passage holds some of the characters from `start` to `end` of a document."""
        return self.document == document and self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Source:
    """A document that a reply names: what is known of it, its title and byline in other languages, and the
    address of its page in the reader, where there is one."""

    metadata: Metadata
    titles: Mapping[str, str] = field(default_factory=dict)
    bylines: Mapping[str, str] = field(default_factory=dict)
    document: str = ""
    page: str | None = None

    @property
    def address(self) -> str | None:
        """Where it can be read."""
        return self.metadata.source_url or self.page

    def title(self, language: str) -> str:
        """Its title in `language`, where there is a translation."""
        return self.titles.get(language, self.metadata.title)


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller remembers of the conversation: the last question that was answered and what was cited
    for it, if any was; `language` is that of the last turn, where it is known, and `refused` the question
    that was refused after that."""

    question: str = field(default="", repr=False)
    citations: tuple[str, ...] = ()
    language: Language | None = None
    refused: str = field(default="", repr=False)

    @property
    def spoken(self) -> Language | None:
        """The language of the last turn, or of the question; `None` where there was none."""
        return self.language or (identify(self.question) if self.question else None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be asked of the documents: a question or a topic, and the id of the passage it is about."""

    text: str
    passage: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; citations best first, or in list order for a list.

    `question` is the question that is answered: of a turn that asks for more of the last answer, or for
    it again, the question before. `remark` tells such turns, and those that are no question at all;
    `sources` are the documents that the reply names, `key_sentences` those of a summary.

    `is_unsure` tells that what is cited comes close, but may well not answer; `sources_differ` that different
    documents are cited because they answer with different numbers, dates or names. `threshold` is the
    confidence from which the question is answered; `best` is what is cited first, or would be had the
    question not been refused. `timings` holds the seconds spent on `encode`, `search` and `read`, where they
    were needed. `collection` names the collection that was asked.
    """

    question: str = field(repr=False)
    language: Language
    verdict: Verdict
    confidence: float
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    remark: Remark | None = None
    is_list: bool = False
    is_unsure: bool = False
    sources_differ: bool = False
    sources: tuple[Source, ...] = ()
    key_sentences: tuple[Citation, ...] = ()
    collection: str = DEFAULT
    threshold: float = field(default=0.0, compare=False)
    best: Citation | None = field(default=None, compare=False, repr=False)
    trace: tuple[dict[str, Any], ...] = field(default=(), compare=False, repr=False)
    timings: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def names_language(self) -> bool:
        """Whether the turn itself asked for `language`, whatever the user chose before."""
        return self.remark in (Remark.TRANSLATE, Remark.UNTRANSLATED)
