"""One after another where the order counts: the questions of one person, the messages to one chat."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Hashable
from weakref import WeakValueDictionary

from assemblybot.session.inbox import release_slot


class InOrder:
    """For each key one at a time, in the order of arrival; a delivery that must wait releases its slot."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, _Lock] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def turn(self, key: Hashable, *, waits: bool = False) -> AsyncIterator[None]:
        """The turn of who comes now; `waits` says that it will have to wait for something else, too."""
        lock = self._locks.setdefault(key, _Lock())
        if lock.arrived or waits:
            release_slot()
        lock.arrived += 1
        try:
            async with lock:
                yield
        finally:
            lock.arrived -= 1


class _Lock(asyncio.Lock):
    """A lock that counts who holds it or waits: `locked` is false for a moment between two holders."""

    arrived = 0
