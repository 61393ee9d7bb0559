"""The conversations of the Telegram bot: under which names they are kept, and what is remembered of each."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from telegram import Message, User
from telegram.constants import ChatType

from assemblybot.answering.answer import Citation, Verdict
from assemblybot.chat.bindings import Place
from assemblybot.chat.conversation import Reply
from assemblybot.chat.stored_conversation import Shared, StoredConversation
from assemblybot.chat.telegram.addressing import Speaker, replied_to, speaker_of, topic_of
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.references import References
from assemblybot.messages import say
from assemblybot.session import ConversationKey, UserKey
from assemblybot.session.identity import rating_key_of
from assemblybot.text.language import InterfaceLanguage, known_language

_REPLY_TTL: Final = 48 * 3600.0
_RATING_TTL: Final = 7 * 24 * 3600.0


class TelegramConversation(StoredConversation):
    """Shared by all handlers of one bot."""

    def __init__(self, shared: Shared) -> None:
        #: What an operator should know of `public_url`.
        self.link_problem = link_problem(shared.public_url)
        super().__init__(PLATFORM, replace(shared, public_url=None) if self.link_problem else shared)

    @property
    def references(self) -> References:
        """Short names for the index in use now."""
        return References(self.assistant.index)

    def user(self, speaker: Speaker) -> UserKey:
        """The name under which things of a person, or of an anonymous chat, are kept."""
        return self.names.user(PLATFORM, speaker.id)

    def place(self, chat: Speaker) -> Place:
        """Where a chat is asked; for a user, in the private chat with the bot."""
        is_private = isinstance(chat, User) or chat.type == ChatType.PRIVATE
        return Place(PLATFORM, (str(chat.id),), self.user(chat) if is_private else None)

    def key(self, message: Message, speaker: Speaker) -> ConversationKey:
        """One person in the chat of a message, and in its topic.

        The chat where the bot is a guest may share its id with one that it is in.
        """
        topic = topic_of(message)
        within: tuple[str | int, ...] = ("guest",) if message.guest_query_id else ()
        if topic is not None:
            within += ("topic", topic)
        return self.names.conversation(PLATFORM, message.chat.id, speaker.id, *within)

    def rating_note(self, chat: int, message: int) -> str:
        """Key of the note that says which answer one of our messages gave."""
        return self.names.key("rated", PLATFORM, chat, message)

    async def language(self, speaker: Speaker) -> InterfaceLanguage:
        """The language to speak when there is no question to take it from."""
        return await self.chosen(self.user(speaker)) or self.spoken_by(speaker) or "en"

    def spoken_by(self, speaker: Speaker) -> InterfaceLanguage | None:
        """The language of somebody's app, if the bot speaks it."""
        code = speaker.language_code if isinstance(speaker, User) else None
        return known_language((code or "").split("-")[0])

    async def choose_language(
        self, speaker: Speaker, language: InterfaceLanguage | None
    ) -> tuple[InterfaceLanguage, str]:
        """Store the chosen language, `None` for that of each question; language and text of the reply."""
        await self.choose(self.user(speaker), language)
        interface = language or await self.language(speaker)
        return interface, say(interface, "language-set" if language else "language-automatic")

    def reader_link(self, citation: Citation) -> str | None:
        """Where the reader shows a passage, when there is a reader that a button may lead to."""
        link = self.link
        return link(citation) if link else None


class Memory:
    """What is remembered of questions and answers, for follow-ups, edits and ratings."""

    def __init__(self, conversation: TelegramConversation) -> None:
        self._conversation = conversation
        self._names = conversation.names

    def leans_on(self, message: Message, asker: Speaker) -> tuple[ConversationKey, ...]:
        """What a question follows up on: the answer it replies to, else the last one of this person."""
        last = self._conversation.key(message, asker)
        if message.edit_date:
            return (self._before(message),)
        if replied := replied_to(message):
            return self._answer(message.chat.id, replied.message_id), last
        return (last,)

    async def reply_to(self, message: Message, text: str) -> tuple[int, bool] | None:
        """The id of our answer to a message, and whether it answered the same `text`."""
        noted = await self._conversation.store.noted(self._reply_key(message))
        if noted is None:
            return None
        sent, mark = noted.split(" ")
        return int(sent), mark == self._mark(message, text)

    async def remember(
        self, message: Message, asker: Speaker, text: str, sent: int | None, given: Reply
    ) -> None:
        """Keep which message `sent` gave the answer to `text`, and which it was; guests learn no id."""
        if sent is None:
            return
        conversation, user = self._conversation, self._conversation.user(asker)
        answer, before = given.answer, given.asked.context
        keep = []
        # A tapped suggestion hangs on a message of ours, which nobody can edit.
        if speaker_of(message) == asker:
            reply = f"{sent} {self._mark(message, text)}"
            keep.append(conversation.store.note(self._reply_key(message), reply, _REPLY_TTL, user=user))
            if before:
                keep.append(conversation.keep(self._before(message), before, user))
        if answer and answer.verdict is Verdict.ANSWERED:
            rating = rating_key_of(self._names, answer)
            note = conversation.rating_note(message.chat.id, sent)
            keep.append(conversation.store.note(note, rating, _RATING_TTL, user=user))
            keep.append(conversation.remember(given, [self._answer(message.chat.id, sent)]))
        await asyncio.gather(*keep)

    def _answer(self, chat: int, message: int) -> ConversationKey:
        """One answer, so that a reply to it follows up on it."""
        return self._names.conversation(PLATFORM, chat, "answer", message)

    def _before(self, message: Message) -> ConversationKey:
        """What a question leaned on, so that it leans on the same when it is edited."""
        return self._names.conversation(PLATFORM, message.chat.id, "before", message.message_id)

    def _reply_key(self, message: Message) -> str:
        return self._names.key("reply", PLATFORM, message.chat.id, message.message_id)

    def _mark(self, message: Message, text: str) -> str:
        return self._names.key("text", message.chat.id, message.message_id, text)[:16]


def takes_buttons_to(url: str) -> bool:
    """Whether Telegram takes a button to `url`: its host has a dot, or is an address of IPv6.

    It refuses the whole message otherwise: `localhost`, the name of a container, of an intranet.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") or ":" in host


def link_problem(public_url: str | None) -> str | None:
    """What an operator should know of `PUBLIC_URL`; `None` when buttons lead to it, or none should."""
    if not public_url or takes_buttons_to(public_url):
        return None
    return (
        "Telegram takes no buttons to PUBLIC_URL, as its host has no dot; answers come without a link to "
        "the reader. Give the service a domain, or put the machine's IP address into PUBLIC_URL."
    )
