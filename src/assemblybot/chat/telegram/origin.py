"""Where a message comes from: who wrote it, and in which topic of its chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telegram import Message, User

#: The topic “General” of a forum: its messages name no topic, and typing is shown under this number.
GENERAL: Final = 1


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, or a chat in whose name somebody writes; ids of chats are negative."""

    id: int
    language_code: str | None = None

    @classmethod
    def person(cls, user: User) -> Speaker:
        """The person behind a press, a reaction or an inline query."""
        return cls(user.id, user.language_code)


def speaker_of(message: Message) -> Speaker | None:
    """Who wrote a message; `None` for bots, and for what nobody wrote.

    An anonymous administrator writes in the name of the group, others in that of a channel. The
    sender is then one of Telegram's own bots, the same in every chat, so the chat is what counts.
    """
    if message.sender_chat:
        return Speaker(message.sender_chat.id)
    user = message.from_user
    return Speaker.person(user) if user and not user.is_bot else None


def topic_of(message: Message) -> int | None:
    """The topic that a message is in; `None` outside of topics and in “General”."""
    return message.message_thread_id if message.is_topic_message else None
