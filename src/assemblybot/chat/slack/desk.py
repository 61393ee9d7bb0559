"""Where questions are answered: off the event loop, with what the session store remembers."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Context, Remark, Verdict
from assemblybot.chat.conversation import Conversation
from assemblybot.chat.desk import AnswerDesk, BusyError
from assemblybot.chat.slack.incoming import PLATFORM
from assemblybot.chat.slack.once import Names
from assemblybot.errors import QuestionError
from assemblybot.render import slack, slack_passages
from assemblybot.render.localise import lead_in, localised_citation, title
from assemblybot.render.slack_home import Source
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import CONTEXT_TTL, ConversationKey, SessionStore, UserKey
from assemblybot.text.bidi import clean_question
from assemblybot.text.language import (
    INTERFACE_LANGUAGES,
    InterfaceLanguage,
    identify,
    interface_language,
)

CONTEXT_MINUTES: Final = int(CONTEXT_TTL // 60)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its words, who asked, and the conversations it belongs to, nearest first.

    `message` is the identity of the Slack message; an edit may still change the words while the
    question waits. `repeated` says that the answer must say what was asked, `direct` that it stands in the
    conversation with the bot.
    """

    text: str
    user: UserKey
    conversations: tuple[ConversationKey, ...]
    message: str = ""
    repeated: bool = False
    direct: bool = False


class Waiting:
    """Questions that wait for the answering thread; until it takes one, an edit changes its words.

    Each change is a single dict operation, which is safe between threads.
    """

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    @contextmanager
    def hold(self, message: str, text: str) -> Iterator[Callable[[], str]]:
        """Keep `text` until the function that is given takes it, with its last edit."""
        if message:
            self._words[message] = text
        try:
            yield lambda: self._words.pop(message, text)
        finally:
            self._words.pop(message, None)

    def edit(self, message: str, text: str) -> bool:
        """Change the words of a question that still waits; False when there is none."""
        if message not in self._words:
            return False
        self._words[message] = text
        return True


