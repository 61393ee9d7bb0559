"""Logs a person or a program can read, and that tell nothing about anyone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from assemblybot.logs import Repetitions

LOGS = "log = logging.getLogger('assemblybot.part')\n"


def _logged(as_json: bool, work: str, *, ours: bool = True) -> str:
    """What a module of ours, or of a library, logs."""
    file = "assemblybot.__file__" if ours else "'/a/library.py'"
    code = (
        "import logging\nimport assemblybot\nfrom assemblybot import logs\n"
        f"logs.configure('INFO', {as_json})\nexec(compile({LOGS + work!r}, {file}, 'exec'))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stderr


def test_a_file_holds_no_colours() -> None:
    written = _logged(False, "log.warning('%d left', 3)")
    assert "3 left" in written
    assert "\x1b" not in written


@pytest.mark.parametrize(
    ("key", "value"), [("event", "3 left"), ("level", "warning"), ("logger", "assemblybot.part")]
)
def test_json_has_a_line_for_each_record(key: str, value: str) -> None:
    assert json.loads(_logged(True, "log.warning('%d left', 3)"))[key] == value


@pytest.mark.parametrize("as_json", [True, False])
def test_of_what_a_library_logs_only_kind_and_place_are_kept(as_json: bool) -> None:
    work = (
        "def post(token):\n"
        "    try:\n        int('secret body')\n"
        "    except ValueError:\n        log.exception('no %r', 'secret words', stack_info=True)\n"
        "post('secret token')\n"
        "log.error('%d', 'secret value')\n"
    )
    written = _logged(as_json, work, ours=False)
    assert "ValueError at /a/library.py:4" in written
    assert "secret" not in written
    assert "Traceback" not in written
    assert len(written.splitlines()) == 1


def test_an_error_of_ours_is_logged_without_its_message() -> None:
    work = "try:\n    int('secret')\nexcept ValueError:\n    log.exception('It failed')\n"
    written = _logged(True, work)
    assert json.loads(written)["event"].startswith("It failed: ValueError at ")
    assert "secret" not in written


@pytest.mark.parametrize("as_json", [True, False])
def test_one_place_does_not_fill_the_disk(as_json: bool) -> None:
    work = "for number in range(10_000):\n    log.error('again %d', number)\nlog.error('another')\n"
    written = _logged(as_json, work).splitlines()
    assert 0 < len(written) <= 21  # a minute may end meanwhile
    assert "another" in written[-1]


def test_an_audit_trail_is_written_at_every_level_and_whole() -> None:
    work = (
        "logging.getLogger().setLevel('ERROR')\n"
        "for number in range(50):\n    logs.audit('document added', who='a1', document=str(number))\n"
    )
    trail = [json.loads(line) for line in _logged(True, work).splitlines()]
    assert [one["document"] for one in trail] == [str(number) for number in range(50)]
    assert {(one["event"], one["who"], one["logger"]) for one in trail} == {
        ("document added", "a1", "assemblybot.audit")
    }
    assert all("timestamp" in one for one in trail)


def test_records_left_out_are_counted_in_the_next_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    import logging
    import time

    now = 600.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    repetitions = Repetitions(most=2)

    def passes() -> tuple[bool, int]:
        record = logging.LogRecord("x", logging.ERROR, "a.py", 1, "x", None, None)
        return repetitions.filter(record), getattr(record, "left_out", 0)

    assert [passes() for _ in range(5)] == [(True, 0)] * 2 + [(False, 0)] * 3
    now = 660.0
    assert [passes() for _ in range(2)] == [(True, 3), (True, 0)]


def test_a_command_whose_outputs_are_closed_works() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m assemblybot list >&- 2>&-"], check=False, timeout=60
    )
    assert done.returncode == 0
