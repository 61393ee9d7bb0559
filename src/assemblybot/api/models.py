"""The published JSON: what MCP's tools, the HTTP API and `ask --json` return, and what they take.

`docs/answer.schema.json` and the OpenAPI document are generated from these classes. Offsets count characters
in the text of a document; ends are excluded.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assemblybot.answering.answer import Verdict
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.collection import LONGEST, PATTERN
from assemblybot.corpus.document import PassageKind
from assemblybot.text.language import Language

MOST_FOUND: Final = 20
MOST_NEIGHBOURS: Final = 10
MOST_SOURCES: Final = 100

_Offset = Annotated[int, Field(ge=0)]
_Chance = Annotated[float, Field(ge=0, le=1), AfterValidator(lambda chance: round(chance, 4))]
Question = Annotated[
    str, Field(min_length=1, max_length=LONGEST_QUESTION, description="A question, as a person would ask it.")
]
PassageId = Annotated[
    str,
    Field(min_length=3, max_length=300, description="Id of a passage, as in a citation: document#paragraph."),
]
AskedIn = Annotated[
    Language | None,
    Field(description="Language of the question and of translations; none: what the question looks like."),
]
_CollectionName = Annotated[
    str,
    Field(
        pattern=PATTERN,
        max_length=LONGEST,
        description="Name of the collection of documents to ask; none: the default one.",
    ),
]
Collection = _CollectionName | None
Most = Annotated[int, Field(ge=1, le=MOST_FOUND, description="Passages to return at most.")]
Neighbours = Annotated[
    int, Field(ge=0, le=MOST_NEIGHBOURS, description="Passages to return before it, and after it.")
]
Offset = Annotated[int, Field(ge=0, le=10**9, description="Documents to leave out from the beginning.")]
SourceLimit = Annotated[int, Field(ge=1, le=MOST_SOURCES, description="Documents to return at most.")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LeadIn(_Model):
    """The line that introduces the list of which a passage is an item, verbatim."""

    passage: str
    text: str
    start: _Offset
    end: _Offset


class Translation(_Model):
    """An unofficial translation of a whole passage; never to be shown without that label."""

    language: str
    text: str
    official: Literal[False]


class Citation(_Model):
    """One cited passage, with everything that others need to check its quote."""

    passage: str = Field(pattern=r"^.+#[0-9]+$", description="Stable id: document#paragraph.")
    document: str
    title: str
    section: str | None = Field(description="Heading above the passage.")
    paragraph: int = Field(ge=1)
    kind: PassageKind
    quote: str = Field(description="The sentence of the passage that answers, verbatim.")
    quote_start: _Offset
    quote_end: _Offset
    text: str = Field(description="The whole passage, verbatim.")
    start: _Offset
    end: _Offset
    highlights: list[tuple[int, int]] = Field(description="Spans of `text` that answer most closely.")
    score: _Chance = Field(description="Chance of being the right passage among all.")
    anchor: str | None = Field(description="Page of a PDF or fragment of an HTML page.")
    date: str | None = Field(description="ISO 8601 date of the document, where its metadata has one.")
    lead_in: LeadIn | None
    translation: Translation | None
    document_sha256: str = Field(
        pattern="^[0-9a-f]{64}$", description="SHA-256 of the text of the document, in UTF-8."
    )
    index: str = Field(description="Id of the index that was asked.")
    collection: str = Field(description="Collection that holds the document.")
    link: str | None = Field(
        description="Permalink: the quote in the reader, with its hash and place; none without `PUBLIC_URL`."
    )


class Answer(_Model):
    """The answer to one question: its verdict, and verbatim quotes with where they stand."""

    question: str = Field(description="The question as read: one line, no control characters.")
    collection: str = Field(description="Collection that was asked.")
    language: Language
    verdict: Verdict
    confidence: _Chance = Field(description="Calibrated probability that the first passage answers.")
    unsure: bool = Field(description="Whether what is cited comes close, but may well not answer.")
    sources_differ: bool = Field(
        description="Whether the citations are of documents that answer with other numbers, dates or names."
    )
    citations: list[Citation] = Field(
        description="Best first; in list order for a list; newest first where several documents answer."
    )
    suggestions: list[str] = Field(
        max_length=3, description="Questions and topics that the documents answer."
    )


class Found(_Model):
    """The passages nearest to a query, best first. They may or may not answer it: nothing judged that."""

    query: str
    language: Language
    passages: list[Citation]


class Excerpt(_Model):
    """One passage, whole, between its neighbours in the document."""

    passage: Citation
    before: list[Citation]
    after: list[Citation]


class Source(_Model):
    """One document that answers are taken from."""

    document: str
    title: str
    language: str
    author: str | None
    source_url: str | None
    note: str | None
    passages: int = Field(ge=1)
    document_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    link: str | None = Field(description="Address of the document in the reader.")


class Sources(_Model):
    """Documents in the order of the corpus."""

    index: str
    total: int = Field(ge=0)
    sources: list[Source]


class Problem(BaseModel):
    """Why a request was not done, as RFC 9457 describes."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
