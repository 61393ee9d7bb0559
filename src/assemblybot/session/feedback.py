"""The name of an answer under which its ratings are kept: the same on every platform.

It begins with what was cited first, which says where an answer may be wrong, and ends with a mark that
tells apart the questions answered by it and says nothing of them without this install's key.
"""

from __future__ import annotations

from typing import Final

from assemblybot.answering.answer import Answer
from assemblybot.collection import DEFAULT
from assemblybot.session.identity import Pseudonyms

_MARK: Final = 8


def rating_mark(names: Pseudonyms, answer: Answer) -> str:
    """The mark of a question with what was cited for it, and from which collection: eight characters."""
    cited = (citation.passage for citation in answer.citations)
    purpose = "rating" if answer.collection == DEFAULT else f"rating in {answer.collection}"
    return names.key(purpose, answer.question, *cited)[:_MARK]


def rating_key(first: str, mark: str) -> str:
    """The name of an answer; `first` is the passage cited first or, where there is none, the verdict."""
    return f"{first}~{mark}"


def rating_key_of(names: Pseudonyms, answer: Answer) -> str:
    """The name of `answer`: of one that cites nothing, it begins with the verdict."""
    first = answer.citations[0].passage if answer.citations else str(answer.verdict)
    return rating_key(first, rating_mark(names, answer))


def logged_as(names: Pseudonyms, rated: str) -> str:
    """The name of an answer in the question log; only with this install's key does it lead to ratings."""
    return names.key("question-log", rated)
