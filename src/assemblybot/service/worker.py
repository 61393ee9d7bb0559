"""Answers computed in a worker process of lower priority.

An acknowledgement must not wait for an answer. A thread that computes one would share the interpreter lock
(GIL) with the event loop, and hold it up whenever processors are short.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, util
from typing import Final

from assemblybot.answering.answer import Answer, Context
from assemblybot.answering.assistant import Assistant
from assemblybot.index.index import Index
from assemblybot.logs import describe
from assemblybot.settings import Settings
from assemblybot.startup import load_assistant, load_others, open_embedder
from assemblybot.text import language as languages
from assemblybot.text.language import Language

_LOG = logging.getLogger(__name__)
#: What workers and builders of indexes add to their niceness.
NICENESS: Final = 5
#: Seconds for one answer; a worker that takes longer is killed, and the question answered here.
ANSWER_TIMEOUT: Final = 20.0
#: Seconds for a start; loading a large index takes a while.
START_TIMEOUT: Final = 120.0
_LONGEST_PAUSE: Final = 60.0
# What a question is sent with: collection and version of the index, and the arguments of `Assistant.answer`.
_Asked = tuple[str, str, str, Context | None, Language | None]


class WorkerAssistant(Assistant):
    """`local`, whose questions go to `worker`, which has the same index.

    While there is no process (it was killed, it hung, or the index on disk is another one by now),
    questions are answered here: slower for everybody, but answered.
    """

    def __init__(self, local: Assistant, worker: Worker) -> None:
        super().__init__(local.index, local.embedder, local.reader, local.calibration, local.turns)
        self.worker = worker

    def over(self, index: Index) -> Assistant:
        """As `Assistant.over`; the worker takes the indexes of now."""
        self.worker.renew()
        return WorkerAssistant(super().over(index), self.worker)

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        """As `Assistant.answer`."""
        answer = self.worker.answer((self.index.collection, self.index.version, question, context, language))
        return answer or super().answer(question, context, language=language)


class Worker:
    """A process that answers from the indexes of all collections.

    One that fails is replaced, the next one at once and those that follow after longer and longer
    pauses. It ends with the last reference.
    """

    def __init__(self, settings: Settings, *, timeout: float = ANSWER_TIMEOUT) -> None:
        """Wait until the process is ready, so that the first questions go to it."""
        self._settings = settings
        self._timeout = timeout
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._kill: Callable[[], object] = lambda: None
        self._pause = self._not_before = 0.0
        with self._lock:
            self._running()
            languages.load()  # meanwhile, for questions that are answered here
            self._running(wait=START_TIMEOUT)

    def answer(self, asked: _Asked) -> Answer | None:
        """The answer of the process; `None` while there is none. Raises what the question raises."""
        with self._lock:
            process = self._running()
            if process is None:
                return None
            try:
                answering = process.ask(asked, self._timeout)
            except _GoneError as error:
                self._lost(error)
                return None
            self._pause = 0.0
        return answering.result()

    def renew(self) -> None:
        """Replace the process by one that has the indexes of now, once that is ready."""
        fresh = _Process(self._settings)
        with contextlib.suppress(_GoneError):  # the next question finds out, too
            fresh.ready(START_TIMEOUT)
        with self._lock:
            self._kill()
            self._use(fresh)

    def close(self) -> None:
        """End the process at once; may be called repeatedly."""
        self._process, self._not_before = None, float("inf")
        self._kill()

    def _running(self, wait: float = 0.0) -> _Process | None:
        """A process that is ready, perhaps after `wait` seconds; one is started when it is time to."""
        if self._process is None:
            if time.monotonic() < self._not_before:
                return None
            self._use(_Process(self._settings))
        process = self._process
        try:
            return process if process and process.ready(wait) else None
        except _GoneError as error:
            self._lost(error)
            return None

    def _use(self, process: _Process) -> None:
        self._process = process
        # Also at the end of Python, before it waits for its processes.
        self._kill = util.Finalize(self, process.kill, exitpriority=1)

    def _lost(self, error: _GoneError) -> None:
        if self._process:  # else this was closed meanwhile
            self._process = None
            self._kill()
            self._not_before = time.monotonic() + self._pause
            _LOG.error("The answering process %s; another one is started in %.0f s", error, self._pause)
            self._pause = min(_LONGEST_PAUSE, 2 * self._pause or 1.0)


class _GoneError(Exception):
    """The process ended or hangs; the message says which."""


class _Process:
    """A pool of one process, which loads the indexes as its first task."""

    def __init__(self, settings: Settings) -> None:
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _prepare)
        self._late = time.monotonic() + START_TIMEOUT
        self._loading: Future[None] | None = None
        with contextlib.suppress(OSError, RuntimeError):  # no memory or no processes are left
            self._loading = self._pool.submit(_load, settings)

    def ready(self, wait: float) -> bool:
        """Whether it is ready, perhaps after `wait` seconds. Raises _GoneError when it never will be."""
        if self._loading is None:
            raise _GoneError("cannot start")
        done, _ = futures.wait([self._loading], wait)
        if not done and time.monotonic() > self._late:
            raise _GoneError(f"did not start within {START_TIMEOUT:.0f} s")
        if done and (error := self._loading.exception()):
            raise _GoneError(f"cannot start ({describe(error)})")
        return bool(done)

    def ask(self, asked: _Asked, timeout: float) -> Future[Answer | None]:
        """The finished answer or error of the question. Raises _GoneError when there is none in time."""
        try:
            answering = self._pool.submit(_answer, asked)
        except RuntimeError as error:
            raise _GoneError("has ended") from error
        done, _ = futures.wait([answering], timeout)
        if not done:
            raise _GoneError(f"did not answer within {timeout:.0f} s")
        if answering.cancelled() or isinstance(answering.exception(), BrokenProcessPool):
            raise _GoneError("has ended")
        return answering

    def kill(self) -> None:
        """End it at once."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
            process.join(5.0)
        self._pool.shutdown(wait=False, cancel_futures=True)


#: In the worker process: the assistant of each collection.
_ASSISTANTS: Final[dict[str, Assistant]] = {}


def _prepare() -> None:
    # Signals reach the whole group; this process ends when the one that started it has ended.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # a sandbox may forbid it
        os.nice(NICENESS)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        connection.wait([parent.sentinel])
        os._exit(0)


def _load(settings: Settings) -> None:
    first = load_assistant(settings, open_embedder(settings))
    _ASSISTANTS.update({one.index.collection: one for one in (first, *load_others(settings, first))})
    languages.load()


def _answer(asked: _Asked) -> Answer | None:
    """The answer from the index of that version; `None` where another one, or none, was loaded."""
    collection, version, question, context, language = asked
    assistant = _ASSISTANTS.get(collection)
    if assistant is None or assistant.index.version != version:
        return None
    return assistant.answer(question, context, language=language)
