"""Updates at the same time for different people, one after another for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from telegram import Update

from assemblybot.chat.telegram.origin import speaker_of
from assemblybot.session.inbox import current_delivery


class InOrder:
    """So that “and then?” is answered after the question it follows."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, update: Update) -> AsyncIterator[None]:
        """Wait for the earlier updates of the same person in the same chat."""
        who = _who(update)
        if who is None:
            yield
            return
        lock = self._locks.get(who)
        if lock is None:
            lock = self._locks[who] = asyncio.Lock()
        if lock.locked() and (current := current_delivery()):
            current.release_slot()
        async with lock:
            yield


def _who(update: Update) -> tuple[int, int] | None:
    # Of inline queries only the last one counts, so they need not wait for each other.
    if update.inline_query or update.effective_chat is None:
        return None
    message = update.message or update.edited_message or update.guest_message
    speaker = speaker_of(message) if message else update.effective_user
    return (update.effective_chat.id, speaker.id) if speaker else None
