"""Updates at the same time for different people, one after another for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Final
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from assemblybot.chat.telegram.origin import speaker_of
from assemblybot.session.inbox import current_delivery

# Waiting for a flooded chat costs a slot; there must be more than any one chat can take.
MOST_AT_ONCE: Final = 4096


class InOrder(BaseUpdateProcessor):
    """So that “and then?” is answered after the question it follows."""

    def __init__(self, most_at_once: int = MOST_AT_ONCE) -> None:
        super().__init__(most_at_once)
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the same person in the same chat."""
        who = _who(update)
        if who is None:
            await coroutine
            return
        lock = self._locks.get(who)
        if lock is None:
            lock = self._locks[who] = asyncio.Lock()
        if lock.locked() and (current := current_delivery()):
            current.release_slot()
        async with lock:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""


def _who(update: object) -> tuple[int, int] | None:
    # Of inline queries only the last one counts, so they need not wait for each other.
    if not isinstance(update, Update) or update.inline_query:
        return None
    chat, who = update.effective_chat, update.effective_user
    if chat is None:
        return None
    message = update.message or update.edited_message or update.guest_message
    speaker = speaker_of(message) if message else who
    return (chat.id, speaker.id) if speaker else None
