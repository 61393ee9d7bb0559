"""The opt-in question log: what stands in it, what never does, and how large it gets."""

from __future__ import annotations

import asyncio
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.errors import SettingsError
from assemblybot.session import open_question_log
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings

ANSWER = Answer("شحال ديال المندوبين حضرو؟", "ary", Verdict.NOT_IN_CORPUS, 0.2)


def test_it_is_off_by_default() -> None:
    assert open_question_log(Settings(_env_file=None)) is None


def test_a_line_holds_the_hour_and_nobody(tmp_path: Path) -> None:
    at = datetime(2025, 11, 24, 9, 41, 7, tzinfo=UTC)
    log = QuestionLog(tmp_path / "log" / "q.jsonl", clock=lambda: at)
    asyncio.run(log.add(ANSWER))
    [line] = (tmp_path / "log" / "q.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "time": "2025-11-24T09Z",
        "language": "ary",
        "verdict": "not_in_corpus",
        "question": ANSWER.question,
    }
    assert stat.S_IMODE((tmp_path / "log" / "q.jsonl").stat().st_mode) == 0o600


def test_it_keeps_the_newest_in_five_files(tmp_path: Path) -> None:
    log = open_question_log(Settings(question_log=tmp_path / "q.jsonl", _env_file=None))
    assert log is not None
    small = QuestionLog(tmp_path / "q.jsonl", largest=1)
    for number in range(8):
        asyncio.run(small.add(Answer(f"{number}", "en", Verdict.ANSWERED, 0.9)))
    kept = ["q.jsonl", "q.jsonl.1", "q.jsonl.2", "q.jsonl.3", "q.jsonl.4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [*kept, "q.jsonl.lock"]
    assert [json.loads((tmp_path / name).read_text())["question"] for name in kept] == list("76543")


def _write(path: Path) -> None:
    log = QuestionLog(path, largest=2000)
    for _ in range(20):
        asyncio.run(log.add(ANSWER))


def test_several_writers_may_share_it(tmp_path: Path) -> None:
    # The lock is of the open file, so threads keep each other out as processes do.
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(_write, [tmp_path / "q.jsonl"] * 3))
    lines = [
        line for path in tmp_path.glob("q.jsonl*") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) == 60
    assert all(json.loads(line)["question"] == ANSWER.question for line in lines)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="QUESTION_LOG"):
        QuestionLog(tmp_path / "file" / "q.jsonl")
