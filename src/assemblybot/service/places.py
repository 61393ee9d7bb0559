"""The few deliveries that are worked on at a time, in the order in which they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Places:
    """`count` places. One answering thread serves them all: more deliveries at work would only
    crowd the event loop, at the cost of acknowledgements."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._here = 0

    @property
    def here(self) -> int:
        """Deliveries that have a place or wait for one."""
        return self._here

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Callable[[], None]]:
        """A place, once there is one; the function that is given leaves it before the end."""
        self._here += 1
        try:
            await self._free.acquire()
        except BaseException:
            self._here -= 1
            raise
        held = True

        def leave() -> None:
            nonlocal held
            if held:
                held = False
                self._here -= 1
                self._free.release()

        try:
            yield leave
        finally:
            leave()
