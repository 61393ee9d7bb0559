"""Answers computed in a worker process of lower priority.

An acknowledgement must not wait for an answer. Threads would share Python's lock: one that holds it while
it waits for a processor holds up the event loop too, and two processors are soon short.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Mapping
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
        self._version = local.index.manifest.version if local.index.manifest else ""

    def over(self, index: Index) -> Assistant:
        """As `Assistant.over`; the worker takes the indexes of now."""
        self.worker.renew()
        return WorkerAssistant(super().over(index), self.worker)

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        """As `Assistant.answer`."""
        answer = self.worker.answer((self.index.collection, self._version, question, context, language))
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
                answer = process.ask(asked, self._timeout)
            except _GoneError as error:
                self._lost(error)
                return None
            self._pause = 0.0
        if isinstance(answer, Exception):
            raise answer
        return answer

    def renew(self) -> None:
        """Replace the process by one that has the indexes of now, once that is ready."""
        fresh, failure = _Process(self._settings), None
        try:
            fresh.ready(START_TIMEOUT)
        except _GoneError as error:
            failure = error
        with self._lock:
            self._kill()
            self._use(fresh)
            if failure:
                self._lost(failure)

    def close(self) -> None:
        """End the process, whatever it is at; harmless when repeated."""
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
    """One process that answers, and the pipe to it."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(settings, theirs), daemon=True)
        self._late = time.monotonic() + START_TIMEOUT
        self._ready = False
        try:
            self._process.start()
        except (OSError, RuntimeError):  # no memory or no processes are left; `ready` says it
            self._pipe.close()
        theirs.close()

    def ready(self, wait: float) -> bool:
        """Whether it has loaded the index. Raises _GoneError when it never will."""
        if not self._ready:
            if time.monotonic() > self._late:
                raise _GoneError(f"did not start within {START_TIMEOUT:.0f} s")
            if received := self._received(wait):
                (error,) = received
                if isinstance(error, Exception):
                    raise _GoneError(f"cannot start ({describe(error)})")
                self._ready = True
        return self._ready

    def ask(self, asked: _Asked, timeout: float) -> Answer | Exception | None:
        """What it answers: also an error of the question, and nothing for another index.

        Raises _GoneError when it does not answer in time.
        """
        try:
            self._pipe.send(asked)
        except OSError as error:
            raise _GoneError("has ended") from error
        if (received := self._received(timeout)) is None:
            raise _GoneError(f"did not answer within {timeout:.0f} s")
        return received[0]

    def kill(self) -> None:
        """End it at once."""
        if self._process.pid is not None:
            self._process.kill()
            self._process.join(5.0)
        self._pipe.close()

    def _received(self, wait: float) -> tuple[Answer | Exception | None] | None:
        """What came through the pipe; `None` when nothing did."""
        try:
            return self._pipe.recv() if self._pipe.poll(wait) else None
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise _GoneError("has ended") from error


def _serve(settings: Settings, pipe: connection.Connection) -> None:
    """In the worker process: answer what comes through `pipe` until it is closed."""
    # Signals reach the whole group; this process ends when the one that started it has ended.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # a sandbox may forbid it
        os.nice(NICENESS)
    try:
        first = load_assistant(settings, open_embedder(settings))
        assistants = {a.index.collection: a for a in (first, *load_others(settings, first))}
        languages.load()
    except Exception as error:
        _send(pipe, error)
        return
    _send(pipe, None)
    with contextlib.suppress(EOFError, OSError):
        while True:
            _send(pipe, _answer(assistants, pipe.recv()))


def _send(pipe: connection.Connection, answer: Answer | Exception | None) -> None:
    try:
        pipe.send((answer,))
    except (pickle.PicklingError, TypeError, AttributeError):  # an error that cannot travel
        assert isinstance(answer, Exception)
        pipe.send((RuntimeError(describe(answer)),))


def _answer(assistants: Mapping[str, Assistant], asked: _Asked) -> Answer | Exception | None:
    """The answer from the index of that version; `None` where another one, or none, was loaded."""
    collection, version, question, context, language = asked
    assistant = assistants.get(collection)
    manifest = assistant.index.manifest if assistant else None
    if assistant is None or manifest is None or manifest.version != version:
        return None
    try:
        return assistant.answer(question, context, language=language)
    except Exception as error:
        return error


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        connection.wait([parent.sentinel])
        os._exit(0)
