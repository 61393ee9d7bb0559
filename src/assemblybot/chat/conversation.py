"""One conversation on any platform: the question, the reply, and what is remembered.

`Conversation.answer` takes a question through all of it: rate limit, context, language, kind of turn, answer,
memory. Telegram, Slack, the prompt and the web reader call it and only translate to and from their platform.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Context, Suggestion, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.answering.suggest import suggest
from assemblybot.chat.answer_queue import AnswerQueue, BusyError
from assemblybot.errors import CollectionError, QuestionError, QuestionTooLongError
from assemblybot.logs import describe
from assemblybot.render import localise
from assemblybot.render.links import Link, Permalinks
from assemblybot.session.base import ConversationKey, UserKey
from assemblybot.text.bidi import clean_question
from assemblybot.text.language import (
    InterfaceLanguage,
    Language,
    identify,
    interface_language,
)

_NOBODY: Final = UserKey("")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as a platform took it from what came in.

    Attributes:
        text: Its words.
        user: Whose limit it counts against.
        within: The conversations in which its answer is remembered.
        leans_on: It follows up on the first of these that has something remembered; else on `within`.
        context: What it follows up on, where the platform itself remembers that.
        chosen: The language that was chosen, where the platform itself keeps that.
        language: The language of the question, where it is known.
        speaks: What the platform knows of the user's language, where nothing else tells it.
    """

    text: str = field(repr=False)
    user: UserKey = _NOBODY
    within: tuple[ConversationKey, ...] = ()
    leans_on: tuple[ConversationKey, ...] | None = None
    context: Context | None = None
    chosen: InterfaceLanguage | None = None
    language: Language | None = None
    speaks: InterfaceLanguage | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a question: its `answer`, localised, or else a message of the bot's own.

    Attributes:
        asked: The question, with what it leaned on.
        language: The language of all words around the answer.
        answer: The answer, if there is one.
        key: Key of the message in its place; `values` are what stands in it.
        wait: Seconds to wait, where the user asked too much.
        error: Why there is no answer, where it could not be given.
    """

    asked: Asked
    language: InterfaceLanguage
    answer: Answer | None = None
    key: str = ""
    values: Mapping[str, int] = field(default_factory=dict)
    wait: float = 0.0
    error: Exception | None = None

    @property
    def context(self) -> Context | None:
        """What the next turn may lean on; `None` where that is what this one leaned on."""
        answer = self.answer
        if answer is None:
            return None
        if answer.verdict is not Verdict.ANSWERED:
            before = self.asked.context or Context()
            refused = answer.question if answer.verdict is Verdict.NOT_IN_CORPUS else before.refused
            return replace(before, language=answer.language, refused=refused)
        return Context(answer.question, tuple(c.passage for c in answer.citations), answer.language)


class Conversation:
    """The conversations of a platform that itself keeps what it needs of them.

    Args:
        platform: Its name, as in `Delivery.platform`.
        queue: Answers the questions.
        public_url: Where the reader is, if links may lead to it.
        low_priority: Whether questions of other platforms are answered first, as in `AnswerQueue.run`.
    """

    def __init__(
        self,
        platform: str,
        queue: AnswerQueue,
        public_url: str | None = None,
        *,
        low_priority: bool = False,
    ) -> None:
        self.platform = platform
        self.queue = queue
        self._low_priority = low_priority
        self._permalinks = Permalinks(public_url)

    @property
    def assistant(self) -> Assistant:
        """See `AnswerQueue.assistant`."""
        return self.queue.assistant

    @property
    def link(self) -> Link | None:
        """Gives the permalink of what was cited from the index in use; `None` without a reader."""
        return self._permalinks.into(self.assistant.index)

    async def answer(self, asked: Asked, words: Callable[[], str] | None = None) -> Reply:
        """The reply to a question, also if its asker must wait or something failed.

        `words` returns the latest words of the question, when it is answered.
        """
        try:
            if (wait := await self._wait(asked)) > 0:
                self.queue.observer.count("throttled", self.platform)
                values = {"seconds": max(1, math.ceil(wait))}
                return Reply(asked, await self.speaks(asked), None, "slow-down", values, wait)
            reply = await self.find(asked, words)
            await self.record(reply)
        except Exception as error:  # whatever it was, the asker is told
            key, values = self.apology(error)
            return Reply(asked, await self.speaks(asked), None, key, values, error=error)
        return reply

    async def find(self, asked: Asked, words: Callable[[], str] | None = None) -> Reply:
        """The answer to a question, with the arguments of `answer`; it is not counted or remembered.

        Raises BusyError, QuestionError, and what else the assistant raises.
        """
        asked = await self._known(asked)

        def found() -> Answer:
            text = words() if words else asked.text
            context = asked.context or (Context(language=asked.speaks) if asked.speaks else None)
            answer = self.assistant.answer(text, context, language=asked.language)
            return localise.localised(answer, self.assistant.index, asked.chosen)

        answer = self._with_pages(await self.queue.run(found, low_priority=self._low_priority))
        return Reply(asked, interface_language(answer.language), answer)

    async def _wait(self, asked: Asked) -> float:  # noqa: ARG002 (nothing is limited here)
        """Seconds that the asker must wait."""
        return 0.0

    async def _known(self, asked: Asked) -> Asked:
        """The question, with the stored language and context."""
        return asked

    def _with_pages(self, answer: Answer) -> Answer:
        """`answer` with the pages of the documents that it names."""
        page = partial(self._permalinks.page, self.assistant.index)
        pages = (replace(source, page=page(source.document)) for source in answer.sources)
        return replace(answer, sources=tuple(pages))

    def apology(self, error: Exception) -> tuple[str, dict[str, int]]:
        """Key and values of the message to the asker when a question failed with `error`.

        A busy queue is counted; a failure that nobody expected is logged.
        """
        if isinstance(error, BusyError):
            self.queue.observer.count("busy", self.platform)
            return "busy", {}
        if isinstance(error, QuestionTooLongError):
            return "question-too-long", {"limit": LONGEST_QUESTION}
        if isinstance(error, QuestionError):
            return "question-empty", {}
        if isinstance(error, CollectionError):
            return "collection-unavailable", {}
        _LOG.error("A question could not be answered: %s", describe(error))
        return "failed", {}

    async def record(self, reply: Reply) -> None:
        """Count an answer that is sent."""
        if reply.answer:
            self.queue.observer.answered(self.platform, reply.answer)

    async def speaks(self, asked: Asked) -> InterfaceLanguage:
        """The language of a reply without an answer."""
        asked = await self._known(asked)
        before = asked.context.spoken if asked.context else None
        spoken = identify(clean_question(asked.text[:LONGEST_QUESTION]), before or asked.speaks)
        return asked.chosen or interface_language(spoken)

    def titles(self, language: InterfaceLanguage) -> str:
        """The first titles of the documents, for a sentence."""
        return localise.titles(self.assistant.index.documents, language)

    def suggestions(self, language: Language) -> tuple[Suggestion, ...]:
        """Questions and topics that the documents answer."""
        return suggest(self.assistant.index, language)

    def passage(self, passage: str, language: Language) -> Citation | None:
        """One passage, cited whole, for a reader of `language`; `None` if it no longer exists."""
        found = self.assistant.passage(passage, language)
        if found is None:
            return None
        return localise.localised_citation(found, self.assistant.index.documents[found.document], language)

    def again(
        self, cited: Iterable[tuple[str, Sequence[tuple[int, int]]]], language: Language
    ) -> tuple[Citation, ...]:
        """Passages that were cited before, by their ids, with the spans that were highlighted in each; none
        when one of them is gone."""
        found: list[Citation] = []
        for passage, spans in cited:
            citation = self.passage(passage, language)
            if citation is None:
                return ()
            kept = tuple((start, end) for start, end in spans if 0 <= start < end <= len(citation.text))
            found.append(replace(citation, highlights=kept))
        return tuple(found)

    def neighbours(self, passage: str, language: Language, reach: int = 1) -> tuple[Citation, ...]:
        """A passage between those before and after it in its document; nothing when it is gone."""
        index = self.assistant.index
        at = index.position.get(passage)
        if at is None:
            return ()
        near = (index.passages[position].id for position in index.neighbours(at, reach))
        return tuple(found for passage in near if (found := self.passage(passage, language)))
