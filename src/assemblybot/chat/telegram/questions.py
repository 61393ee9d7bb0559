"""A question in, one message out; an edited question edits that message."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from telegram import Message, Update
from telegram.ext import ContextTypes

from assemblybot.answering.answer import Remark
from assemblybot.chat.conversation import Asked
from assemblybot.chat.telegram.addressing import Speaker, is_bot, question_in, speaker_of
from assemblybot.chat.telegram.answers import reply_message
from assemblybot.chat.telegram.conversation import Memory, TelegramConversation
from assemblybot.chat.telegram.sending import edit, send, show_working
from assemblybot.messages import say
from assemblybot.render.telegram_lines import words

_LOG = logging.getLogger(__name__)
# An answer that comes at once needs no sign that it is being made.
_TYPING_AFTER: Final = 0.4
# When more are waiting, the requests are better spent on answers.
_TYPING_UP_TO: Final = 8


class Questions:
    """Handlers of messages that ask something."""

    def __init__(self, conversation: TelegramConversation) -> None:
        self._conversation = conversation
        self._memory = Memory(conversation)

    async def on_message(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, or edit the answer of an edited one."""
        message = update.effective_message
        question = question_in(message) if message else None
        if message is None or question is None:
            return
        edits = None
        if update.edited_message and (before := await self._memory.reply_to(message, question.text)):
            edits, is_same = before
            if is_same:
                return
        reply = not question.in_private
        await self.respond(message, question.asker, question.text, edits=edits, reply=reply)

    async def on_other_content(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say that only text is read, once for an album: voice, pictures and the like in a private chat."""
        message = update.effective_message
        speaker = speaker_of(message) if message else None
        if message is None or speaker is None or is_bot(message.via_bot, message):
            return
        album = message.media_group_id
        if album and not await self._conversation.first_seen("album", album):
            return
        if await self._conversation.wait(self._conversation.user(speaker)):
            return
        interface = await self._conversation.language(speaker)
        shown = words(interface, say(interface, "telegram-only-text"))
        await send(shown, to=message, reply=False)

    async def respond(
        self, message: Message, asker: Speaker, text: str, *, edits: int | None = None, reply: bool = False
    ) -> None:
        """Answer `text`, asked by `asker` with or under `message`, with one message.

        It replaces our message `edits`, or is a new one, as a `reply` to `message` where wanted.
        """
        asked = Asked(
            text,
            self._conversation.user(asker),
            (self._conversation.key(message, asker),),
            self._memory.leans_on(message, asker),
            speaks=self._conversation.spoken_by(asker),
        )
        answering = asyncio.create_task(self._conversation.answer(asked))
        done, _ = await asyncio.wait({answering}, timeout=_TYPING_AFTER)
        if not done and self._conversation.queue.waiting <= _TYPING_UP_TO:
            await show_working(message, drafts=edits is None)  # before the answer, never after it
        found = await answering
        if found.wait and await self._was_told(asker, found.wait):
            return
        if reply and found.answer and found.answer.remark is Remark.CHATTER:
            return  # people talk to each other in a group
        shown = reply_message(self._conversation, found, buttons=not message.guest_query_id)
        if found.wait:
            await send(shown, to=message, reply=reply)
            return
        sent = edits
        if edits is None or not await edit(message.get_bot(), shown, message.chat.id, edits):
            sent = await send(shown, to=message, reply=reply)
        await self._memory.remember(message, asker, text, sent, found)

    async def _was_told(self, asker: Speaker, wait: float) -> bool:
        """Whether this person was asked to slow down already within that time."""
        user = self._conversation.user(asker)
        return not await self._conversation.first_seen("slow-down", user, ttl=wait)
