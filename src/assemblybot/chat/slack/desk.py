"""Slack's side of a conversation: questions in, messages out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from assemblybot.answering.answer import Citation, Remark, Verdict
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.conversation import Asked, KeptConversation, Reply
from assemblybot.chat.desk import AnswerDesk, BusyError
from assemblybot.chat.documents import By, Documents
from assemblybot.chat.slack.incoming import PLATFORM
from assemblybot.chat.slack.once import Names
from assemblybot.errors import QuestionError
from assemblybot.render import slack, slack_passages
from assemblybot.render.localise import title
from assemblybot.render.slack_home import MOST_SOURCES, Source
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import spoken
from assemblybot.session.base import CONTEXT_TTL, SessionStore, UserKey, counted
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, Language

CONTEXT_MINUTES: Final = int(CONTEXT_TTL // 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAsked(Asked):
    """A question in Slack.

    `message` is the identity of the Slack message; an edit may still change the words while the
    question waits. `repeated` says that the answer must say what was asked, `direct` that it stands in the
    conversation with the bot, `private` that only the asker sees it.
    """

    message: str = ""
    repeated: bool = False
    direct: bool = False
    private: bool = False


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


class Desk(KeptConversation):
    """Turns questions into Slack messages, with the answers of `answers`."""

    def __init__(
        self,
        answers: AnswerDesk,
        store: SessionStore,
        names: Names,
        bindings: Bindings,
        *,
        public_url: str | None = None,
        documents: Documents,
    ) -> None:
        super().__init__(PLATFORM, answers, store, public_url)
        self._names = names
        self.bindings = bindings
        self.documents = documents
        self.waiting = Waiting()
        self.public_url = public_url
        for language in INTERFACE_LANGUAGES:  # parsed now, not while someone waits
            spoken(language, "help")

    async def overhear(
        self, asked: SlackAsked, is_ours: Callable[[], Awaitable[bool]]
    ) -> SlackMessage | None:
        """The answer to a message that does not name the bot: `None` unless it is given without reserve.

        A message that gets no answer is not counted, kept or remembered. `is_ours` says whether the
        message was not dealt with in another way meanwhile; it is asked just before the answer counts.
        """
        try:
            reply = await self.find(asked)
        except (BusyError, QuestionError):
            return None
        except Exception as error:  # nobody asked, so that nobody hears of it but the log
            self.desk.apology(error, PLATFORM)
            return None
        answer = reply.answer
        if answer is None or answer.verdict is not Verdict.ANSWERED or answer.is_unsure:
            return None
        if await self.store.allow(counted(asked.user, self.desk.collection)) > 0 or not await is_ours():
            return None
        await self.given(reply)
        return self._shown(asked, reply)

    async def said_to(self, asked: SlackAsked) -> SlackMessage:
        """The message that answers `asked`; also when it must wait, or when something failed."""
        with self.waiting.hold(asked.message, asked.text) as words:
            return self._shown(asked, await self.answer(asked, words=words))

    def _shown(self, asked: SlackAsked, reply: Reply) -> SlackMessage:
        answer, language = reply.answer, reply.language
        if answer is None:
            return slack.note(spoken(language, reply.key, **reply.values))
        with self.desk.observer.timing("render"):
            return slack.render(
                answer,
                language,
                sources=self.titles(language) if answer.remark is Remark.GREETING else "",
                link=self.link,
                private=asked.private,
                direct=asked.direct,
                mark=self._names.rating(answer),
                repeats_question=asked.repeated,
                lead_in_translation=self._lead_in(answer.citations, answer.language),
            )

    def _lead_in(self, citations: Sequence[Citation], language: Language) -> str | None:
        return self.lead_in(citations[0], language) if citations else None

    def citations(self, shown: Shown) -> list[Citation] | None:
        """The passages a message is to show; `None` when one is no longer there, or of another collection."""
        if shown.collection != self.desk.collection:
            return None
        found: list[Citation] = []
        for cited in shown.here:
            citation = self.passage(cited.passage, shown.language)
            if citation is None:
                return None
            spans = tuple(s for s in cited.highlights if 0 <= s[0] < s[1] <= len(citation.text))
            found.append(replace(citation, highlights=spans))
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
            lead_in_translation=self._lead_in(citations, shown.language),
        )

    def around(self, shown: Shown) -> SlackMessage:
        """The first passage of `shown` between the passages that stand before and after it."""
        here = shown.collection == self.desk.collection
        cited = self.neighbours(shown.here[0].passage, shown.language) if here else ()
        if not cited:
            return slack.note(spoken(shown.language, "slack-passage-gone"))
        return self.page(slack.neighbours(cited, shown))

    def sources(self, language: InterfaceLanguage) -> list[Source]:
        """The first documents the answers come from."""
        return [
            Source(title(document, language), document.metadata.author or "", len(document.passages))
            for document in self.assistant.index.listed(0, MOST_SOURCES)
        ]

    async def language(self, user: UserKey, text: str = "") -> InterfaceLanguage:
        """The language to speak to `user` in: the one chosen, else that of `text`."""
        return await self.speaks(Asked(text, user))

    async def by(self, user: UserKey) -> By:
        """A person as a curator of the collection that is asked here."""
        return By(PLATFORM, user, await self.language(user), self.desk.collection)
