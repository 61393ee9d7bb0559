"""Plain data of the renderer ↔ objects of python-telegram-bot; sending and editing."""

from __future__ import annotations

import logging
import re
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
from telegram.error import BadRequest

from assemblybot.chat.telegram.origin import topic_of
from assemblybot.chat.telegram.quiet import describe
from assemblybot.render.telegram_text import Keyboard, TelegramMessage

_LOG = logging.getLogger(__name__)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_TOPIC_GONE: Final = re.compile(r"thread not found|topic_?(?:deleted|id_invalid)", re.IGNORECASE)


def entities(message: TelegramMessage) -> list[MessageEntity]:
    """Entities as the Bot API takes them."""
    return [MessageEntity(entity.type, entity.offset, entity.length) for entity in message.entities]


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


async def send(bot: Bot, message: TelegramMessage, *, to: Message, reply: bool) -> int | None:
    """Send into the chat and topic of `to`; the id of the new message.

    `reply` answers `to` itself. When that was deleted meanwhile, the message is sent without it;
    when the topic was, into the chat. A guest has one message, of which it learns no id.
    """
    if to.guest_query_id:
        await bot.answer_guest_query(to.guest_query_id, _as_guest(message))
        return None
    topic = topic_of(to)
    try:
        return await _send(bot, message, to, topic, reply=reply)
    except BadRequest as error:
        if topic is None or not _TOPIC_GONE.search(error.message):
            raise
        return await _send(bot, message, to, None, reply=reply)


async def _send(bot: Bot, message: TelegramMessage, to: Message, topic: int | None, *, reply: bool) -> int:
    sent = await bot.send_message(
        to.chat.id,
        message.text,
        entities=entities(message),
        reply_markup=markup(message.keyboard),
        link_preview_options=NO_PREVIEW,
        message_thread_id=topic,
        reply_parameters=ReplyParameters(to.message_id, allow_sending_without_reply=True) if reply else None,
    )
    return sent.message_id


def _as_guest(message: TelegramMessage) -> InlineQueryResultArticle:
    """Only buttons that open an address: of others the bot learns no message to change."""
    rows = (tuple(button for button in row if button.url) for row in message.keyboard)
    return InlineQueryResultArticle(
        id="answer",
        title="…",
        input_message_content=content(message),
        reply_markup=markup(tuple(row for row in rows if row)),
    )


def content(message: TelegramMessage) -> InputTextMessageContent:
    """A message that Telegram sends on behalf of a user, or of a guest."""
    return InputTextMessageContent(message.text, entities=entities(message), link_preview_options=NO_PREVIEW)


async def edit_buttons(bot: Bot, keyboard: Keyboard, chat: int, message_id: int) -> None:
    """Replace the buttons under a message of ours; one that is gone needs none."""
    try:
        await bot.edit_message_reply_markup(chat, message_id, reply_markup=markup(keyboard))
    except BadRequest as error:
        _LOG.info("The buttons under an answer could not be changed: %s", describe(error))


async def edit(bot: Bot, message: TelegramMessage, chat: int, message_id: int) -> bool:
    """Replace a message of ours; False when it is gone. The same text again is no failure."""
    try:
        await bot.edit_message_text(
            message.text,
            chat_id=chat,
            message_id=message_id,
            entities=entities(message),
            reply_markup=markup(message.keyboard),
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True
