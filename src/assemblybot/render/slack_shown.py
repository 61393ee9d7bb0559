"""What a Slack message shows, small enough to ride in the value of its own buttons.

A click can then be answered by any replica, long after the question, without keeping the
question: only passage ids, spans and choices travel.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from assemblybot.answering.answer import Answer, Citation
from assemblybot.collection import DEFAULT
from assemblybot.corpus.document import document_of
from assemblybot.text.language import LANGUAGES, InterfaceLanguage, Language, interface_language

#: The longest value that a button may carry.
LONGEST_VALUE: Final = 2000


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage by id, and the spans of it that were highlighted."""

    passage: str
    highlights: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, citation: Citation) -> Cited:
        """What to keep of a citation."""
        return cls(citation.passage, citation.highlights)


@dataclass(frozen=True, slots=True)
class Shown:
    """Passages of an answer, from which of them a message shows them, and how.

    `language` is that of whoever reads it; `differ` tells that the passages are cited because they differ;
    `whole` says whether whole passages are shown rather than the sentences that answer; `private` whether
    only the asker sees the message; `direct` whether it stands in the conversation with the bot. `mark`
    names the answer for its ratings, where it can be rated. `question` is set where the message says what
    was asked, and `by` where someone shared it. `collection` is the collection that holds the passages.
    """

    cited: tuple[Cited, ...]
    language: Language
    at: int = 0
    is_list: bool = False
    is_unsure: bool = False
    whole: bool = False
    private: bool = False
    direct: bool = False
    around: bool = False
    mark: str = ""
    question: str = ""
    by: str = ""
    differ: bool = False
    collection: str = DEFAULT

    @classmethod
    def of(cls, answer: Answer) -> Shown:
        """The first page of an answer."""
        return cls(
            tuple(map(Cited.of, answer.citations)),
            answer.language,
            is_list=answer.is_list,
            is_unsure=answer.is_unsure,
            differ=answer.sources_differ,
            collection=answer.collection,
        )

    @property
    def interface(self) -> InterfaceLanguage:
        """The language of the words around the passages."""
        return interface_language(self.language)

    @property
    def here(self) -> tuple[Cited, ...]:
        """What can be shown from `at` on."""
        return self.cited[self.at :]

    def other(self, cited: tuple[Cited, ...], *, around: bool = False) -> Shown:
        """A message that shows other passages, in the same place and of the same collection."""
        return Shown(
            cited,
            self.language,
            private=self.private,
            direct=self.direct,
            around=around,
            collection=self.collection,
        )

    def asking(self, question: str) -> Shown:
        """The same with the question, if both fit a button."""
        shared = replace(self, question=question)
        return shared if shared.value() else self

    def value(self) -> str:
        """This as a button value; empty when it is too long for one."""
        told = ((field.name, getattr(self, field.name), field.default) for field in fields(self)[1:])
        others = {name: value for name, value, default in told if value != default}
        value = json.dumps([*_compact(self.cited), others], ensure_ascii=False, separators=(",", ":"))
        return value if len(value) <= LONGEST_VALUE else ""

    @classmethod
    def read(cls, value: str) -> Shown | None:
        """Inverse of `value`; `None` for what this version did not write."""
        try:
            *cited, others = json.loads(value)
            shown = cls(tuple(_expanded(cited)), **others)
            known = shown.language in LANGUAGES and 0 <= shown.at < len(shown.cited)
        except (ValueError, TypeError):
            return None
        return shown if known else None


def _compact(cited: Iterable[Cited]) -> Iterator[list[Any]]:
    """Name and spans of passages; of one in the same document as the one before, its number alone."""
    before = ""
    for one in cited:
        document, sign, number = one.passage.rpartition("#")
        name = f"#{number}" if sign and document == before else one.passage
        yield [name, *map(list, one.highlights)]
        before = document


def _expanded(fields: Iterable[Any]) -> Iterator[Cited]:
    document = ""
    for name, *spans in fields:
        passage = f"{document}{name}" if str(name).startswith("#") else str(name)
        document = document_of(passage)
        yield Cited(passage, tuple((int(start), int(end)) for start, end in spans))
