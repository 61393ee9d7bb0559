"""Logs a person or a program can read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def _logged(as_json: bool) -> str:
    code = (
        "import logging\nfrom assemblybot import logs\n"
        f"logs.configure('INFO', {as_json})\nlogging.getLogger('assemblybot.part').warning('%d left', 3)"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stderr


def test_a_file_holds_no_colours() -> None:
    assert "3 left" in _logged(as_json=False)
    assert "\x1b" not in _logged(as_json=False)


@pytest.mark.parametrize(
    ("key", "value"), [("event", "3 left"), ("level", "warning"), ("logger", "assemblybot.part")]
)
def test_json_has_a_line_for_each_record(key: str, value: str) -> None:
    assert json.loads(_logged(as_json=True))[key] == value
