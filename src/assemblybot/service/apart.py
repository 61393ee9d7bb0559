"""Answers computed in a process of their own, behind everything else.

An acknowledgement must not wait for an answer. Threads would share Python's lock: whoever waits for
the processor while he holds it holds up the event loop too, and two processors are soon short.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import weakref
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import Final

from assemblybot.answering.answer import Answer, Context
from assemblybot.answering.assistant import Assistant
from assemblybot.settings import Settings
from assemblybot.startup import load_assistant, open_embedder
from assemblybot.text.language import Language

_LOG = logging.getLogger(__name__)
#: How far behind everything else (in the sense of `nice`) answers and builders of indexes stand.
BEHIND: Final = 5


class AssistantApart(Assistant):
    """`whole`, whose questions go to another process with the same index.

    While there is none (it was killed, or the index on disk is another one by now), questions are
    answered here: slower for everybody, but answered. The process ends with the last reference.
    """

    def __init__(self, settings: Settings, whole: Assistant) -> None:
        super().__init__(whole.index, whole.embedder, whole.turns)
        self._settings = settings
        self._version = whole.index.manifest.version if whole.index.manifest else ""
        self._lock = threading.Lock()
        self._pool = self._start()

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        """As `Assistant.answer`."""
        pool = self._pool
        try:
            found = pool.submit(_answer, self._version, question, context, language).result()
        except BrokenProcessPool:
            _LOG.error("The answering process is gone; another one is started")
            self._restart(pool)
            found = None
        return found or super().answer(question, context, language=language)

    def close(self) -> None:
        """End the other process once it has answered; harmless when repeated."""
        self._pool.shutdown()

    def _start(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=_open, initargs=(self._settings,)
        )
        weakref.finalize(self, pool.shutdown, wait=False, cancel_futures=True)
        return pool

    def _restart(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = self._start()


# In the other process.
_here: Assistant | None = None


def _open(settings: Settings) -> None:
    global _here
    # Signals reach the whole group; this process ends when the one that started it has ended.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # a sandbox may forbid it
        os.nice(BEHIND)
    _here = load_assistant(settings, open_embedder(settings))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(0)


def _answer(version: str, question: str, context: Context | None, language: Language | None) -> Answer | None:
    """The answer from the index `version`; `None` where another one was loaded."""
    assert _here is not None
    manifest = _here.index.manifest
    if manifest is None or manifest.version != version:
        return None
    return _here.answer(question, context, language=language)
