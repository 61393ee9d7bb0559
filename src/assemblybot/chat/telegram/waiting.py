"""What shows, while an answer is made, that it is being made."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from telegram import Bot, Message
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from assemblybot.chat.telegram.origin import GENERAL, topic_of
from assemblybot.chat.telegram.redaction import describe

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT: Final = 1.0


async def show_working(bot: Bot, message: Message, *, drafts: bool) -> None:
    """Show that an answer to `message` is being made; a failure is of no consequence.

    In a private chat that is a draft of the answer, where `drafts` are wanted and the server knows
    them; the answer takes its place. Elsewhere it is “typing…” in the topic. A guest shows nothing.
    """
    if message.guest_query_id:
        return
    try:
        if drafts and message.chat.type == ChatType.PRIVATE and await _draft(bot, message):
            return
        topic = topic_of(message) or (GENERAL if message.chat.is_forum else None)
        await bot.send_chat_action(message.chat.id, ChatAction.TYPING, message_thread_id=topic)
    except TelegramError as error:
        _LOG.debug("Nothing shows that an answer is being made: %s", describe(error))


async def _draft(bot: Bot, message: Message) -> bool:
    """An empty draft, which clients show as “Thinking…”; false where the server takes none."""
    try:
        return await bot.send_message_draft(
            message.chat.id, message.message_id, message_thread_id=topic_of(message)
        )
    except TelegramError as error:
        _LOG.debug("No draft: %s", describe(error))
        return False


async def settled(shown: asyncio.Task[None]) -> None:
    """Return when the request is answered, so that no draft comes after the answer; or soon."""
    await asyncio.wait({shown}, timeout=_LONGEST_WAIT)
    shown.cancel()
