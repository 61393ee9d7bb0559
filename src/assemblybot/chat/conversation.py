"""What every platform does alike with the people who write to it.

Their language, what is remembered of their last answer, their ratings, and the passages and addresses that
an answer shows. Telegram and Slack build on `Conversation` and only translate to and from their platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Context, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.suggest import suggest
from assemblybot.chat.desk import AnswerDesk
from assemblybot.render.links import Link
from assemblybot.render.localise import titles
from assemblybot.render.permalink import Permalinks
from assemblybot.session.base import CONTEXT_TTL, ConversationKey, Reason, SessionStore, UserKey
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, Language

_PREFERENCE: Final = "language"


class Conversation:
    """The conversations of one `platform`; nothing in it belongs to one chat.

    Args:
        platform: Its name, as in `Delivery.platform`.
        desk: Answers the questions.
        store: Keeps languages, contexts and ratings.
        public_url: Where the reader is, if links may lead to it.
        context_ttl: How long a question is remembered for follow-ups, in seconds.
    """

    def __init__(
        self,
        platform: str,
        desk: AnswerDesk,
        store: SessionStore,
        public_url: str | None = None,
        context_ttl: float = CONTEXT_TTL,
    ) -> None:
        self.platform = platform
        self.desk = desk
        self.store = store
        self.context_ttl = context_ttl
        self._permalinks = Permalinks(public_url)

    @property
    def assistant(self) -> Assistant:
        """See `AnswerDesk.assistant`."""
        return self.desk.assistant

    @property
    def link(self) -> Link | None:
        """Gives the permalink of what was cited from the index in use; `None` without a reader."""
        return self._permalinks.into(self.assistant.index)

    @property
    def minutes(self) -> int:
        """How long a question is remembered."""
        return round(self.context_ttl / 60)

    async def chosen(self, user: UserKey) -> InterfaceLanguage | None:
        """The interface language a user chose, if any."""
        return known_language(await self.store.get_preference(user, _PREFERENCE))

    async def choose(self, user: UserKey, language: InterfaceLanguage | None) -> None:
        """Keep that choice; `None` for the language of the question."""
        await self.store.set_preference(user, _PREFERENCE, language)

    async def remember(self, within: Iterable[ConversationKey], user: UserKey, answer: Answer) -> None:
        """Keep in each conversation what an answer cited, so that the next question may lean on it."""
        if answer.verdict is not Verdict.ANSWERED:
            return
        told = Context(answer.question, tuple(citation.passage for citation in answer.citations))
        for conversation in within:
            await self.store.remember(conversation, told, self.context_ttl, user=user)

    async def rate(self, answer: str, user: UserKey, value: int) -> None:
        """Keep and count a rating: 1 is helpful, -1 not helpful, 0 takes it back.

        `answer` is a `rating_key`. The last rating of a user counts.
        """
        await self.store.record_feedback(answer, user, value)
        self.desk.observer.rated(self.platform, value)

    async def explain(self, answer: str, user: UserKey, reason: Reason) -> None:
        """Keep and count why an answer did not help; the rating itself was counted before."""
        await self.store.record_feedback(answer, user, -1, reason)
        self.desk.observer.explained(self.platform, reason)

    def titles(self, language: InterfaceLanguage) -> str:
        """The first titles of the documents, for a sentence."""
        return titles(self.assistant.index.documents, language)

    def suggestions(self, language: Language) -> tuple[str, ...]:
        """Questions the documents answer."""
        return suggest(self.assistant.index, range(len(self.assistant.index.passages)), language)

    def neighbours(self, passage: str, language: Language) -> tuple[Citation, ...]:
        """A passage between those before and after it in its document; nothing when it is gone."""
        index = self.assistant.index
        at = index.position.get(passage)
        if at is None:
            return ()
        document = index.passages[at].document
        near = (p.id for p in index.passages[max(0, at - 1) : at + 2] if p.document == document)
        return tuple(found for p in near if (found := self.assistant.passage(p, language)))

    def translated(self, citation: Citation, language: Language) -> Citation:
        """`citation` with its translation into `language`, if there is one."""
        whole = self.assistant.passage(citation.passage, language)
        return replace(citation, translation=whole.translation if whole else None)


def known_language(code: str | None) -> InterfaceLanguage | None:
    """`code` when it is an interface language."""
    return next((language for language in INTERFACE_LANGUAGES if language == code), None)
