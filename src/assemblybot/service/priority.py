"""Who waits for the processor when there is not enough of it: the event loop never does."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import Final

#: How far behind the event loop the model and builders of indexes stand.
BEHIND: Final = 5


def give_way() -> None:
    """Let this thread, and those it starts, wait behind the others.

    For work that runs without Python's lock, such as the model's: a thread that waits for the
    processor while it holds the lock would hold up everybody.
    """
    if sys.platform == "linux":  # elsewhere a priority belongs to the whole process
        with contextlib.suppress(OSError):  # a sandbox may forbid it; then nothing gives way
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
