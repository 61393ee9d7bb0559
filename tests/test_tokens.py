"""A token that is not set is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot.cli.serving import require_tokens
from assemblybot.errors import SettingsError
from tests.test_cli import failed, run

NAME = "TELEGRAM_BOT_TOKEN"


@pytest.fixture(autouse=True)
def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (NAME, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_a_token_in_the_environment_or_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=NAME):
        require_tokens(NAME)
    (tmp_path / ".env").write_text(f"{NAME.lower()}=\n")
    with pytest.raises(SettingsError, match=NAME):
        require_tokens(NAME)
    (tmp_path / ".env").write_text(f"{NAME.lower()}=1:a\n")
    require_tokens(NAME)
    (tmp_path / ".env").unlink()
    monkeypatch.setenv(NAME, "1:a")
    require_tokens(NAME)


@pytest.mark.parametrize(("command", "name"), [("telegram", NAME), ("slack", "SLACK_BOT_TOKEN")])
def test_a_bot_without_its_token(command: str, name: str) -> None:
    failed(run(command), 6, f"{name} is not set")


def test_the_second_token_of_slack() -> None:
    failed(run("slack", SLACK_BOT_TOKEN="xoxb-1"), 6, "SLACK_APP_TOKEN is not set")


@pytest.mark.parametrize("arguments", [["--help"], ["telegram"], ["slack"]])
def test_nothing_that_takes_long_is_loaded_before(arguments: list[str]) -> None:
    result = run(*arguments, PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if "|" in line}
    assert "assemblybot.cli" in loaded
    heavy = {"numpy", "pydantic", "pydantic_settings", "rich", "aiohttp", "telegram", "slack_bolt", "asyncio"}
    assert not heavy & loaded, heavy & loaded
