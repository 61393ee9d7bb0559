"""A conversation on a chat platform: limits, languages, contexts and ratings are in the session store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from assemblybot.answering.answer import Context
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.conversation import Asked, Conversation, Reply
from assemblybot.chat.documents import Actor, Documents
from assemblybot.collection import DEFAULT
from assemblybot.session import ConversationKey, Pseudonyms, SessionStore, UserKey
from assemblybot.session.base import CONTEXT_TTL, SEEN_TTL, Reason, counted
from assemblybot.session.inbox import current_delivery_key
from assemblybot.text.language import InterfaceLanguage, known_language

_PREFERENCE: Final = "language"


@dataclass(frozen=True, slots=True)
class Shared:
    """What the chat platforms share.

    Attributes:
        queue: Answers the questions.
        store: Keeps languages, contexts and ratings.
        names: Hide in the store who asked, and where.
        bindings: The collections that places are bound to.
        documents: What curators may do.
        public_url: Where the reader is, if links may lead to it.
    """

    queue: AnswerQueue
    store: SessionStore
    names: Pseudonyms
    bindings: Bindings
    documents: Documents
    public_url: str | None = None


class StoredConversation(Conversation):
    """The conversations of one chat platform."""

    def __init__(self, platform: str, shared: Shared) -> None:
        super().__init__(platform, shared.queue, shared.public_url)
        self.store = shared.store
        self.names = shared.names
        self.bindings = shared.bindings
        self.documents = shared.documents
        self.public_url = shared.public_url

    @property
    def minutes(self) -> int:
        """How long a question is remembered."""
        return round(CONTEXT_TTL / 60)

    @property
    def privacy_key(self) -> str:
        """Key of the words on what is kept."""
        return "privacy-kept" if self.queue.observer.keeps_questions else "privacy"

    async def record(self, reply: Reply) -> None:
        """Count an answer that is sent, and remember it for what follows."""
        await super().record(reply)
        await self.remember(reply, reply.asked.within)

    async def chosen(self, user: UserKey) -> InterfaceLanguage | None:
        """The interface language a user chose, if any."""
        return known_language(await self.store.get_preference(user, _PREFERENCE))

    async def choose(self, user: UserKey, language: InterfaceLanguage | None) -> None:
        """Keep that choice; `None` for the language of the question."""
        await self.store.set_preference(user, _PREFERENCE, language)

    async def remember(self, reply: Reply, within: Iterable[ConversationKey]) -> None:
        """Keep in each conversation what a reply cited and its language, for what follows."""
        if context := reply.context:
            for conversation in within:
                await self.keep(conversation, context, reply.asked.user)

    async def keep(self, conversation: ConversationKey, context: Context, user: UserKey) -> None:
        """Keep `context`, which belongs to `user`, as the latest of a conversation with this collection."""
        await self.store.remember(self._here(conversation), context, CONTEXT_TTL, user=user)

    async def recall(self, conversation: ConversationKey) -> Context | None:
        """The latest context of a conversation with this collection."""
        return await self.store.recall(self._here(conversation))

    async def forget(self, user: UserKey) -> None:
        """Delete everything kept about `user`, in all collections."""
        await asyncio.gather(*(self.store.forget(counted(user, name)) for name in self.queue.collections))

    async def rate(self, key: str, user: UserKey, value: int) -> None:
        """Keep and count a rating: 1 is helpful, -1 not helpful, 0 takes it back.

        `key` is a `rating_key`. The last rating of a user counts.
        """
        await self.store.record_feedback(key, user, value)
        rating = "taken_back" if value == 0 else "helpful" if value > 0 else "not_helpful"
        self.queue.observer.count("ratings", self.platform, rating)

    async def explain(self, key: str, user: UserKey, reason: Reason) -> None:
        """Keep and count why an answer did not help; the rating itself was counted before."""
        await self.store.record_feedback(key, user, -1, reason)
        self.queue.observer.count("rating_reasons", self.platform, reason)

    async def first_seen(self, *parts: str, ttl: float = SEEN_TTL) -> bool:
        """True the first time that any replica sees what `parts` name.

        A delivery that is processed again, after a kill, is still the first.
        """
        key = self.names.key(f"{self.platform}-seen", *parts)
        return await self.store.first_seen(key, ttl, by=current_delivery_key())

    def by(self, user: UserKey, language: InterfaceLanguage) -> Actor:
        """A user as a curator of the collection that is asked here."""
        return Actor(self.platform, user, language, self.queue.collection)

    async def wait(self, user: UserKey) -> float:
        """Count a question of `user` to this collection; as `SessionStore.allow`."""
        return await self.store.allow(counted(user, self.queue.collection))

    async def _wait(self, asked: Asked) -> float:
        return await self.wait(asked.user)

    async def _known(self, asked: Asked) -> Asked:
        chosen, context = await asyncio.gather(self.chosen(asked.user), self._context(asked))
        return replace(asked, chosen=chosen, context=context)

    async def _context(self, asked: Asked) -> Context | None:
        for conversation in asked.within if asked.leans_on is None else asked.leans_on:
            if context := await self.recall(conversation):
                return context
        return None

    def _here(self, conversation: ConversationKey) -> ConversationKey:
        """Where the contexts of a conversation with this collection are kept."""
        collection = self.queue.collection
        return conversation if collection == DEFAULT else ConversationKey(f"{conversation}@{collection}")
