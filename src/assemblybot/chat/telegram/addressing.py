"""Which messages ask the bot something, and what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Message, MessageEntity
from telegram.constants import ChatType

_ASK = re.compile(r"/ask(?:@(\w+))?(?:\s+|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as sent; `text` is empty when /ask came without one."""

    text: str
    in_private: bool


def asked(message: Message, bot_id: int, bot_name: str) -> Asked | None:
    """What `message` asks the bot, or `None` when it speaks to someone else.

    In a private chat all text does; in a group a mention, a reply to the bot, or /ask. What
    was sent through the bot's own inline mode is an answer, not a question.
    """
    if message.via_bot and message.via_bot.id == bot_id:
        return None
    if message.from_user is None or message.from_user.is_bot:
        return None
    text = message.text or message.caption or ""
    in_private = message.chat.type == ChatType.PRIVATE
    if command := _ASK.match(text):
        if command.group(1) and command.group(1).lower() != bot_name.lower():
            return None
        return Asked(text[command.end() :].strip() or _replied_text(message), in_private)
    if not text:
        return None
    if in_private:
        return Asked(text, in_private=True)
    without, mentioned = _without_mention(message, bot_id, bot_name)
    if mentioned:
        return Asked(without or _replied_text(message), in_private=False)
    if replies_to(message, bot_id):
        return Asked(text, in_private=False)
    return None


def replies_to(message: Message, bot_id: int) -> bool:
    """Whether a message replies to one of the bot's."""
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == bot_id)


def _replied_text(message: Message) -> str:
    """Text of the message that a bare /ask or mention answers: the question of someone else."""
    replied = message.reply_to_message
    return (replied.text or replied.caption or "") if replied else ""


def _without_mention(message: Message, bot_id: int, bot_name: str) -> tuple[str, bool]:
    """The text without mentions of the bot, and whether there was one."""
    text = message.text or message.caption or ""
    parsed = message.parse_entities() if message.text else message.parse_caption_entities()
    mentioned = False
    for entity, part in parsed.items():
        by_name = entity.type == MessageEntity.MENTION and part.lower() == f"@{bot_name.lower()}"
        by_id = entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == bot_id
        if by_name or by_id:
            mentioned = True
            text = text.replace(part, " ", 1)
    return " ".join(text.split()), mentioned
