"""Answers computed in a process of their own, behind everything else.

An acknowledgement must not wait for an answer. Threads would share Python's lock: whoever waits for
the processor while he holds it holds up the event loop too, and two processors are soon short.
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
#: How far behind everything else (in the sense of `nice`) answers and builders of indexes stand.
BEHIND: Final = 5
#: Seconds for one answer; a process that takes longer is killed, and the question answered here.
ANSWERS_WITHIN: Final = 20.0
#: Seconds for a start; loading a large index takes a while.
STARTS_WITHIN: Final = 120.0
_LONGEST_PAUSE: Final = 60.0
# What a question is sent with: collection and version of the index, and the arguments of `Assistant.answer`.
_Asked = tuple[str, str, str, Context | None, Language | None]


class AssistantApart(Assistant):
    """`whole`, whose questions go to the process `apart` with the same index.

    While there is none (it was killed, it hung, or the index on disk is another one by now),
    questions are answered here: slower for everybody, but answered.
    """

    def __init__(self, whole: Assistant, apart: Apart) -> None:
        super().__init__(whole.index, whole.embedder, whole.reader, whole.calibration, whole.turns)
        self.apart = apart
        self._version = whole.index.manifest.version if whole.index.manifest else ""

    def over(self, index: Index) -> Assistant:
        """As `Assistant.over`; the other process takes the indexes of now."""
        self.apart.renew()
        return AssistantApart(super().over(index), self.apart)

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        """As `Assistant.answer`."""
        found = self.apart.answer((self.index.collection, self._version, question, context, language))
        return found or super().answer(question, context, language=language)


class Apart:
    """A process that answers from the indexes of all collections.

    One that fails is replaced, the next one at once and those that follow after longer and longer
    pauses. It ends with the last reference.
    """

    def __init__(self, settings: Settings, *, answers_within: float = ANSWERS_WITHIN) -> None:
        """Wait until the process is ready, so that the first questions go to it."""
        self._settings = settings
        self._within = answers_within
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._end: Callable[[], object] = lambda: None
        self._pause = self._not_before = 0.0
        with self._lock:
            self._running()
            languages.load()  # meanwhile, for what is told here
            self._running(wait=STARTS_WITHIN)

    def answer(self, asked: _Asked) -> Answer | None:
        """The answer of the process; `None` while there is none. Raises what the question raises."""
        with self._lock:
            process = self._running()
            if process is None:
                return None
            try:
                found = process.ask(asked, self._within)
            except _GoneError as error:
                self._lost(process, error)
                return None
            self._pause = 0.0
        if isinstance(found, Exception):
            raise found
        return found

    def renew(self) -> None:
        """Put a process that has the indexes of now in the place of the one in use, once it is ready."""
        fresh, failure = _Process(self._settings), None
        try:
            fresh.ready(STARTS_WITHIN)
        except _GoneError as error:
            failure = error
        with self._lock:
            self._end()
            self._use(fresh)
            if failure:
                self._lost(fresh, failure)

    def close(self) -> None:
        """End the process, whatever it is at; harmless when repeated."""
        self._process, self._not_before = None, float("inf")
        self._end()

    def _running(self, wait: float = 0.0) -> _Process | None:
        """A process that is ready, perhaps after `wait` seconds; one is started when it is time to."""
        process = self._process
        if process is None:
            if time.monotonic() < self._not_before:
                return None
            process = _Process(self._settings)
            self._use(process)
        try:
            return process if process.ready(wait) else None
        except _GoneError as error:
            self._lost(process, error)
            return None

    def _use(self, process: _Process) -> None:
        self._process = process
        # Also at the end of Python, before it waits for its processes.
        self._end = util.Finalize(self, process.kill, exitpriority=1)

    def _lost(self, process: _Process, error: _GoneError) -> None:
        if self._process is process:
            self._process = None
            self._end()
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
        self._late = time.monotonic() + STARTS_WITHIN
        self._ready = False
        try:
            self._process.start()
        except (OSError, RuntimeError):  # no memory or no processes are left; `ready` says it
            self._pipe.close()
        theirs.close()

    def ready(self, wait: float = 0.0) -> bool:
        """Whether it has loaded the index. Raises _GoneError when it never will."""
        if not self._ready:
            if time.monotonic() > self._late:
                raise _GoneError(f"did not start within {STARTS_WITHIN:.0f} s")
            if received := self._received(wait):
                (error,) = received
                if isinstance(error, Exception):
                    raise _GoneError(f"cannot start ({describe(error)})")
                self._ready = True
        return self._ready

    def ask(self, asked: _Asked, within: float) -> Answer | Exception | None:
        """What it answers: also an error of the question, and nothing for another index.

        Raises _GoneError when it does not answer `within` so many seconds.
        """
        try:
            self._pipe.send(asked)
        except OSError as error:
            raise _GoneError("has ended") from error
        if (received := self._received(within)) is None:
            raise _GoneError(f"did not answer within {within:.0f} s")
        (found,) = received
        return found

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
    """In the other process: answer what comes through `pipe` until it is closed."""
    # Signals reach the whole group; this process ends when the one that started it has ended.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # a sandbox may forbid it
        os.nice(BEHIND)
    try:
        first = load_assistant(settings, open_embedder(settings))
        assistants = {a.index.collection: a for a in (first, *load_others(settings, first))}
        languages.load()
    except Exception as error:
        _send(pipe, error)
        return
    pipe.send((None,))
    with contextlib.suppress(EOFError, OSError):
        while True:
            _send(pipe, _answer(assistants, pipe.recv()))


def _send(pipe: connection.Connection, found: Answer | Exception | None) -> None:
    try:
        pipe.send((found,))
    except (pickle.PicklingError, TypeError, AttributeError):  # an error that cannot travel
        assert isinstance(found, Exception)
        pipe.send((RuntimeError(describe(found)),))


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
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(0)
