"""Input and output of the commands in other encodings than UTF-8: exact, or escaped where it must be."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from assemblybot.settings import Settings
from tests.chat.test_prompt import terminal
from tests.test_cli import ARABIC, ENGLISH, folders_of, raw

# Each starts processes, the prompt of a terminal too.
pytestmark = pytest.mark.slow

BYLINE: Final = "بقلم: حسن الخلقي"
#: Encodings, each with a question that it can carry.
QUESTIONS: Final = {
    "ascii": ENGLISH,
    "latin-1": "Qui a rédigé l'article ?",
    "cp1256": ARABIC,
    "utf-16": ARABIC,
}


def escaped(text: str, encoding: str) -> str:
    """`text` with an escape for each character that an encoding lacks."""
    return text.encode(encoding, "backslashreplace").decode(encoding)


Shown = Callable[[tuple[str, ...], str], str]


@pytest.fixture(scope="module")
def in_utf_8(settings: Settings) -> Shown:
    """What a command shows in UTF-8; it runs once for each input."""

    @cache
    def shown(command: tuple[str, ...], asked: str) -> str:
        return raw(*command, settings=settings, stdin=asked.encode()).stdout.decode()

    return shown


@pytest.mark.parametrize("encoding", QUESTIONS)
@pytest.mark.parametrize(
    "command", [["ask"], ["repl"], ["repl", "--bidi", "visual"]], ids=["ask", "repl", "visual"]
)
def test_a_pipe_in_any_encoding_shows_what_utf_8_shows(
    settings: Settings, in_utf_8: Shown, encoding: str, command: list[str]
) -> None:
    asked = f"{QUESTIONS[encoding]}\nhello\n"
    expected = in_utf_8(tuple(command), asked)
    named = raw(*command, settings=settings, stdin=asked.encode(encoding), PYTHONIOENCODING=encoding)
    assert named.returncode == 0, named.stderr
    assert named.stdout.decode(encoding) == escaped(expected, encoding)
    assert "visual" in command or BYLINE in expected


@pytest.mark.parametrize("encoding", QUESTIONS)
def test_json_in_any_encoding_is_json(settings: Settings, encoding: str) -> None:
    result = raw("ask", "--json", ARABIC, settings=settings, PYTHONIOENCODING=encoding)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.decode(encoding))["citations"][0]["text"] == BYLINE


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1256"])
def test_the_prompt_of_a_terminal_in_any_encoding(
    settings: Settings, encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {**folders_of(settings), "ASSEMBLYBOT_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    run = "import sys; from assemblybot.cli import main; sys.argv = ['assemblybot', 'repl']; main()"
    with terminal(run, encoding) as shown:
        shown.until("assemblybot 0.")  # the banner
        shown.type(f"{QUESTIONS[encoding]}\r")
        shown.until(escaped(BYLINE, encoding))
        assert shown.ended("exit\r") == 0
        assert "Traceback" not in shown.shown


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1", "fr_FR.UTF-8"])
def test_a_pipe_carries_utf_8_whatever_the_locale(settings: Settings, locale: str) -> None:
    extras: tuple[dict[str, Any], ...] = ({}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    for extra in extras:
        result = raw("ask", ENGLISH, settings=settings, LC_ALL=locale, **extra)
        assert result.returncode == 0, result.stderr
        assert "بقلم: حسن الخلقي" in result.stdout.decode("utf-8")


@pytest.mark.parametrize("command", ["ask", "repl"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1256"])
def test_questions_in_another_encoding_are_not_guessed(
    settings: Settings, command: str, encoding: str
) -> None:
    result = raw(command, settings=settings, stdin=f"{ARABIC}\n".encode(encoding))
    assert result.returncode == 2
    assert b"not text in UTF-8" in result.stderr
    assert b"Traceback" not in result.stderr
    assert result.stdout == b""


def test_input_that_is_not_in_the_encoding_that_was_named(settings: Settings) -> None:
    result = raw("ask", settings=settings, stdin=f"{ARABIC}\n".encode(), PYTHONIOENCODING="ascii")
    assert result.returncode == 2
    assert b"not text in ASCII" in result.stderr
    assert result.stdout == b""


def test_any_line_ending_ends_a_question(settings: Settings) -> None:
    asked = f"\ufeff{ENGLISH}\r{ARABIC}\r\nhello\n".encode()
    lines = raw("ask", "--json", settings=settings, stdin=asked).stdout.decode().splitlines()
    assert [json.loads(line)["question"] for line in lines] == [ENGLISH, ARABIC, "hello"]
