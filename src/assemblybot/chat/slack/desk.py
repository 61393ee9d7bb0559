"""Where questions are answered: off the event loop, with what the session store remembers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Context, Remark, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.suggest import suggest
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.slack.incoming import PLATFORM
from assemblybot.chat.slack.waiting import Waiting
from assemblybot.messages import say
from assemblybot.render import slack
from assemblybot.render.links import Link
from assemblybot.render.offers import found
from assemblybot.render.permalink import Permalinks
from assemblybot.render.slack import SlackMessage
from assemblybot.render.slack_home import Source, titles
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import line, spoken
from assemblybot.session.base import CONTEXT_TTL, ConversationKey, SessionStore, UserKey
from assemblybot.text.bidi import clean_question
from assemblybot.text.language import (
    INTERFACE_LANGUAGES,
    InterfaceLanguage,
    Language,
    identify,
    interface_language,
)

PREFERENCE: Final = "language"
CONTEXT_MINUTES: Final = int(CONTEXT_TTL // 60)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its words, who asked, and the conversations it belongs to, nearest first.

    `message` is the identity of the Slack message; an edit may still change the words while the
    question waits. `repeated` says that the answer must say what was asked.
    """

    text: str
    user: UserKey
    conversations: tuple[ConversationKey, ...]
    message: str = ""
    repeated: bool = False


