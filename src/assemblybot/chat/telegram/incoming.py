"""From an update as Telegram sends it to a delivery, and who sent it from where."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from assemblybot.chat.channel import AllowList, Take
from assemblybot.chat.observe import Observer
from assemblybot.chat.telegram.shape import is_well_formed
from assemblybot.session import Pseudonyms
from assemblybot.session.inbox import Delivery

_LOG = logging.getLogger(__name__)
PLATFORM: Final = "telegram"
#: The kinds of update that are asked for.
ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "message_reaction",
    "my_chat_member",
)


class Incoming:
    """Takes updates of one bot, whichever way they come; leaves those of strangers."""

    def __init__(
        self,
        names: Pseudonyms,
        take: Take,
        *,
        token: str,
        allowed: AllowList | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.observer = observer or Observer()
        self._names = names
        self._take = take
        # The number before the colon is the bot's id; replicas of one bot agree on it.
        self._bot = token.partition(":")[0]
        self._allowed = allowed or AllowList()

    async def hear(self, item: object) -> bool:
        """Take one update; False when it is none. Raises NotTakenError."""
        if not isinstance(item, Mapping) or not is_well_formed(item):
            return False
        if not self._allowed.allows(*_whence(item)):
            self.observer.refused(PLATFORM)
            return True
        key = self._names.key("telegram-update", self._bot, item["update_id"])
        body = json.dumps(item)
        await self._take(Delivery(PLATFORM, key, body, time.time()))
        return True


def _whence(update: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Ids of the chat and of the user that an update comes from."""
    for kind in ALLOWED_UPDATES:
        content = update.get(kind)
        if isinstance(content, Mapping):
            user = content.get("from") or content.get("user")
            message = content.get("message")
            chat = content.get("chat") or (message.get("chat") if isinstance(message, Mapping) else None)
            return _id(chat), _id(user)
    return None, None


def _id(of: object) -> str | None:
    return str(of["id"]) if isinstance(of, Mapping) and "id" in of else None
