"""From an update as Telegram sends it to a delivery, and who sent it from where."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from assemblybot.chat import channel
from assemblybot.chat.channel import AllowList, Enqueue
from assemblybot.chat.observe import Observer
from assemblybot.chat.telegram.schema import is_well_formed
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
        if not is_well_formed(update):
            _LOG.warning("An update of unknown shape was left out")
            return
        if moved := _moved(update):
            self._follow(*moved)
        key = self.names.key("telegram-update", self._bot, update["update_id"])
        if delivery := self.delivery(update, key, *_whence(update)):
            await self.enqueue(delivery)

    def _follow(self, before: str, after: str) -> None:
        """Allow the chat that an allowed one has become."""
        chats = self.allowed.places
        if before in chats and after not in chats:
            self.allowed = replace(self.allowed, places=chats | {after})
            _LOG.warning("A chat of ALLOWED_CHATS has a new id: put %s there instead of %s", after, before)


def number_of(item: object) -> int | None:
    """The number of an update; `None` when it is none."""
    number = item.get("update_id") if isinstance(item, Mapping) else None
    # True is no number, though Python counts with it.
    return number if type(number) is int else None


def _whence(update: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Ids of the chat and of the user that an update comes from."""
    for kind in ALLOWED_UPDATES:
        content = update.get(kind)
        if isinstance(content, Mapping):
            # Whoever writes or reacts in the name of a chat is known by it alone.
            user = (
                content.get("sender_chat")
                or content.get("actor_chat")
                or content.get("from")
                or content.get("user")
            )
            message = content.get("message")
            chat = content.get("chat") or (message.get("chat") if isinstance(message, Mapping) else None)
            return _id(chat), _id(user)
    return None, None


def _moved(update: Mapping[str, Any]) -> tuple[str, str] | None:
    """The old and the new id of a group that became a supergroup, in the message that says so."""
    message = update.get("message") or {}
    here = _id(message.get("chat"))
    if here and (after := message.get("migrate_to_chat_id")):
        return here, str(after)
    if here and (before := message.get("migrate_from_chat_id")):
        return str(before), here
    return None


def _id(of: object) -> str | None:
    return str(of["id"]) if isinstance(of, Mapping) and "id" in of else None
