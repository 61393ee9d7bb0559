"""The first look at every update: seen before? too old? Then nobody else sees it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from telegram import Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from assemblybot.chat.telegram.floor import PLATFORM, Floor
from assemblybot.session.base import SEEN_TTL

_LOG = logging.getLogger(__name__)


class Gate:
    """Stops updates that must not be answered (again)."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def on_update(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Raises ApplicationHandlerStop for an update to leave alone."""
        if not isinstance(update, Update):
            return
        key = f"{PLATFORM}:{context.bot.id}:{update.update_id}"
        if not await self._floor.store.first_seen(key, SEEN_TTL):
            _LOG.info("An update came twice and was left alone")
            raise ApplicationHandlerStop
        sent = _sent(update)
        if sent and (datetime.now(UTC) - sent).total_seconds() > self._floor.oldest_update:
            _LOG.info("An update that waited too long was left alone")
            raise ApplicationHandlerStop


def _sent(update: Update) -> datetime | None:
    """When the user did this; unknown for button presses and inline queries."""
    if message := update.edited_message:
        return message.edit_date or message.date
    return update.message.date if update.message else None
