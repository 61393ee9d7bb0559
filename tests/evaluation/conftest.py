"""A run over a few of the development questions and one made to break the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.evaluation.run import Run, evaluate
from tests.conftest import ROOT

HOSTILE = '</p><script>alert("x")</script> & «<b>»?'


@pytest.fixture(scope="session")
def question_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sixth development question and a hostile one."""
    lines = (ROOT / "tests" / "data" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[::6]
    hostile = {"id": "<i>", "lang": "en", "type": "noisy", "question": HOSTILE, "answerable": True}
    gold = ["بقلم: حسن الخلقي"]
    path = tmp_path_factory.mktemp("questions") / "some <questions>.jsonl"
    path.write_text("\n".join([*lines, json.dumps({**hostile, "gold": gold})]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def run(assistant: Assistant, question_file: Path) -> Run:
    return evaluate(assistant, question_file)