class Desk(Conversation):
    """Turns questions into Slack messages, with the answers of `answers`."""

    def __init__(
        self,
        answers: AnswerDesk,
        store: SessionStore,
        names: Names,
        *,
        public_url: str | None = None,
        default_language: InterfaceLanguage = "en",
    ) -> None:
        super().__init__(PLATFORM, answers, store, public_url)
        self._names = names
        self.waiting = Waiting()
        self.public_url = public_url
        self._default = default_language
        for language in INTERFACE_LANGUAGES:  # parsed now, not while someone waits
            spoken(language, "help")

    async def overhear(self, asked: Asked, is_ours: Callable[[], Awaitable[bool]]) -> SlackMessage | None:
        """The answer to a message that does not name the bot: `None` unless it is given without reserve.

        A message that gets no answer is not counted, kept or remembered. `is_ours` says whether the
        message was not dealt with in another way meanwhile; it is asked just before the answer counts.
        """
        try:
            answer, message = await self._answer(asked, await self.chosen(asked.user), private=False)
        except (BusyError, QuestionError):
            return None
        except Exception as error:  # nobody asked, so that nobody hears of it but the log
            self.desk.apology(error, PLATFORM)
            return None
        if answer.verdict is not Verdict.ANSWERED or answer.is_unsure:
            return None
        if await self.store.allow(asked.user) > 0 or not await is_ours():
            return None
        await self._given(asked, answer)
        return message

    async def answer(self, asked: Asked, *, private: bool = False) -> SlackMessage:
        """The message that answers `asked`; also when it must wait, or when something failed."""
        chosen = await self.chosen(asked.user)
        wait = await self.store.allow(asked.user)
        if wait > 0:
            self.desk.observer.throttled(PLATFORM)
            language = chosen or self._spoken_in(asked.text)
            return slack.note(spoken(language, "slow-down", seconds=max(1, math.ceil(wait))))
        try:
            answer, message = await self._answer(asked, chosen, private=private)
            await self._given(asked, answer)
        except Exception as error:  # whatever it was, whoever asked hears of it
            key, values = self.desk.apology(error, PLATFORM)
            return slack.note(spoken(chosen or self._spoken_in(asked.text), key, **values))
        return message

    async def _answer(
        self, asked: Asked, chosen: InterfaceLanguage | None, *, private: bool
    ) -> tuple[Answer, SlackMessage]:
        context = await self._context(asked.conversations)
        with self.waiting.hold(asked.message, asked.text) as words:
            return await self.desk.run(
                lambda: self._made(self.assistant.answer(words(), context), asked, chosen, private=private)
            )

    async def _given(self, asked: Asked, answer: Answer) -> None:
        """Count an answer that is sent, and remember it for what follows."""
        self.desk.observer.answered(PLATFORM, answer)
        await self.remember(asked.conversations, asked.user, answer)

    def _made(
        self, answer: Answer, asked: Asked, chosen: InterfaceLanguage | None, *, private: bool
    ) -> tuple[Answer, SlackMessage]:
        """An answer with the message that shows it; on the answering thread, like the answer."""
        language = interface_language(answer.language)
        if chosen and not answer.names_language:
            language = chosen
        cited = tuple(self._in_language(citation, language) for citation in answer.citations)
        answer = replace(answer, citations=cited)
        with self.desk.observer.timing("render"):
            message = slack.render(
                answer,
                language,
                sources=self.titles(language) if answer.remark is Remark.GREETING else "",
                link=self.link,
                private=private,
                direct=asked.direct,
                mark=self._names.rating(answer),
                repeats_question=asked.repeated,
                lead_in_translation=self._lead_in(cited[0], language) if cited else None,
            )
        return answer, message

    def _in_language(self, citation: Citation, language: InterfaceLanguage) -> Citation:
        return localised_citation(citation, self.assistant.index.documents[citation.document], language)

    def _lead_in(self, citation: Citation, language: InterfaceLanguage) -> str | None:
        found = lead_in(citation, self.assistant.index.documents[citation.document], language)
        return found.text if found else None

    def citations(self, shown: Shown) -> list[Citation] | None:
        """The passages a message is to show; `None` when one of them is no longer there."""
        found: list[Citation] = []
        for cited in shown.here:
            citation = self.assistant.passage(cited.passage)
            if citation is None:
                return None
            spans = tuple(s for s in cited.highlights if 0 <= s[0] < s[1] <= len(citation.text))
            found.append(self._in_language(replace(citation, highlights=spans), shown.language))
        return found

    def page(self, shown: Shown, *, question: str = "") -> SlackMessage:
        """The passages of `shown` again, as a message."""
        citations = self.citations(shown)
        if citations is None:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        return slack_passages.passages(
            shown,
            citations,
            slack.heading(shown, citations),
            link=self.link,
            question=question,
            lead_in_translation=self._lead_in(citations[0], shown.language),
        )

    def around(self, shown: Shown) -> SlackMessage:
        """The first passage of `shown` between the passages that stand before and after it."""
        cited = self.neighbours(shown.here[0].passage, shown.language)
        if not cited:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        return self.page(slack.neighbours(cited, shown))

    def sources(self, language: InterfaceLanguage) -> list[Source]:
        """The documents the answers come from."""
        return [
            Source(title(document, language), document.metadata.author or "", len(document.passages))
            for document in self.assistant.index.documents.values()
        ]

    async def language(self, user: UserKey, text: str = "") -> InterfaceLanguage:
        """The language to speak to `user` in: the one chosen, else that of `text`."""
        return await self.chosen(user) or self._spoken_in(text)

    def _spoken_in(self, text: str) -> InterfaceLanguage:
        return interface_language(identify(clean_question(text), self._default))

    async def _context(self, conversations: Sequence[ConversationKey]) -> Context | None:
        for conversation in conversations:
            if context := await self.store.recall(conversation):
                return context
        return None
