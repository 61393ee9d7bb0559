"""Sends and edits messages, and shows that an answer is being made."""

from __future__ import annotations

import asyncio
import logging
import re
from functools import partial
from typing import Final

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, TelegramError

from assemblybot.chat.telegram.addressing import topic_of
from assemblybot.chat.telegram.requests import describe
from assemblybot.render.telegram_text import Keyboard, TelegramMessage
from assemblybot.session.inbox import release_slot

_LOG = logging.getLogger(__name__)
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_TOPIC_GONE: Final = re.compile(r"thread not found|topic_?(?:deleted|id_invalid)", re.IGNORECASE)
#: The topic “General” of a forum: its messages name no topic, and typing is shown under this number.
_GENERAL: Final = 1
# Seconds for the request that shows that an answer is being made; the answer waits for its end.
_SHOWN_WITHIN: Final = 10.0


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Buttons as the Bot API takes them."""
    rows = [
        [
            InlineKeyboardButton(button.text, url=button.url or None, callback_data=button.data or None)
            for button in row
        ]
        for row in keyboard
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def content(message: TelegramMessage) -> InputTextMessageContent:
    """A message that Telegram sends on behalf of a user, or of a guest."""
    return InputTextMessageContent(
        message.text, entities=_entities(message), link_preview_options=_NO_PREVIEW
    )


def _entities(message: TelegramMessage) -> list[MessageEntity]:
    return [MessageEntity(entity.type, entity.offset, entity.length) for entity in message.entities]


async def send(message: TelegramMessage, *, to: Message, reply: bool) -> int | None:
    """Send into the chat and topic of `to`; the id of the new message.

    `reply` answers `to` itself. When that was deleted meanwhile, the message is sent without it;
    when the topic was, into the chat. A guest has one message, of which it learns no id.
    """
    bot = to.get_bot()
    if to.guest_query_id:
        await bot.answer_guest_query(to.guest_query_id, _as_guest(message))
        return None
    post = partial(
        bot.send_message,
        to.chat.id,
        message.text,
        entities=_entities(message),
        reply_markup=markup(message.keyboard),
        link_preview_options=_NO_PREVIEW,
        reply_parameters=ReplyParameters(to.message_id, allow_sending_without_reply=True) if reply else None,
    )
    topic = topic_of(to)
    try:
        sent = await post(message_thread_id=topic)
    except BadRequest as error:
        if topic is None or not _TOPIC_GONE.search(error.message):
            raise
        sent = await post()
    return sent.message_id


def _as_guest(message: TelegramMessage) -> InlineQueryResultArticle:
    """Only buttons that open an address: of others the bot learns no message to change."""
    rows = (tuple(button for button in row if button.url) for row in message.keyboard)
    keyboard = tuple(row for row in rows if row)
    return InlineQueryResultArticle("answer", "…", content(message), markup(keyboard))


async def edit(bot: Bot, message: TelegramMessage, chat: int, message_id: int) -> bool:
    """Replace a message of ours; False when it is gone. The same text again is no failure."""
    try:
        await bot.edit_message_text(
            message.text,
            chat,
            message_id,
            entities=_entities(message),
            reply_markup=markup(message.keyboard),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True


async def edit_buttons(bot: Bot, keyboard: Keyboard, chat: int, message_id: int) -> None:
    """Replace the buttons under a message of ours; one that is gone needs none."""
    try:
        await bot.edit_message_reply_markup(chat, message_id, reply_markup=markup(keyboard))
    except BadRequest as error:
        _LOG.info("The buttons under an answer could not be changed: %s", describe(error))


async def show_working(message: Message, *, drafts: bool) -> None:
    """Show that an answer to `message` is being made, and return when it is shown. A failure is only logged.

    In a private chat that is a draft of the answer, which clients show as “Thinking…”, where `drafts` are
    wanted and the server knows them. It stays until the next message, so the answer must not overtake it.
    Elsewhere it is “typing…” in the topic. A guest shows nothing.
    """
    if message.guest_query_id:
        return
    release_slot()
    try:
        async with asyncio.timeout(_SHOWN_WITHIN):
            if not (drafts and message.chat.type == ChatType.PRIVATE and await _show_draft(message)):
                topic = topic_of(message) or (_GENERAL if message.chat.is_forum else None)
                await message.chat.send_action(ChatAction.TYPING, message_thread_id=topic)
    except (TelegramError, TimeoutError) as error:
        _LOG.debug("Nothing shows that an answer is being made: %s", describe(error))


async def _show_draft(message: Message) -> bool:
    """Whether the server shows a draft."""
    bot, topic = message.get_bot(), topic_of(message)
    try:
        return await bot.send_message_draft(message.chat.id, message.message_id, message_thread_id=topic)
    except TelegramError as error:
        _LOG.debug("No draft: %s", describe(error))
        return False
