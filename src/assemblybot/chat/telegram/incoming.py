"""From an update as Telegram sends it to a delivery, and who sent it from where."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from assemblybot.chat import channel
from assemblybot.chat.channel import AllowList, Enqueue
from assemblybot.chat.observe import Observer
from assemblybot.chat.telegram.schema import parsed
from assemblybot.session import Pseudonyms

_LOG = logging.getLogger(__name__)

PLATFORM: Final = "telegram"
#: The kinds of update that are messages, and all that are asked for.
MESSAGES: Final = ("message", "edited_message", "guest_message")
ALLOWED_UPDATES: Final = (
    *MESSAGES,
    "callback_query",
    "inline_query",
    "message_reaction",
    "my_chat_member",
)


class Incoming(channel.Incoming):
    """Takes updates of the bot whose token is `token`."""

    platform = PLATFORM

    def __init__(
        self,
        names: Pseudonyms,
        enqueue: Enqueue,
        *,
        token: str,
        allowed: AllowList | None = None,
        observer: Observer | None = None,
    ) -> None:
        super().__init__(names, enqueue, allowed=allowed, observer=observer)
        # The number before the colon is the bot's id; replicas of one bot agree on it.
        self._bot = token.partition(":")[0]

    async def accept(self, update: Mapping[str, Any]) -> None:
        """Take one update. Raises NotAcceptedError.

        One of unknown shape is left out: were it refused, Telegram would send it again and again
        before what comes after it.
        """
        if (found := parsed(update)) is None:
            _LOG.warning("An update of unknown shape was left out")
            return
        if message := found.message:
            before = message.migrate_from_chat_id or message.chat.id
            self._follow(before, message.migrate_to_chat_id or message.chat.id)
        key = self.names.key("telegram-update", self._bot, update["update_id"])
        # Whoever writes or reacts in the name of a chat is known by it alone.
        chat, sender = (str(of.id) if of else None for of in (found.effective_chat, found.effective_sender))
        if delivery := self.delivery(update, key, chat, sender):
            await self.enqueue(delivery)

    def _follow(self, before: int, after: int) -> None:
        """Allow the chat that an allowed one has become; mostly, it is the same."""
        chats = self.allowed.places
        if str(before) in chats and str(after) not in chats:
            self.allowed = replace(self.allowed, places=chats | {str(after)})
            _LOG.warning("A chat of ALLOWED_CHATS has a new id: put %s there instead of %s", after, before)


def number_of(item: object) -> int | None:
    """The number of an update; `None` when it is none."""
    number = item.get("update_id") if isinstance(item, Mapping) else None
    # True is no number, though Python counts with it.
    return number if type(number) is int else None
