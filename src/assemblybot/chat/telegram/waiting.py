"""What shows, while an answer is made, that it is being made."""

from __future__ import annotations

import logging

from telegram import Bot, Message
from telegram.constants import ChatAction
from telegram.error import TelegramError

from assemblybot.chat.telegram.origin import GENERAL, topic_of
from assemblybot.chat.telegram.quiet import describe

_LOG = logging.getLogger(__name__)


async def show_typing(bot: Bot, message: Message) -> None:
    """Show “typing…” in the chat and topic of `message`; a failure is of no consequence."""
    topic = topic_of(message) or (GENERAL if message.chat.is_forum else None)
    try:
        await bot.send_chat_action(message.chat.id, ChatAction.TYPING, message_thread_id=topic)
    except TelegramError as error:
        _LOG.debug("No typing indicator: %s", describe(error))
