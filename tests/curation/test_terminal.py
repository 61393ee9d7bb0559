"""`assemblybot review` in a real terminal: one key a decision, without Enter."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.curation.curator import Curator
from assemblybot.messages import say
from assemblybot.session.identity import KEY_FILE, Pseudonyms
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings
from tests.conftest import MODEL

pytestmark = pytest.mark.slow
ASKED = ("Is there light by the water?", "Who sells bread in Lisbon?", "Is the school free?")
LONG = 300.0


class Terminal:
    """A process on the other side of a pseudo-terminal."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "assemblybot", "review"]
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
        )
        os.close(theirs)
        self.shown = ""

    def until(self, words: str) -> None:
        """Read until `words` are shown after what was waited for before."""
        end = time.monotonic() + LONG
        while words not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self._ours], [], [], 1.0)[0]:
                try:
                    self.shown += os.read(self._ours, 65536).decode(errors="replace")
                except OSError as error:  # the other side is closed
                    raise AssertionError(self.shown) from error
        self.shown = self.shown.partition(words)[2]

    def press(self, keys: str) -> None:
        time.sleep(1.0)  # what is typed before the terminal gives single keys is dropped
        os.write(self._ours, keys.encode())


def test_one_key_each_and_the_report(small_corpus: Path, tmp_path: Path) -> None:
    places: dict[str, Any] = {
        "corpus_dir": small_corpus,
        "index_dir": tmp_path / "index",
        "state_dir": tmp_path / "state",
    }
    settings = Settings(_env_file=None, **places, question_log=tmp_path / "q.jsonl", model=str(MODEL))
    log = QuestionLog(
        tmp_path / "q.jsonl",
        Pseudonyms.from_file(settings.state_dir / KEY_FILE),
        clock=lambda: datetime(2026, 1, 5, 9, tzinfo=UTC),
    )
    for question in ASKED:
        asyncio.run(log.add(Answer(question, "en", Verdict.NOT_IN_CORPUS, 0.1)))
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANG": "en", "TERM": "xterm", "COLUMNS": "200"}
    for name in ("corpus_dir", "index_dir", "state_dir", "question_log", "model"):
        environment[name.upper()] = str(getattr(settings, name))
    terminal = Terminal(environment)
    terminal.until(f"? {ASKED[0]}")
    terminal.until(say("en", "review-key-leave"))
    terminal.press("x")
    terminal.until(say("en", "review-unknown-key"))
    terminal.press("p")
    terminal.until(say("en", "review-which-passage"))
    terminal.press("8\r")
    terminal.until("From now on, ")
    terminal.until(f"? {ASKED[1]}")
    terminal.until(say("en", "review-key-leave"))
    terminal.press("n")
    terminal.until(say("en", "review-done-not-in-documents"))
    terminal.until(say("en", "review-key-leave"))
    terminal.press("u")
    terminal.until(f"? {ASKED[1]}")
    terminal.until(say("en", "review-key-leave"))
    terminal.press("q")
    terminal.until("Correct before: ")
    assert terminal.process.wait(60) == 0
    (row,) = Curator.configured(settings).file.rows()
    assert (row.question, row.passages) == (ASKED[0], ("harbour#8",))
    assert ASKED[0] in (small_corpus / "harbour" / "questions.toml").read_text(encoding="utf-8")
