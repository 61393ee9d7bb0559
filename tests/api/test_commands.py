"""`ask --json`, `verify` and `mcp` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assemblybot.cli import app, serving
from assemblybot.errors import CitationError, SettingsError
from assemblybot.settings import Settings

PUBLIC_URL = "https://bot.example.org"


@pytest.fixture
def runner(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("CORPUS_DIR", settings.corpus_dir),
        ("INDEX_DIR", settings.index_dir),
        ("MODEL", settings.model),
        ("PUBLIC_URL", PUBLIC_URL),
    ):
        monkeypatch.setenv(name, str(value))
    return CliRunner()


def test_what_is_asked_can_be_verified_as_json_and_as_text(runner: CliRunner) -> None:
    printed = runner.invoke(app, ["ask", "--json", "How many delegates came?"]).stdout
    checked = runner.invoke(app, ["verify", "-", "--json"], input=printed)
    assert checked.exit_code == 0, checked.output
    findings = [json.loads(line) for line in checked.stdout.splitlines()]
    cited = [citation["passage"] for citation in json.loads(printed)["citations"]]
    assert [finding["passage"] for finding in findings] == cited

    words = runner.invoke(app, ["ask", "How many delegates came?"]).stdout
    links = [line for line in words.splitlines() if line.startswith(PUBLIC_URL)]
    assert len(links) == len(cited)
    assert runner.invoke(app, ["verify", *links]).stdout.startswith("stands: marrakech-2025 ")


def test_the_exit_code_is_that_of_the_worst(runner: CliRunner) -> None:
    printed = runner.invoke(app, ["ask", "--json", "How many delegates came?"]).stdout
    (first, *_) = json.loads(printed)["citations"]
    moved = {**first, "quote_start": first["quote_start"] + 1}
    gone = {**first, "quote": first["quote"] + "!"}
    for citations, code in (([first], 0), ([moved, first], 1), ([moved, gone, first], 8)):
        checked = runner.invoke(app, ["verify", json.dumps(citations)])
        assert checked.exit_code == code, checked.output
        assert len(checked.stdout.splitlines()) == len(citations)


def test_what_is_no_citation(runner: CliRunner) -> None:
    assert isinstance(runner.invoke(app, ["verify", "https://example.org"]).exception, CitationError)
    assert CitationError.exit_code == 2


def test_mcp_without_its_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda _: None)
    refused = CliRunner().invoke(app, ["mcp"]).exception
    assert isinstance(refused, SettingsError)
    assert "pip install 'assemblybot[mcp]'" in str(refused)
