"""The prompt in a terminal of its own, while the index is still being opened."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import pytest

from assemblybot.chat.prompt import Opening
from assemblybot.errors import ModelError
from assemblybot.messages import say

PROMPT = """
import threading
from assemblybot.chat.prompt import Opening, run_interactive
from assemblybot.chat.repl import Repl, console
from pathlib import Path

def slow(progress):
    progress("vectors", 1, 4)
    threading.Event().wait()

opening = Opening(slow)
run_interactive(Repl(opening.wait, console(), "logical"), opening, Path({history!r}))
"""


class Terminal:
    """A program in a pseudo-terminal: what it wrote, and a keyboard."""

    def __init__(self, code: str, encoding: str = "utf-8") -> None:
        self._encoding = encoding
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", "COLUMNS": "100", "LINES": "30"}
        environment["PYTHONIOENCODING"] = encoding
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)
        self.shown = ""

    def until(self, text: str, seconds: float = 60) -> None:
        """Read until `text` was written."""
        late = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < late, self.shown
            self._read()

    def ended(self, *keys: str, seconds: float = 60) -> int:
        """Type `keys` in turn, one a second, until the program ends; its exit status.

        What it writes is read meanwhile, or it would wait for room in the terminal.
        """
        late, turns, pause = time.monotonic() + seconds, cycle(keys), 0.0
        while (status := self.process.poll()) is None:
            assert time.monotonic() < late, self.shown
            if time.monotonic() >= pause:
                self.type(next(turns))
                pause = time.monotonic() + 1
            self._read()
        return status

    def _read(self) -> None:
        """What the program writes in the next moment; the terminal says where its cursor is."""
        if not select.select([self._ours], [], [], 0.2)[0]:
            return
        try:
            self.shown += os.read(self._ours, 4096).decode(self._encoding, errors="replace")
        except OSError:  # the program has ended
            return
        if self.shown.endswith("\x1b[6n"):
            self.type("\x1b[1;1R")

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode(self._encoding))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whatever runs the tests may ignore it


@contextmanager
def terminal(code: str, encoding: str = "utf-8") -> Iterator[Terminal]:
    opened = Terminal(code, encoding)
    try:
        yield opened
    finally:
        opened.close()


def test_typing_control_c_and_leaving_while_the_index_is_built(tmp_path: Path) -> None:
    with terminal(PROMPT.format(history=str(tmp_path / "history"))) as shown:
        shown.until("assemblybot 0.")  # the banner
        shown.until("building the index, step 1: 25")
        shown.type("When did it meet?\r")
        shown.until("\x1b[32m")  # the spinner of the wait
        assert shown.ended("\x03", "exit\r") == 0
        assert "Traceback" not in shown.shown


def test_what_opening_raises_reaches_who_waits() -> None:
    def fails(_: object) -> None:
        raise ModelError("There is no model here.")

    opening = Opening(fails)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="no model"):
        opening.wait()
    assert opening.progress("en") == ""


def test_progress_is_said_in_every_language() -> None:
    import threading

    begun, go = threading.Event(), threading.Event()

    def slow(progress: object) -> None:
        progress("vectors", 3, 4)  # type: ignore[operator]
        begun.set()
        go.wait(30)

    opening = Opening(slow)  # type: ignore[arg-type]
    begun.wait(30)
    assert "75" in opening.progress("ar")
    assert opening.progress("en") == "building the index, step 1: 75 %"
    assert say("fr", "repl-opening") != opening.progress("fr")
    go.set()
