"""Answers from a process of their own: the same ones, also after that process was killed."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assemblybot import Assistant, Verdict
from assemblybot.errors import QuestionError
from assemblybot.service.worker import Worker, WorkerAssistant
from assemblybot.settings import Settings
from assemblybot.text import language

QUESTION = "متى انعقدت الجمعية العامة في مراكش؟"


@pytest.fixture
def worker(settings: Settings, assistant: Assistant) -> Iterator[WorkerAssistant]:
    found = WorkerAssistant(assistant, Worker(settings))
    yield found
    found.worker.close()


def _child() -> int:
    """The answering process: the one child that stands behind."""
    process = psutil.Process()
    return next(child.pid for child in process.children() if child.nice() > process.nice())


def _new_child(former: int) -> bool:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        with contextlib.suppress(StopIteration, psutil.NoSuchProcess):
            if _child() != former:
                return True
        time.sleep(0.05)
    return False


def _gone(process: int) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_what_tells_languages_is_loaded_before_the_first_question(settings: Settings) -> None:
    language._identifier.cache_clear()
    Worker(settings).close()
    assert language._identifier.cache_info().currsize == 1


def test_answers_and_what_a_question_raises_are_the_same_as_here(
    worker: WorkerAssistant, assistant: Assistant
) -> None:
    here, there = assistant.answer(QUESTION), worker.answer(QUESTION)
    assert there == here
    assert there.verdict is Verdict.ANSWERED
    assert there.timings["encode"] > 0
    with pytest.raises(QuestionError):
        worker.answer("x" * 100_000)
    name, version = assistant.index.collection, assistant.index.version
    assert worker.worker.answer((name, version, QUESTION, None, None)) == here
    # Another index on disk is not answered from.
    assert worker.worker.answer((name, "another", QUESTION, None, None)) is None


def test_a_killed_process_costs_no_answer(worker: WorkerAssistant) -> None:
    expected = worker.answer(QUESTION)
    killed = _child()
    os.kill(killed, signal.SIGKILL)
    assert worker.answer(QUESTION) == expected
    assert worker.answer(QUESTION) == expected
    assert _new_child(killed)


def test_a_process_that_hangs_is_killed_and_replaced(settings: Settings, assistant: Assistant) -> None:
    worker = WorkerAssistant(assistant, Worker(settings, timeout=1.0))
    hung = _child()
    os.kill(hung, signal.SIGSTOP)
    expected = assistant.answer(QUESTION)
    begin = time.monotonic()
    assert worker.answer(QUESTION) == expected
    assert time.monotonic() - begin < 10
    assert _gone(hung)
    assert worker.answer(QUESTION) == expected  # and another one is started
    assert _new_child(hung)
    worker.worker.close()


def test_a_process_that_is_stopped_does_not_hold_up_the_end(settings: Settings, assistant: Assistant) -> None:
    worker = WorkerAssistant(assistant, Worker(settings))
    stopped = _child()
    os.kill(stopped, signal.SIGSTOP)
    worker.worker.close()
    assert _gone(stopped)
    assert worker.answer(QUESTION).verdict is Verdict.ANSWERED  # here


@pytest.mark.slow
def test_processes_that_cannot_start_are_not_started_for_every_question(
    settings: Settings, assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = settings.model_copy(update={"index_dir": tmp_path / "gone"})
    worker = WorkerAssistant(assistant, Worker(nowhere))
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert worker.answer(QUESTION).verdict is Verdict.ANSWERED
    assert 0 < len(caplog.records) < 5
    assert "IndexMissingError" in caplog.text
    worker.worker.close()


@pytest.mark.slow
def test_the_process_ends_with_the_assistant(settings: Settings, assistant: Assistant) -> None:
    worker = WorkerAssistant(assistant, Worker(settings))
    worker.answer(QUESTION)
    child = _child()
    del worker
    gc.collect()
    assert _gone(child)


def test_one_process_answers_for_all_collections(
    several: Settings, assistant: Assistant, besides: list[Assistant]
) -> None:
    worker = Worker(several)
    question = "How long did the work on the harbour take?"
    for whole in (assistant, *besides):
        assert whole.index.manifest
        asked = (whole.index.collection, whole.index.manifest.version, question, None, None)
        assert worker.answer(asked) == whole.answer(question)
    assert worker.answer(("empty", "", question, None, None)) is None
    worker.close()


@pytest.mark.slow
def test_a_new_index_gets_a_process_that_has_it(
    several: Settings, assistant: Assistant, besides: list[Assistant]
) -> None:
    first = WorkerAssistant(assistant, Worker(several))
    former = _child()
    second = first.over(besides[0].index)
    assert _gone(former) and _child() != former
    assert second.answer(QUESTION) == besides[0].answer(QUESTION)
    assert first.answer(QUESTION) == assistant.answer(QUESTION)
    first.worker.close()
