"""Who wrote a message, in which topic of its chat, and what it asks the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from telegram import Chat, Message, MessageEntity, User
from telegram.constants import ChatType

# Telegram ends a command at the first character that is no letter, digit or underscore.
_ASK: Final = re.compile(r"/ask(?:@([A-Za-z0-9_]+))?(?![\w@/<>])", re.IGNORECASE)
# What people put between a command or mention and the question, or after one without a question.
_SEPARATORS: Final = " \t\r\n:;,.،؛-–—?؟!"

#: A person, or a chat in whose name somebody writes; ids of chats are negative.
Speaker = User | Chat


@dataclass(frozen=True, slots=True)
class Question:
    """A question as sent; `text` is empty when /ask or a mention came without one."""

    text: str
    asker: Speaker
    in_private: bool


def speaker_of(message: Message) -> Speaker | None:
    """Who wrote a message; `None` for bots, and for what nobody wrote.

    An anonymous administrator writes in the name of the group, others in that of a channel. The
    sender is then one of Telegram's own bots, the same in every chat, so the chat is what counts.
    """
    user = message.from_user
    return message.sender_chat or (user if user and not user.is_bot else None)


def topic_of(message: Message) -> int | None:
    """The topic that a message is in; `None` outside of topics and in “General”."""
    return message.message_thread_id if message.is_topic_message else None


def question_in(message: Message) -> Question | None:
    """What `message` asks the bot, or `None` when it speaks to someone else.

    In a private chat all text does; in a group a mention, a reply to the bot, or /ask; where the
    bot is a guest, whatever it was summoned with. What was sent through the bot's own inline mode
    is an answer, not a question.
    """
    asker = speaker_of(message)
    text = message.text or message.caption or ""
    if asker is None or not text or is_bot(message.via_bot, message):
        return None
    in_private = message.chat.type == ChatType.PRIVATE and not message.guest_query_id
    if command := _ASK.match(text):
        if command.group(1) and command.group(1).lower() != message.get_bot().username.lower():
            return None
        question = text[command.end() :].lstrip(_SEPARATORS).strip()
        return Question(question or _referred(message), asker, in_private)
    if in_private:
        return Question(text, asker, in_private=True)
    without, mentioned = _without_mention(message, text)
    if mentioned or message.guest_query_id:
        return Question(without or _referred(message), asker, in_private=False)
    if replied_to(message):
        return Question(text, asker, in_private=False)
    return None


def replied_to(message: Message) -> Message | None:
    """The message of the bot's that this one replies to, if it does."""
    replied = message.reply_to_message
    return replied if replied and is_bot(replied.from_user, message) else None


def is_bot(user: User | None, message: Message) -> bool:
    """Whether a user that `message` names is the bot itself."""
    return user is not None and user.id == message.get_bot().id


def _referred(message: Message) -> str:
    """The question that a bare /ask or mention points at: the words selected, else the whole
    message replied to. Of a message in another chat Telegram shows only the quote."""
    replied, quote = message.reply_to_message, message.quote
    if quote and (quote.is_manual or replied is None):
        return quote.text.strip()
    # What the bot wrote, or somebody sent through it, asks nothing.
    if replied is None or is_bot(replied.from_user, message) or is_bot(replied.via_bot, message):
        return ""
    return (replied.text or replied.caption or "").strip()


def _without_mention(message: Message, text: str) -> tuple[str, bool]:
    """`text`, which is the message's, without mentions of the bot, and whether there was one."""
    parsed = message.parse_entities() if message.text else message.parse_caption_entities()
    mentioned, name = False, f"@{message.get_bot().username.lower()}"
    for entity, part in parsed.items():
        by_name = entity.type == MessageEntity.MENTION and part.lower() == name
        by_id = entity.type == MessageEntity.TEXT_MENTION and is_bot(entity.user, message)
        if by_name or by_id:
            mentioned = True
            text = text.replace(part, " ", 1)
    return " ".join(text.split()).lstrip(_SEPARATORS), mentioned
