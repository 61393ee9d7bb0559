"""What every handler needs: the queue, the session store, names, settings; and who is speaking."""

from __future__ import annotations

from telegram import Message

from assemblybot.answering.answer import Citation
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.conversation import KeptConversation, known_language
from assemblybot.chat.documents import By, Documents
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.links import takes_buttons_to
from assemblybot.chat.telegram.origin import Speaker, topic_of
from assemblybot.chat.telegram.references import References
from assemblybot.session import ConversationKey, Pseudonyms, SessionStore, UserKey
from assemblybot.session.base import CONTEXT_TTL
from assemblybot.text.language import InterfaceLanguage


class TelegramConversation(KeptConversation):
    """Shared by all handlers of one bot; `documents` is what curators may do."""

    def __init__(
        self,
        queue: AnswerQueue,
        store: SessionStore,
        names: Pseudonyms,
        bindings: Bindings,
        public_url: str | None = None,
        context_ttl: float = CONTEXT_TTL,
        *,
        documents: Documents,
    ) -> None:
        takes = public_url and takes_buttons_to(public_url)
        super().__init__(PLATFORM, queue, store, public_url if takes else None, context_ttl)
        self.names = names
        self.bindings = bindings
        self.documents = documents
        self.public_url = public_url

    @property
    def references(self) -> References:
        """Short names for the index in use now."""
        return References(self.queue.assistant.index)

    def user(self, speaker: Speaker) -> UserKey:
        """The name under which things of a person, or of an anonymous chat, are kept."""
        return self.names.user(PLATFORM, speaker.id)

    def key(self, message: Message, speaker: Speaker) -> ConversationKey:
        """One person in the chat of a message, and in its topic.

        The chat where the bot is a guest may share its id with one that it is in.
        """
        topic = topic_of(message)
        within: tuple[str | int, ...] = ("guest",) if message.guest_query_id else ()
        if topic is not None:
            within += ("topic", topic)
        return self.names.conversation(PLATFORM, message.chat.id, speaker.id, *within)

    def answered(self, chat: int, message: int) -> ConversationKey:
        """One answer, so that a reply to it follows up on it."""
        return self.names.conversation(PLATFORM, chat, "answer", message)

    def before(self, chat: int, message: int) -> ConversationKey:
        """What a question leaned on, so that it leans on the same when it is edited."""
        return self.names.conversation(PLATFORM, chat, "before", message)

    async def interface(self, speaker: Speaker) -> InterfaceLanguage:
        """The language to speak when there is no question to take it from."""
        return await self.chosen(self.user(speaker)) or self.spoken_by(speaker) or "en"

    async def by(self, speaker: Speaker) -> By:
        """A person as a curator of the collection that is asked here."""
        return By(PLATFORM, self.user(speaker), await self.interface(speaker), self.queue.collection)

    def spoken_by(self, speaker: Speaker) -> InterfaceLanguage | None:
        """The language that somebody's app speaks, where it is one of ours."""
        return known_language((speaker.language_code or "").split("-")[0])

    def reader_link(self, citation: Citation) -> str | None:
        """Where the reader shows a passage, when there is a reader that a button may lead to."""
        return self.link(citation) if self.link else None
