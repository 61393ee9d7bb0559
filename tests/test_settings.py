import re
import sys
from pathlib import Path

import pytest

from assemblybot.errors import SettingsError
from assemblybot.settings import env_example, load_settings
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs"))


def test_generated_files_are_current() -> None:
    from generate import readme

    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "<!-- settings -->" in text
    assert readme(text) == text


def test_a_bad_value_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THREADS", "secret-value")
    with pytest.raises(SettingsError, match="THREADS") as caught:
        load_settings()
    assert "secret-value" not in str(caught.value)


def test_defaults_do_not_depend_on_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().corpus_dir == ROOT / "corpus"


def test_env_example_names_every_setting() -> None:
    from assemblybot.settings import Settings

    named = set(re.findall(r"^# ([A-Z_]+)=", env_example(), re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}
