"""The collection of a chat: where an update is asked, and `/collection`."""

from __future__ import annotations

import logging
from functools import partial

from telegram import Bot, Chat, ChatMember, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from assemblybot.chat.bindings import Place
from assemblybot.chat.telegram.addressing import Speaker, speaker_of
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import PLATFORM
from assemblybot.chat.telegram.requests import describe

_LOG = logging.getLogger(__name__)


def place_of(conversation: TelegramConversation, update: object) -> Place | None:
    """Where an update comes from; `None` where that cannot be told.

    Inline queries and guest messages are asked as in the private chat of whoever sends them.
    """
    if not isinstance(update, Update):
        return None
    if update.inline_query:
        return _own(conversation, update.inline_query.from_user)
    if update.guest_message:
        speaker = speaker_of(update.guest_message)
        return _own(conversation, speaker) if speaker else None
    return _place(conversation, update.effective_chat) if update.effective_chat else None


async def chosen(
    conversation: TelegramConversation, bot: Bot, message: Message, speaker: Speaker, name: str
) -> tuple[str, dict[str, str]]:
    """What is said to `/collection` in a message; see `Bindings.asked`."""
    place = _place(conversation, message.chat)
    is_administrator = partial(_is_administrator, bot, message.chat, speaker)
    return await conversation.bindings.asked(place, name, str(speaker.id), is_administrator)


async def on_move(conversation: TelegramConversation, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """A group has become a supergroup, which has another id: it asks the collection of the group."""
    message = update.effective_message
    if message and message.migrate_to_chat_id:
        after = Place(PLATFORM, (str(message.migrate_to_chat_id),))
        await conversation.bindings.follow(_place(conversation, message.chat), after)


def _place(conversation: TelegramConversation, chat: Chat) -> Place:
    if chat.type == ChatType.PRIVATE:
        return _own(conversation, chat)
    return Place(PLATFORM, (str(chat.id),))


def _own(conversation: TelegramConversation, speaker: Speaker) -> Place:
    return Place(PLATFORM, (str(speaker.id),), conversation.user(speaker))


async def _is_administrator(bot: Bot, chat: Chat, speaker: Speaker) -> bool:
    if speaker.id == chat.id:  # an anonymous administrator writes in the name of the group
        return True
    try:
        member = await bot.get_chat_member(chat.id, speaker.id)
    except TelegramError as error:
        _LOG.info("Nobody knows whether this is an administrator: %s", describe(error))
        return False
    return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
