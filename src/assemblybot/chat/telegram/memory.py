"""What is remembered of questions and answers, for follow-ups, edits and ratings."""

from __future__ import annotations

import asyncio
from typing import Final

from telegram import Message

from assemblybot.answering.answer import Answer, Context, Verdict
from assemblybot.chat.telegram.addressing import replies_to
from assemblybot.chat.telegram.floor import Floor
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.origin import Speaker, speaker_of
from assemblybot.session.feedback import rating_key, rating_mark

_REPLY_TTL: Final = 48 * 3600.0
_RATING_TTL: Final = 7 * 24 * 3600.0


class Memory:
    """Reads and writes the session store for `Questions`."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def context(self, message: Message, asker: Speaker, bot_id: int) -> Context | None:
        """What a question leans on: the answer it replies to, else the last one of this person."""
        store, chat = self._floor.store, message.chat.id
        if message.edit_date:
            return await store.recall(self._floor.before(chat, message.message_id))
        if message.reply_to_message and replies_to(message, bot_id):
            told = await store.recall(self._floor.answered(chat, message.reply_to_message.message_id))
            if told:
                return told
        return await store.recall(self._floor.conversation(message, asker))

    async def reply_to(self, message: Message, text: str) -> tuple[int, bool] | None:
        """The id of our answer to a message, and whether it answered the same `text`."""
        noted = await self._floor.store.noted(self._reply_key(message))
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
        answer: Answer | None,
        before: Context | None,
    ) -> None:
        """Keep what `answer` to `text` was, and which message `sent` gave it; guests learn no id."""
        store, user, ttl = self._floor.store, self._floor.user(asker), self._floor.context_ttl
        keep = []
        # A tapped suggestion hangs on a message of ours, which nobody can edit.
        if sent is not None and speaker_of(message) == asker:
            reply = f"{sent} {self._mark(message, text)}"
            keep.append(store.note(self._reply_key(message), reply, _REPLY_TTL, user=user))
            if before:
                conversation = self._floor.before(message.chat.id, message.message_id)
                keep.append(store.remember(conversation, before, ttl, user=user))
        if answer and answer.verdict is Verdict.ANSWERED:
            within = [self._floor.conversation(message, asker)]
            if sent is not None:
                within.append(self._floor.answered(message.chat.id, sent))
                rating = rating_key(answer.citations[0].passage, rating_mark(self._floor.names, answer))
                note = rating_note(self._floor, message.chat.id, sent)
                keep.append(store.note(note, rating, _RATING_TTL, user=user))
            keep.append(self._floor.remember(within, user, answer))
        await asyncio.gather(*keep)

    def _reply_key(self, message: Message) -> str:
        return self._floor.names.key("reply", PLATFORM, message.chat.id, message.message_id)

    def _mark(self, message: Message, text: str) -> str:
        return self._floor.names.key("text", message.chat.id, message.message_id, text)[:16]


def rating_note(floor: Floor, chat: int, message: int) -> str:
    """Where it is noted which answer a message of ours gave."""
    return floor.names.key("rated", PLATFORM, chat, message)
