"""What a question on a page leans on, carried in the page's forms: the service keeps nothing of it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Context
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.text.language import LANGUAGES

_AFTER: Final = "after"
_CITED: Final = "cited"
_SPOKEN: Final = "spoken"
_REFUSED: Final = "refused"
# Of a longer list the last items, because what comes next is counted from there.
_MOST_CITED: Final = 100


@dataclass(frozen=True, slots=True)
class Thread:
    """The question that a page answers, as it was asked; `context` is what it leans on, `following` what
    the next one may lean on."""

    question: str = ""
    context: Context | None = None
    following: Context | None = None


def thread_fields(context: Context | None) -> dict[str, str]:
    """The hidden fields of a form that follows up on `context`: the question, one passage a line, the
    language of the last turn, and the question that was refused."""
    if context is None:
        return {}
    cited = "\n".join(context.citations[-_MOST_CITED:])
    fields = {
        _AFTER: context.question,
        _CITED: cited,
        _SPOKEN: context.language or "",
        _REFUSED: context.refused,
    }
    return {name: value for name, value in fields.items() if value}


def thread_context(fields: Mapping[str, str], known: Container[str]) -> Context | None:
    """What a form follows up on; no question where it names a passage that is not `known`."""
    question, cited = fields.get(_AFTER, ""), tuple(fields.get(_CITED, "").splitlines()[-_MOST_CITED:])
    language = next((code for code in LANGUAGES if code == fields.get(_SPOKEN)), None)
    refused = fields.get(_REFUSED, "")[:LONGEST_QUESTION]
    fits = 0 < len(question) <= LONGEST_QUESTION and cited and all(passage in known for passage in cited)
    if fits:
        return Context(question, cited, language, refused)
    return Context(language=language, refused=refused) if language else None
