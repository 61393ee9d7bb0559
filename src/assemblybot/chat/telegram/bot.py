"""The bot: updates in, one after another for each person, requests to Telegram out."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, Final

from telegram import Update
from telegram.error import InvalidToken, TelegramError

from assemblybot.chat.telegram.application import TELEGRAM, build_application
from assemblybot.chat.telegram.floor import Floor
from assemblybot.chat.telegram.incoming import MESSAGES, PLATFORM
from assemblybot.chat.telegram.links import link_problem
from assemblybot.chat.telegram.menus import set_menus
from assemblybot.chat.telegram.outbox import PER_GROUP_MINUTE, PER_SECOND
from assemblybot.chat.telegram.quiet import describe
from assemblybot.chat.telegram.rich_text import give_text
from assemblybot.errors import PlatformError, PlatformUnreachableError

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
        floor: Floor,
        token: str,
        *,
        base_url: str = TELEGRAM,
        per_second: int = PER_SECOND,
        per_group_minute: int = PER_GROUP_MINUTE,
    ) -> None:
        self._floor = floor
        self._application = build_application(
            floor, token, base_url=base_url, per_second=per_second, per_group_minute=per_group_minute
        )
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
        self._menus = asyncio.create_task(set_menus(self.api, self._floor))
        _LOG.info("Telegram: answering as @%s", self.api.username)
        if problem := link_problem(self._floor.public_url):
            _LOG.warning("%s", problem)

    async def deal(self, body: str) -> None:
        """See `Bot.deal`. What python-telegram-bot cannot read is left out."""
        try:
            update = Update.de_json(_with_words(json.loads(body)), self.api)
        except Exception as error:  # a kind of its own for every way to be damaged
            _LOG.warning("An update could not be read and was left out: %s", type(error).__name__)
            return
        work = self._application.process_update(update)
        try:
            await self._application.update_processor.process_update(update, work)
        finally:
            work.close()  # one that was never begun would be warned about

    async def close(self) -> None:
        """See `Bot.close`."""
        if self._menus:
            self._menus.cancel()
        await self._application.shutdown()
        # An application that never got through its start leaves its connections open.
        await self.api.shutdown()


def _with_words(item: dict[str, Any]) -> dict[str, Any]:
    """The update, in which every message has its words as text."""
    for kind in MESSAGES:
        give_text(item.get(kind))
    return item
