"""Ends a process whose event loop hangs, from a thread, as nothing on the loop could notice."""

from __future__ import annotations

import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import Final

#: An event loop that has run nothing for so many seconds hangs.
HUNG_AFTER: Final = 120.0
_STEP: Final = 1.0


def end_when_hung(loop: AbstractEventLoop, end: Callable[[], None]) -> None:
    """Call `end`, on a thread of its own, once `loop` hangs; does nothing more when it is closed."""

    def watch() -> None:
        while _takes_up(loop):
            time.sleep(_STEP)
        if not loop.is_closed():
            end()

    threading.Thread(target=watch, name="watchdog", daemon=True).start()


def _takes_up(loop: AbstractEventLoop) -> bool:
    """Whether the loop runs what it is given.

    The time is counted in steps: a process that was stopped meanwhile has missed no more than one.
    """
    taken_up = threading.Event()
    try:
        loop.call_soon_threadsafe(taken_up.set)
    except RuntimeError:  # it is closed
        return False
    return any(taken_up.wait(_STEP) for _ in range(round(HUNG_AFTER / _STEP)))
