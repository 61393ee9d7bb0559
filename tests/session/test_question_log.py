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
from assemblybot.session.identity import Pseudonyms, logged_as, rating_key, rating_mark
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings

NAMES = Pseudonyms(b"k" * 32)
ANSWER = Answer("شحال ديال المندوبين حضرو؟", "ary", Verdict.NOT_IN_CORPUS, 0.2)


def test_it_is_off_by_default() -> None:
    assert open_question_log(Settings(_env_file=None), NAMES) is None


def test_a_line_holds_the_hour_and_nobody(tmp_path: Path) -> None:
    at = datetime(2025, 11, 24, 9, 41, 7, tzinfo=UTC)
    log = QuestionLog(tmp_path / "log" / "q.jsonl", NAMES, clock=lambda: at)
    asyncio.run(log.add(ANSWER))
    [line] = (tmp_path / "log" / "q.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "time": "2025-11-24T09Z",
        "language": "ary",
        "verdict": "not_in_corpus",
        "question": ANSWER.question,
        "unsure": False,
        "cited": [],
        "answer": logged_as(NAMES, rating_key("not_in_corpus", rating_mark(NAMES, ANSWER))),
    }
    assert stat.S_IMODE((tmp_path / "log" / "q.jsonl").stat().st_mode) == 0o600


def test_it_keeps_the_newest_in_five_files(tmp_path: Path) -> None:
    log = open_question_log(Settings(question_log=tmp_path / "q.jsonl", _env_file=None), NAMES)
    assert log is not None
    small = QuestionLog(tmp_path / "q.jsonl", NAMES, largest=1)
    for number in range(8):
        asyncio.run(small.add(Answer(f"{number}", "en", Verdict.ANSWERED, 0.9)))
    kept = ["q.jsonl", "q.jsonl.1", "q.jsonl.2", "q.jsonl.3", "q.jsonl.4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [*kept, "q.jsonl.lock"]
    assert [json.loads((tmp_path / name).read_text())["question"] for name in kept] == list("76543")


GOOD = {"time": "2026-01-05T09Z", "language": "en", "verdict": "not_in_corpus", "question": "Who?"}
BAD = (
    "",
    "{",
    "null",
    "[1]",
    '"Who?"',
    '{"time": "2026-01-05T09Z"}',
    *(
        json.dumps({**GOOD, **changed})
        for changed in (
            {"time": "yesterday"},
            {"language": "de"},
            {"verdict": "perhaps"},
            {"question": ""},
            {"question": 7},
            {"question": "x" * 100_000},
            {"cited": "marrakech-2025#1"},
            {"cited": [""]},
            {"answer": None},
        )
    ),
)


def test_every_file_is_read_oldest_first(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path / "q.jsonl", NAMES, largest=1)
    for number in range(4):
        asyncio.run(log.add(Answer(f"{number}", "en", Verdict.ANSWERED, 0.9)))
    assert [line.question for line in QuestionLog.read(tmp_path / "q.jsonl")] == list("0123")
    assert list(QuestionLog.read(tmp_path / "none.jsonl")) == []


@pytest.mark.parametrize("line", BAD)
def test_what_is_no_line_is_left_out(tmp_path: Path, line: str) -> None:
    good = json.dumps(GOOD)  # as it was written before answers had names
    content = f"{good}\n{line}\n{good}\n".encode() + b"\xff\xfe{}\n" + good[:20].encode()
    (tmp_path / "q.jsonl").write_bytes(content)
    assert [line.question for line in QuestionLog.read(tmp_path / "q.jsonl")] == ["Who?", "Who?"]


def test_a_log_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        list(QuestionLog.read(tmp_path / "q.jsonl"))


def _write(path: Path) -> None:
    log = QuestionLog(path, NAMES, largest=4000)
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
        QuestionLog(tmp_path / "file" / "q.jsonl", NAMES)
