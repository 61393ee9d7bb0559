"""What every handler needs: the desk, the session store, names, settings; and who is speaking."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message

from assemblybot.answering.answer import Answer, Citation
from assemblybot.chat.conversation import Conversation, known_language
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.links import takes_buttons_to
from assemblybot.chat.telegram.origin import Speaker, topic_of
from assemblybot.chat.telegram.references import References
from assemblybot.render.localise import localised_citation
from assemblybot.session import ConversationKey, Pseudonyms, SessionStore, UserKey
from assemblybot.session.base import CONTEXT_TTL
from assemblybot.text.language import InterfaceLanguage, Language


class Floor(Conversation):
    """Shared by all handlers of one bot."""

    def __init__(
        self,
        desk: AnswerDesk,
        store: SessionStore,
        names: Pseudonyms,
        public_url: str | None = None,
        context_ttl: float = CONTEXT_TTL,
    ) -> None:
        takes = public_url and takes_buttons_to(public_url)
        super().__init__(PLATFORM, desk, store, public_url if takes else None, context_ttl)
        self.names = names
        self.public_url = public_url
        self._references: References | None = None

    @property
    def references(self) -> References:
        """Short names for the index in use now."""
        index = self.desk.assistant.index
        if self._references is None or self._references.index is not index:
            self._references = References(index)
        return self._references

    def user(self, speaker: Speaker) -> UserKey:
        """The name under which things of a person, or of an anonymous chat, are kept."""
        return self.names.user(PLATFORM, speaker.id)

    def conversation(self, message: Message, speaker: Speaker) -> ConversationKey:
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
        chosen = await self.chosen(self.user(speaker))
        return chosen or known_language((speaker.language_code or "").split("-")[0]) or "en"

    def in_language(self, answer: Answer, language: Language) -> Answer:
        """`answer` with translations into `language`."""
        if language == answer.language:
            return answer
        return replace(answer, citations=tuple(self.translated(c, language) for c in answer.citations))

    def named(self, citation: Citation, interface: InterfaceLanguage) -> Citation:
        """`citation` with its title and section in that language, where they are translated."""
        document = self.desk.assistant.index.documents[citation.document]
        return replace(localised_citation(citation, document, interface), translation=citation.translation)

    def lead_in_translation(self, citation: Citation, language: Language) -> str | None:
        """Translation of the line that introduces the list of an item."""
        lead_in = citation.lead_in
        whole = self.desk.assistant.passage(lead_in.passage, language) if lead_in else None
        return whole.translation.text if whole and whole.translation else None

    def reader_link(self, citation: Citation) -> str | None:
        """Where the reader shows a passage, when there is a reader that a button may lead to."""
        return self.link(citation) if self.link else None
