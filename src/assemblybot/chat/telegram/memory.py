"""What is remembered of questions and answers, for follow-ups, edits and ratings."""

from __future__ import annotations

import asyncio
from typing import Final

from telegram import Message

from assemblybot.answering.answer import Verdict
from assemblybot.chat.conversation import Reply
from assemblybot.chat.telegram.addressing import replies_to
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.origin import Speaker, speaker_of
from assemblybot.session.base import ConversationKey
from assemblybot.session.identity import rating_key_of

_REPLY_TTL: Final = 48 * 3600.0
_RATING_TTL: Final = 7 * 24 * 3600.0


class Memory:
    """Reads and writes the session store for `Questions`."""

    def __init__(self, conversation: TelegramConversation) -> None:
        self._conversation = conversation

    def leans_on(self, message: Message, asker: Speaker, bot_id: int) -> tuple[ConversationKey, ...]:
        """What a question follows up on: the answer it replies to, else the last one of this person."""
        chat, last = message.chat.id, self._conversation.key(message, asker)
        if message.edit_date:
            return (self._conversation.before(chat, message.message_id),)
        if message.reply_to_message and replies_to(message, bot_id):
            return self._conversation.answered(chat, message.reply_to_message.message_id), last
        return (last,)

    async def reply_to(self, message: Message, text: str) -> tuple[int, bool] | None:
        """The id of our answer to a message, and whether it answered the same `text`."""
        noted = await self._conversation.store.noted(self._reply_key(message))
        if noted is None:
            return None
        sent, mark = noted.split(" ")
        return int(sent), mark == self._mark(message, text)

    async def remember(
        self,
        message: Message,
        asker: Speaker,
        text: str,
        sent: int | None,
        given: Reply,
    ) -> None:
        """Keep which message `sent` gave the answer to `text`, and which it was; guests learn no id."""
        store, user = self._conversation.store, self._conversation.user(asker)
        answer, before = given.answer, given.asked.context
        keep = []
        # A tapped suggestion hangs on a message of ours, which nobody can edit.
        if sent is not None and speaker_of(message) == asker:
            reply = f"{sent} {self._mark(message, text)}"
            keep.append(store.note(self._reply_key(message), reply, _REPLY_TTL, user=user))
            if before:
                conversation = self._conversation.before(message.chat.id, message.message_id)
                keep.append(self._conversation.keep(conversation, before, user))
        if sent is not None and answer and answer.verdict is Verdict.ANSWERED:
            rating = rating_key_of(self._conversation.names, answer)
            note = rating_note(self._conversation, message.chat.id, sent)
            keep.append(store.note(note, rating, _RATING_TTL, user=user))
            keep.append(
                self._conversation.remember(given, [self._conversation.answered(message.chat.id, sent)])
            )
        await asyncio.gather(*keep)

    def _reply_key(self, message: Message) -> str:
        return self._conversation.names.key("reply", PLATFORM, message.chat.id, message.message_id)

    def _mark(self, message: Message, text: str) -> str:
        return self._conversation.names.key("text", message.chat.id, message.message_id, text)[:16]


def rating_note(conversation: TelegramConversation, chat: int, message: int) -> str:
    """Where it is noted which answer a message of ours gave."""
    return conversation.names.key("rated", PLATFORM, chat, message)
