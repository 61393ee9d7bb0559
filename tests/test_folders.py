"""Where model, corpus, index and state lie: in a checkout, and for who has only the wheel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from assemblybot import folders
from assemblybot.errors import CorpusError
from assemblybot.settings import load_settings
from tests.conftest import ROOT


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed wheel, seen from an empty folder; gives the folder of its data."""
    data = tmp_path / "package" / "data"
    (data / "corpus" / "article").mkdir(parents=True)
    (data / "corpus" / "article" / "document.toml").write_text("x")
    (data / "models" / folders.SHIPPED_MODEL).mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setattr(folders, "_CHECKOUT", tmp_path / "nowhere")
    monkeypatch.setattr(resources, "files", lambda _: data.parent)
    monkeypatch.delenv(folders.HOME, raising=False)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return data


def test_a_checkout_keeps_using_its_own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert (settings.corpus_dir, settings.index_dir) == (ROOT / "corpus", ROOT / "index")
    assert Path(settings.model) == ROOT / "models" / folders.SHIPPED_MODEL


def test_a_folder_with_a_corpus_is_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_settings().corpus_dir == tmp_path / "corpus"
    assert load_settings().state_dir == tmp_path / "state"


def test_a_wheel_reads_what_it_ships_and_writes_elsewhere(wheel: Path, tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.corpus_dir == wheel / "corpus"
    assert Path(settings.model) == wheel / "models" / folders.SHIPPED_MODEL
    home = tmp_path / "XDG_DATA_HOME" / "assemblybot"
    assert (settings.index_dir, settings.state_dir) == (home / "index", home / "state")
    assert folders.history() == tmp_path / "XDG_STATE_HOME" / "assemblybot" / "history"


def test_the_home_folder_can_be_chosen(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.HOME, str(tmp_path / "mine"))
    assert load_settings().index_dir == tmp_path / "mine" / "index"
    assert load_settings().corpus_dir == wheel / "corpus"
    assert folders.history() == tmp_path / "mine" / "history"


def test_documents_are_added_to_a_copy_of_the_shipped_corpus(wheel: Path, tmp_path: Path) -> None:
    own = folders.own_corpus(load_settings().corpus_dir)
    assert own == tmp_path / "XDG_DATA_HOME" / "assemblybot" / "corpus"
    assert (own / "article" / "document.toml").is_file()
    assert load_settings().corpus_dir == own
    assert folders.own_corpus(own) == own
    assert [path.name for path in own.parent.iterdir()] == ["corpus"]


def test_the_corpus_of_a_checkout_is_changed_in_place() -> None:
    assert folders.own_corpus(ROOT / "corpus") == ROOT / "corpus"


def test_a_home_that_cannot_be_written(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.HOME, "/proc/none")
    with pytest.raises(CorpusError, match="ASSEMBLYBOT_HOME"):
        folders.own_corpus(wheel / "corpus")
