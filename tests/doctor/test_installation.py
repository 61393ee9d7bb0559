"""What the doctor says of this machine alone, each check on the real part."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assemblybot.doctor import Finding, findings
from assemblybot.doctor.finding import Level
from assemblybot.index.store import IndexStore
from assemblybot.settings import Settings


def say(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings(settings)}


@pytest.fixture
def fresh(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"state_dir": tmp_path / "state"})


def test_a_fresh_installation_is_fit(fresh: Settings) -> None:
    found = say(fresh)
    assert {name for name, one in found.items() if one.level is Level.OK} >= {
        "settings",
        "corpus",
        "model",
        "index",
        "question",
        "state folder",
    }
    assert not [one for one in found.values() if one.exit_code]
    assert "every part verified" in found["index"].text
    assert "answered with" in found["question"].text
    assert not fresh.state_dir.exists()


def test_everything_that_needs_a_platform_is_skipped_with_a_reason(fresh: Settings) -> None:
    found = say(fresh)
    for name in ("telegram token", "slack bot token", "slack app token", "redis"):
        assert found[name].level is Level.SKIP
        assert "is not set" in found[name].text
    assert found["clock"].level is Level.SKIP


def test_a_missing_corpus_a_damaged_index_and_no_model(settings: Settings, tmp_path: Path) -> None:
    missing = say(settings.model_copy(update={"corpus_dir": tmp_path / "none"}))
    assert (missing["corpus"].level, missing["corpus"].exit_code) == (Level.FAIL, 3)
    copy = tmp_path / "index"
    shutil.copytree(settings.index_dir, copy)
    (IndexStore(copy).current() / "vectors.faiss").write_bytes(b"")
    damaged = say(settings.model_copy(update={"index_dir": copy}))
    assert damaged["index"].exit_code == damaged["question"].exit_code == 4
    assert "vectors.faiss" in damaged["index"].text
    assert say(settings.model_copy(update={"model": "/none"}))["model"].exit_code == 5


def test_an_index_that_is_not_there_is_not_built(settings: Settings, tmp_path: Path) -> None:
    found = say(settings.model_copy(update={"index_dir": tmp_path / "index"}))
    assert (found["index"].level, found["question"].level) == (Level.WARN, Level.SKIP)
    assert not (tmp_path / "index").exists()


def test_a_milvus_that_is_away_is_said(settings: Settings) -> None:
    found = say(settings.model_copy(update={"milvus_uri": "http://127.0.0.1:9"}))
    assert found["index"].exit_code == 4
    assert "Milvus" in found["index"].text


def test_a_state_folder_that_is_a_file(fresh: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = say(fresh.model_copy(update={"state_dir": tmp_path / "file"}))["state folder"]
    assert found.exit_code == 6
    assert "STATE_DIR" in found.text


def test_secrets_that_others_can_read(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert say(fresh)["secrets"].level is Level.SKIP
    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(0o644)
    found = say(fresh)["secrets"]
    assert found.level is Level.WARN
    assert "chmod 600 .env" in found.text
    (tmp_path / ".env").chmod(0o600)
    assert say(fresh)["secrets"].level is Level.OK
    fresh.state_dir.mkdir()
    (fresh.state_dir / "slack-installations.sqlite3").touch(mode=0o644)
    assert "slack-installations" in say(fresh)["secrets"].text


def test_too_little_disk(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil._ntuple_diskusage(10**9, 10**9, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    assert say(fresh)["disk"].exit_code == 6


def test_a_public_url_that_no_platform_can_call(fresh: Settings) -> None:
    changed = fresh.model_copy(
        update={
            "telegram_bot_token": "1:a",
            "public_url": "http://here",
        }  # not asked: it has no secret's type
    )
    found = next(findings(changed))
    assert found.level is Level.WARN
    assert "not https" in found.text
