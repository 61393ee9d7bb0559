"""Conversations of a curator with `assemblybot review`: what is pressed, what is said, what is decided."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.chat.review import Review, show_report
from assemblybot.curation.curator import Curator
from assemblybot.messages import say
from assemblybot.session.question_log import QuestionLog
from assemblybot.text.bidi import strip_bidi
from tests.conftest import ROOT
from tests.curation.conftest import NAMES
from tests.doubles.assistants import ScriptedAssistant

ASKED = ("off one?", "off two?", "off three?")
ONE, TWO, THREE = ASKED
#: What is pressed, and in order what is decided then; `None` in the place of a passage: not in the documents.
SCRIPTS: dict[str, tuple[list[str], list[tuple[str, str | None]]]] = {
    "one key each": (["1", "n", "2"], [(ONE, "3"), (TWO, None), (THREE, "5")]),
    "a passage by its name": (["p marrakech-2025#12", "p 20", "q"], [(ONE, "12"), (TWO, "20")]),
    "a passage that is asked for": (["p", "12", "q"], [(ONE, "12")]),
    "later": (["s", "s", "n"], [(THREE, None)]),
    "taken back, also past one that was left": (["n", "s", "u", "1", "q"], [(ONE, "3")]),
    "taken back twice": (["1", "n", "u", "u", "q"], []),
    "nothing to take back": (["u", "n", "q"], [(ONE, None)]),
    "keys that decide nothing": (
        ["", "x", "0", "9", "²", "1e3", "N", "w", "p", "", "p 0", "n"],
        [(ONE, None)],
    ),
    "the end of input": (["n"], [(ONE, None)]),
    "left at once": (["q", "n"], []),
}


@pytest.fixture
def curator(tmp_path: Path) -> Curator:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    log = QuestionLog(tmp_path / "q.jsonl", NAMES, clock=lambda: datetime(2026, 1, 5, 9, tzinfo=UTC))
    for question in ASKED:
        asyncio.run(log.add(Answer(question, "en", Verdict.NOT_IN_CORPUS, 0.1)))
    return Curator(tmp_path / "corpus", tmp_path / "q.jsonl", NAMES)


def held(curator: Curator, keys: list[str]) -> tuple[bool, str]:
    """Hold a conversation; whether the index must be built again, and what was shown."""
    pressed: Iterator[str] = iter(keys)
    shown = StringIO()
    console = Console(file=shown, width=200)
    assistant = ScriptedAssistant().as_assistant()
    review = Review(curator, assistant, console, "logical", "en", lambda _: next(pressed, None))
    return review.run({}), shown.getvalue()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_conversation(curator: Curator, name: str) -> None:
    keys, expected = SCRIPTS[name]
    changed, shown = held(curator, keys)
    rows = [
        (row.question, row.passages[0].partition("#")[2] if row.answerable else None)
        for row in curator.file.rows()
    ]
    assert rows == expected
    assert changed or not any(passage for _, passage in expected)
    assert strip_bidi(say("en", "review-waiting", count=3)) in shown
    assert f"? {ONE}" in shown
    left = [question for question in ASKED if question not in {row.question for row in curator.file.rows()}]
    assert [one.question for one in curator.queue({})] == left


def test_when_nothing_waits_it_says_so(curator: Curator) -> None:
    held(curator, ["n", "n", "n"])
    assert held(curator, []) == (False, say("en", "review-none") + "\n")


def test_the_report_names_every_decision(curator: Curator) -> None:
    held(curator, ["1", "n", "q"])
    shown = StringIO()
    index = ScriptedAssistant().as_assistant().index
    show_report(curator.report(index), Console(file=shown, width=200), "logical", "en")
    lines = shown.getvalue().splitlines()
    assert lines[0] == "Correct before: 1 of 2. Correct now: 1."
    assert lines[lines.index("Still wrong (1)") + 1] == f"  {ONE}  (refused)"
    assert lines[lines.index("Correct as before (1)") + 1] == f"  {TWO}  (refused)"
