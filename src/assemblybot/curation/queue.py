"""What is to be decided: questions of the log that were refused, answered closely, or rated as no help."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assemblybot.answering.answer import Citation, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.question import cleaned, require_readable
from assemblybot.corpus.document import BODY, PassageKind
from assemblybot.errors import QuestionError
from assemblybot.session.base import Feedback, Reason
from assemblybot.session.identity import Pseudonyms, logged_as
from assemblybot.session.question_log import LoggedQuestion
from assemblybot.text.language import Language

# The number of nearest passages that are offered, and of all that are: one for each digit key.
_NEAR: Final = 5
_DIGITS: Final = 9


class Why(StrEnum):
    """Why a question is in the queue."""

    REFUSED = "refused"
    CLOSE = "close"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class Queued:
    """One question, however often it was asked.

    `cited`, `language` and `last` (an hour, UTC) are those of the last time; `unhelpful` counts the people
    who said that an answer to it did not help, and `reasons` why.
    """

    id: str
    question: str
    language: Language
    why: tuple[Why, ...]
    cited: tuple[str, ...]
    times: int
    last: str
    unhelpful: int
    reasons: Mapping[Reason, int]


def question_id(question: str) -> str:
    """The name of a question, whatever its spaces and capitals."""
    same = " ".join(question.split()).casefold()
    return hashlib.sha256(same.encode(errors="replace")).hexdigest()[:12]


def queue(
    logged: Iterable[LoggedQuestion],
    ratings: Mapping[str, Feedback],
    names: Pseudonyms,
    decided: Collection[str] = (),
) -> list[Queued]:
    """The questions to decide, those first that were asked most often, then the latest.

    The last time a question was asked says whether it is refused or answered closely; a rating counts
    while it is kept.

    Args:
        logged: The lines of the question log, oldest first.
        ratings: Ratings by the name of the answer, as `SessionStore.ratings` gives them.
        names: Leads from a line of the log to the ratings of its answer.
        decided: Ids of questions that are decided already.
    """
    rated = {logged_as(names, answer): given for answer, given in ratings.items() if given.not_helpful}
    asked: dict[str, list[LoggedQuestion]] = {}
    for line in logged:
        if line.verdict is not Verdict.NOT_A_QUESTION and _is_readable(line.question):
            asked.setdefault(question_id(line.question), []).append(line)
    found = [_queued(id_, lines, rated) for id_, lines in asked.items() if id_ not in decided]
    waiting = sorted((one for one in found if one.why), key=lambda one: one.last, reverse=True)
    return sorted(waiting, key=lambda one: -one.times)


def offered(assistant: Assistant, queued: Queued) -> tuple[Citation, ...]:
    """Passages that may answer, at most as many as there are digits: what comes closest, what was cited.

    A heading does not answer: the passage right under it is offered instead.
    """
    near = assistant.search(queued.question, _NEAR, language=queued.language)
    cited = (assistant.passage(passage, queued.language) for passage in queued.cited)
    found: dict[str, Citation] = {}
    for citation in filter(None, (*near, *cited)):
        shown = citation if citation.kind is not PassageKind.HEADING else _under(citation, assistant, queued)
        if shown:
            found.setdefault(shown.passage, shown)
    return tuple(found.values())[:_DIGITS]


def _under(heading: Citation, assistant: Assistant, queued: Queued) -> Citation | None:
    """The passage right under a heading; `None` where there is none."""
    below = assistant.passage(f"{heading.document}#{heading.paragraph + 1}", queued.language)
    return below if below and below.kind in BODY else None


def _is_readable(question: str) -> bool:
    try:
        require_readable(cleaned(question))
    except QuestionError:
        return False
    return True


def _queued(id_: str, lines: list[LoggedQuestion], rated: Mapping[str, Feedback]) -> Queued:
    last = lines[-1]
    given = [rated[answer] for answer in {line.answer for line in lines} & rated.keys()]
    reasons = sum((Counter(one.reasons) for one in given), Counter[Reason]())
    holds = {
        Why.REFUSED: last.verdict is Verdict.NOT_IN_CORPUS,
        Why.CLOSE: last.verdict is Verdict.ANSWERED and last.unsure,
        Why.UNHELPFUL: bool(given),
    }
    return Queued(
        id=id_,
        question=last.question,
        language=last.language,
        why=tuple(why for why, held in holds.items() if held),
        cited=last.cited,
        times=len(lines),
        last=last.time,
        unhelpful=sum(one.not_helpful for one in given),
        reasons=dict(reasons),
    )
