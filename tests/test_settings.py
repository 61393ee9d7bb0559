import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from assemblybot.errors import SettingsError
from assemblybot.settings import Settings, env_example, load_settings
from tests.conftest import ROOT


def test_env_example_is_current() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


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


def test_an_empty_value_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUESTION_LOG", "")
    monkeypatch.setenv("RETENTION_DAYS", "")
    assert load_settings().question_log is None
    assert load_settings().retention_days == 90


@pytest.mark.parametrize(
    ("url", "secret", "webhook"),
    [
        ("https://b.org", "s", True),
        ("http://b.org", "s", False),
        (None, "s", False),
        ("https://b.org", "", False),
    ],
)
def test_telegram_calls_by_https_alone(url: str | None, secret: str, webhook: bool) -> None:
    settings = Settings(public_url=url, telegram_webhook_secret=SecretStr(secret), _env_file=None)
    assert settings.telegram_by_webhook is webhook
