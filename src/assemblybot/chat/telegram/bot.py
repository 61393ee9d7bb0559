"""The bot: updates in, one after another for each person, requests to Telegram out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from datetime import UTC, datetime
from typing import Final

from telegram import Update
from telegram.error import InvalidToken, TelegramError

from assemblybot.chat.in_order import InOrder
from assemblybot.chat.telegram.application import build_application
from assemblybot.chat.telegram.commands import set_menus
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.chat.telegram.incoming import MESSAGES, PLATFORM
from assemblybot.chat.telegram.requests import PER_GROUP_MINUTE, PER_SECOND, RateLimiter, describe
from assemblybot.chat.telegram.rich_text import give_text
from assemblybot.errors import PlatformError, PlatformUnreachableError
from assemblybot.session.inbox import OLDEST_DELIVERY

_LOG = logging.getLogger(__name__)
REFUSED: Final = "Telegram does not know this token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN."


def unreachable(error: TelegramError) -> PlatformUnreachableError:
    """What to raise when a start does not get through to Telegram."""
    return PlatformUnreachableError(f"Telegram cannot be reached ({describe(error)}). Check the network.")


class TelegramBot:
    """A `Bot` for Telegram. Raises SettingsError for a token of the wrong shape."""

    platform: Final = PLATFORM

    def __init__(
        self,
        conversation: TelegramConversation,
        token: str,
        *,
        base_url: str,
        per_second: int = PER_SECOND,
        per_group_minute: int = PER_GROUP_MINUTE,
    ) -> None:
        self._conversation = conversation
        self._in_order = InOrder()
        limiter = RateLimiter(per_second, per_group_minute, conversation.queue.observer)
        self._application = build_application(conversation, token, limiter=limiter, base_url=base_url)
        #: python-telegram-bot's own bot, for requests
        self.api = self._application.bot
        self._menus: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Ask Telegram who we are."""
        try:
            await self._application.initialize()
        except InvalidToken as error:
            raise PlatformError(REFUSED) from error
        except TelegramError as error:
            raise unreachable(error) from error
        self._menus = asyncio.create_task(set_menus(self.api, self._conversation))
        _LOG.info("Telegram: answering as @%s", self.api.username)
        if self._conversation.link_problem:
            _LOG.warning("%s", self._conversation.link_problem)

    async def handle(self, body: str) -> None:
        """See `Bot.handle`. What python-telegram-bot cannot read is left out."""
        try:
            item = json.loads(body)
            for kind in MESSAGES:
                give_text(item.get(kind))
            update = Update.de_json(item, self.api)
        except Exception as error:  # a kind of its own for every way to be damaged
            _LOG.warning("An update could not be read and was left out: %s", type(error).__name__)
            return
        if _is_old(update):
            _LOG.info("An update that waited too long was left alone")
            return
        chat, sender = update.effective_chat, update.effective_sender
        # Of inline queries only the last one counts, so they need not wait for each other.
        in_order = chat and sender and self._in_order.turn((chat.id, sender.id))
        async with in_order or contextlib.nullcontext():
            # As the chat was bound by the updates before.
            with self._conversation.queue.within(await self._collection(update)):
                await self._application.process_update(update)

    async def _collection(self, update: Update) -> str:
        """The collection of the chat; of the sender's private chat for inline queries and guest messages."""
        is_guest = update.inline_query or update.guest_message
        where = update.effective_sender if is_guest else update.effective_chat
        if where is None:
            return self._conversation.queue.collections[0]
        return await self._conversation.bindings.collection_of(self._conversation.place(where))

    async def close(self) -> None:
        """See `Bot.close`."""
        if self._menus:
            self._menus.cancel()
        await self._application.shutdown()
        # An application that never got through its start leaves its connections open.
        await self.api.shutdown()


def _is_old(update: Update) -> bool:
    """Whether nobody waits any more; unknown, so false, for button presses and inline queries."""
    edited = update.edited_message
    message = edited or update.message or update.guest_message
    sent = (edited and edited.edit_date) or (message and message.date)
    return bool(sent and (datetime.now(UTC) - sent).total_seconds() > OLDEST_DELIVERY)
