"""What a Slack message shows, small enough to ride in the value of its own buttons.

A click can then be answered by any replica, long after the question, without keeping the
question: only passage ids, spans and choices travel.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from assemblybot.answering.answer import Answer, Citation
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage

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

    `translated` says whether translations stand under the originals; `private` whether only
    the asker sees the message. `question` is set where the message says what was asked, and
    `by` where someone shared it.
    """

    cited: tuple[Cited, ...]
    language: InterfaceLanguage
    at: int = 0
    is_list: bool = False
    is_unsure: bool = False
    translated: bool = True
    private: bool = False
    around: bool = False
    question: str = ""
    by: str = ""

    @classmethod
    def of(cls, answer: Answer, language: InterfaceLanguage, *, private: bool = False) -> Shown:
        """The first page of an answer."""
        cited = tuple(map(Cited.of, answer.citations))
        return cls(cited, language, is_list=answer.is_list, is_unsure=answer.is_unsure, private=private)

    @property
    def here(self) -> tuple[Cited, ...]:
        """What can be shown from `at` on."""
        return self.cited[self.at :]

    def asking(self, question: str) -> Shown:
        """The same with the question, if both fit a button."""
        shared = replace(self, question=question)
        return shared if shared.value() else self

    def value(self) -> str:
        """This as a button value; empty when it is too long for one."""
        fields: dict[str, Any] = {
            "c": [[cited.passage, *map(list, cited.highlights)] for cited in self.cited],
            "l": self.language,
            "a": self.at,
            "f": "".join(
                flag
                for flag, on in (
                    ("s", self.is_list),
                    ("u", self.is_unsure),
                    ("t", self.translated),
                    ("p", self.private),
                    ("n", self.around),
                )
                if on
            ),
        }
        fields |= {key: text for key, text in (("q", self.question), ("b", self.by)) if text}
        value = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return value if len(value) <= LONGEST_VALUE else ""

    @classmethod
    def read(cls, value: str) -> Shown | None:
        """Inverse of `value`; `None` for what this version did not write."""
        try:
            fields = json.loads(value)
            cited = tuple(
                Cited(str(passage), tuple((int(start), int(end)) for start, end in spans))
                for passage, *spans in fields["c"]
            )
            language, flags, at = fields["l"], str(fields["f"]), int(fields["a"])
            question, by = str(fields.get("q", "")), str(fields.get("b", ""))
        except (ValueError, KeyError, TypeError):
            return None
        if language not in INTERFACE_LANGUAGES or not 0 <= at < len(cited):
            return None
        return cls(
            cited,
            language,
            at,
            is_list="s" in flags,
            is_unsure="u" in flags,
            translated="t" in flags,
            private="p" in flags,
            around="n" in flags,
            question=question,
            by=by,
        )