class Desk:
    """Turns questions into Slack messages, with the answers of `answers`."""

    def __init__(
        self,
        answers: AnswerDesk,
        store: SessionStore,
        *,
        public_url: str | None = None,
        default_language: InterfaceLanguage = "en",
    ) -> None:
        self.answers = answers
        self.store = store
        self.waiting = Waiting()
        self.public_url = public_url
        self._permalinks = Permalinks(public_url)
        self._default = default_language
        for language in INTERFACE_LANGUAGES:  # parsed now, not while someone waits
            spoken(language, "help")

    @property
    def assistant(self) -> Assistant:
        """See `AnswerDesk.assistant`."""
        return self.answers.assistant

    @property
    def link(self) -> Link | None:
        """Gives the permalink of what was cited from the index in use."""
        return self._permalinks.into(self.assistant.index)

    async def answer(self, asked: Asked, *, private: bool = False) -> SlackMessage:
        """The message that answers `asked`; also when it must wait, or when something failed."""
        return (await self._reply(asked, private=private))[1]

    async def overhear(self, asked: Asked) -> SlackMessage | None:
        """The answer to a message that does not name the bot: `None` unless it is given without reserve."""
        answer, message = await self._reply(asked, private=False)
        if answer is None or answer.verdict is not Verdict.ANSWERED or answer.is_unsure:
            return None
        return message

    async def _reply(self, asked: Asked, *, private: bool) -> tuple[Answer | None, SlackMessage]:
        """What is sent, with the answer when there is one."""
        chosen = await self.chosen_language(asked.user)
        wait = await self.store.allow(asked.user)
        if wait > 0:
            self.answers.observer.throttled(PLATFORM)
            language = chosen or self._spoken_in(asked.text)
            return None, slack.note(spoken(language, "slow-down", seconds=max(1, math.ceil(wait))))
        try:
            return await self._answer(asked, chosen, private=private)
        except Exception as error:  # whatever it was, whoever asked hears of it
            key, values = self.answers.apology(error, PLATFORM)
            return None, slack.note(spoken(chosen or self._spoken_in(asked.text), key, **values))

    async def _answer(
        self, asked: Asked, chosen: InterfaceLanguage | None, *, private: bool
    ) -> tuple[Answer, SlackMessage]:
        context = await self._context(asked.conversations)
        with self.waiting.hold(asked.message, asked.text) as words:
            answer, message = await self.answers.run(
                lambda: self._made(
                    self.assistant.answer(words(), context), chosen, private=private, repeated=asked.repeated
                )
            )
        self.answers.observer.answered(PLATFORM, answer)
        if answer.verdict is Verdict.ANSWERED:
            cited = tuple(citation.passage for citation in answer.citations)
            for conversation in asked.conversations:
                await self.store.remember(
                    conversation, Context(answer.question, cited), CONTEXT_TTL, user=asked.user
                )
        return answer, message

    def _made(
        self, answer: Answer, chosen: InterfaceLanguage | None, *, private: bool, repeated: bool
    ) -> tuple[Answer, SlackMessage]:
        """An answer with the message that shows it; on the answering thread, like the answer."""
        language = chosen or interface_language(answer.language)
        answer = self._translated(answer, language)
        with self.answers.observer.timing("render"):
            message = slack.render(
                answer,
                language,
                sources=titles(self.sources(), language) if answer.remark is Remark.GREETING else "",
                link=self.link,
                private=private,
                repeats_question=repeated,
                lead_in_translation=self._lead_in(answer.citations, language) if answer.is_list else None,
            )
        return answer, message

    def citations(self, shown: Shown) -> list[Citation] | None:
        """The passages a message is to show; `None` when one of them is no longer there."""
        found: list[Citation] = []
        for cited in shown.here:
            citation = self.assistant.passage(cited.passage, shown.language)
            if citation is None:
                return None
            spans = tuple(s for s in cited.highlights if 0 <= s[0] < s[1] <= len(citation.text))
            found.append(replace(citation, highlights=spans))
        return found

    def page(self, shown: Shown, *, question: str = "", rated: bool = False) -> SlackMessage:
        """The passages of `shown` again, as a message."""
        citations = self.citations(shown)
        if citations is None:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        if shown.at == 0 and not shown.around:
            heading = found(shown.language, count=1, is_list=shown.is_list, is_unsure=shown.is_unsure)
        else:
            heading = say(shown.language, "slack-around" if shown.around else "more-passages")
        return slack.passages(
            shown,
            citations,
            line(heading, shown.language),
            link=self.link,
            question=question,
            lead_in_translation=self._lead_in(citations, shown.language) if shown.is_list else None,
            rated=rated,
        )

    def around(self, shown: Shown) -> SlackMessage:
        """The first passage of `shown` between the passages that stand before and after it."""
        index = self.assistant.index
        position = index.position.get(shown.here[0].passage)
        if position is None:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        document = index.passages[position].document
        near = [
            index.passages[place].id
            for place in range(max(0, position - 1), min(len(index.passages), position + 2))
            if index.passages[place].document == document
        ]
        cited = [c for c in (self.assistant.passage(p, shown.language) for p in near) if c]
        return self.page(slack.neighbours(cited, shown.language, private=shown.private))

    def sources(self) -> list[Source]:
        """The documents the answers come from."""
        return [
            Source(document.metadata.title, document.metadata.author or "", len(document.passages))
            for document in self.assistant.index.documents.values()
        ]

    def questions(self, language: Language) -> tuple[str, ...]:
        """Questions the documents answer."""
        return suggest(self.assistant.index, range(len(self.assistant.index.passages)), language)

    async def chosen_language(self, user: UserKey) -> InterfaceLanguage | None:
        """The language that `user` chose for the bot, if any."""
        chosen = await self.store.get_preference(user, PREFERENCE)
        return next((code for code in INTERFACE_LANGUAGES if code == chosen), None)

    async def language(self, user: UserKey, text: str = "") -> InterfaceLanguage:
        """The language to speak to `user` in: the one chosen, else that of `text`."""
        return await self.chosen_language(user) or self._spoken_in(text)

    def _spoken_in(self, text: str) -> InterfaceLanguage:
        return interface_language(identify(clean_question(text), self._default))

    async def _context(self, conversations: Sequence[ConversationKey]) -> Context | None:
        for conversation in conversations:
            if context := await self.store.recall(conversation):
                return context
        return None

    def _translated(self, answer: Answer, language: InterfaceLanguage) -> Answer:
        """The answer with translations for its reader, who may read another language than asked."""
        if language == "ar" or interface_language(answer.language) == language:
            return answer
        whole = ((c, self.assistant.passage(c.passage, language)) for c in answer.citations)
        return replace(
            answer,
            citations=tuple(replace(c, translation=p.translation if p else None) for c, p in whole),
        )

    def _lead_in(self, citations: Sequence[Citation], language: InterfaceLanguage) -> str | None:
        lead_in = citations[0].lead_in if citations else None
        whole = self.assistant.passage(lead_in.passage, language) if lead_in else None
        return whole.translation.text if whole and whole.translation else None
