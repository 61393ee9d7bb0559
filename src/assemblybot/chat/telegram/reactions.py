"""Reactions to an answer count as ratings of it; blocking the bot forgets the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from telegram import ChatMember, MessageReactionUpdated, ReactionType, ReactionTypeEmoji, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.memory import rating_note
from assemblybot.chat.telegram.origin import Speaker

_GOOD: Final = frozenset("👍❤🔥👏🎉🤩💯🙏👌🏆⚡🫡🤝")
_BAD: Final = frozenset("👎💩🤮🤬😡🥱")


class Reactions:
    """Handlers of what users do to messages and to the bot, rather than say."""

    def __init__(self, conversation: TelegramConversation) -> None:
        self._conversation = conversation

    async def on_reaction(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Rate the answer; taking the reaction back takes the rating back."""
        reaction = update.message_reaction
        if reaction is None:
            return
        note = rating_note(self._conversation, reaction.chat.id, reaction.message_id)
        answer = await self._conversation.store.noted(note)
        who = _who(reaction)
        if answer and who:
            await self._conversation.rate(answer, self._conversation.user(who), _value(reaction.new_reaction))

    async def on_membership(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A user who blocks the bot is forgotten."""
        change = update.my_chat_member
        if change is None or change.chat.type != ChatType.PRIVATE:
            return
        if change.new_chat_member.status == ChatMember.BANNED:
            await self._conversation.forget(self._conversation.user(Speaker.person(change.from_user)))


def _who(reaction: MessageReactionUpdated) -> Speaker | None:
    """The person, or the chat in whose name an anonymous one reacts."""
    if reaction.actor_chat:
        return Speaker(reaction.actor_chat.id)
    return Speaker.person(reaction.user) if reaction.user else None


def _value(reactions: Sequence[ReactionType]) -> int:
    given = [reaction.emoji for reaction in reactions if isinstance(reaction, ReactionTypeEmoji)]
    emoji = {character.replace("\ufe0f", "") for character in given}
    if emoji & _GOOD:
        return 1
    return -1 if emoji & _BAD else 0
