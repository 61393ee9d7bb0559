"""Answers from a process of their own: the same ones, also after that process was killed."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assemblybot import Assistant, Verdict
from assemblybot.errors import QuestionError
from assemblybot.service.apart import BEHIND, AssistantApart
from assemblybot.settings import Settings

QUESTION = "متى انعقدت الجمعية العامة في مراكش؟"


@pytest.fixture
def apart(settings: Settings, assistant: Assistant) -> Iterator[AssistantApart]:
    found = AssistantApart(settings, assistant)
    yield found
    found.close()


def _child() -> int:
    """The answering process: the one child that stands behind."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    children = [int(c) for t in tasks.iterdir() for c in (t / "children").read_text().split()]
    return next(child for child in children if os.getpriority(os.PRIO_PROCESS, child) == BEHIND)


def _gone(process: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_the_answer_is_the_same_as_here(apart: AssistantApart, assistant: Assistant) -> None:
    here, there = assistant.answer(QUESTION), apart.answer(QUESTION)
    assert there == here
    assert there.verdict is Verdict.ANSWERED
    assert there.timings["encode"] > 0


def test_what_a_question_raises_is_raised_here(apart: AssistantApart) -> None:
    with pytest.raises(QuestionError):
        apart.answer("x" * 100_000)


def test_a_killed_process_costs_no_answer(apart: AssistantApart) -> None:
    expected = apart.answer(QUESTION)
    killed = _child()
    os.kill(killed, signal.SIGKILL)
    assert apart.answer(QUESTION) == expected
    assert apart.answer(QUESTION) == expected
    assert _child() != killed


def test_another_index_on_disk_is_not_answered_from(
    apart: AssistantApart, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_version", "another")
    assert apart.answer(QUESTION) == assistant.answer(QUESTION)


def test_the_process_ends_with_the_assistant(settings: Settings, assistant: Assistant) -> None:
    apart = AssistantApart(settings, assistant)
    apart.answer(QUESTION)
    child = _child()
    del apart
    gc.collect()
    assert _gone(child)
