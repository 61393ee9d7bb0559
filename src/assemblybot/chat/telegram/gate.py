"""The first look at every update: too old? Then nobody else sees it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from telegram import Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from assemblybot.session.inbox import OLDEST_DELIVERY

_LOG = logging.getLogger(__name__)


async def stop_old(update: object, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Raises ApplicationHandlerStop for an update that nobody waits for any more."""
    sent = _sent(update) if isinstance(update, Update) else None
    if sent and (datetime.now(UTC) - sent).total_seconds() > OLDEST_DELIVERY:
        _LOG.info("An update that waited too long was left alone")
        raise ApplicationHandlerStop


def _sent(update: Update) -> datetime | None:
    """When the user did this; unknown for button presses and inline queries."""
    if message := update.edited_message:
        return message.edit_date or message.date
    message = update.message or update.guest_message
    return message.date if message else None
