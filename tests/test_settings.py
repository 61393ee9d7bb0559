import pickle
from pathlib import Path

import pytest
from pydantic import SecretStr

from assemblybot.errors import CollectionError, SettingsError
from assemblybot.settings import Settings, load_settings
from tests.conftest import ROOT


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


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


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


def test_a_collection_has_folders_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLLECTIONS", "press, course-2026 press")
    monkeypatch.setenv("COLLECTIONS_DIR", str(tmp_path))
    monkeypatch.setenv("QUESTION_LOG", str(tmp_path / "asked.jsonl"))
    settings = load_settings()
    assert settings.collections == ("press", "course-2026")
    own = settings.within("course-2026")
    assert (own.corpus_dir, own.index_dir) == (
        tmp_path / "course-2026/corpus",
        tmp_path / "course-2026/index",
    )
    assert own.milvus_alias == "assemblybot_course_2026"
    assert own.question_log == tmp_path / "course-2026.asked.jsonl"
    assert (own.collection, own.collections) == ("course-2026", ())
    assert pickle.loads(pickle.dumps(own)).collection == "course-2026"
    assert settings.within("default").corpus_dir == settings.corpus_dir


@pytest.mark.parametrize(
    "name",
    [
        "../press",
        "..",
        ".",
        "a/b",
        "a\\b",
        "a.b",
        "Press",
        "été",
        "صحافة",
        "a--b",
        "-a",
        "a" * 33,
        "default",
        "a%2fb",
        "a\u202eb",
        "\uff41",
        "a_b",
    ],
)
def test_a_name_that_could_mean_another_folder_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLECTIONS", name)
    with pytest.raises(SettingsError, match="COLLECTIONS"):
        load_settings()
    monkeypatch.delenv("COLLECTIONS")
    if name != "default":
        with pytest.raises(CollectionError):
            load_settings().within(name)


@pytest.mark.parametrize(
    "bound", ["telegram:-1=other", "discord:1=press", "press", "telegram:1", "slack:T:C:9=press"]
)
def test_a_binding_that_cannot_be_kept_is_refused(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLECTIONS", "press")
    monkeypatch.setenv("COLLECTION_OF", bound)
    with pytest.raises(SettingsError):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("CURATORS", "123456789, U012AB3CDE W012AB3CDE", True),
        ("CURATORS", "-1001234567890", False),
        ("CURATORS", "@ana", False),
        ("CURATORS", "0123", False),
        ("CURATORS", "u012ab3cde", False),
        ("CURATORS", "T0TEAM", False),
        ("CURATORS", "\u0661\u0662\u0663", False),
        ("DOCUMENT_HOSTS", "files.example.org Drive.Example.com", True),
        ("DOCUMENT_HOSTS", "localhost", False),
        ("DOCUMENT_HOSTS", "127.0.0.1", False),
        ("DOCUMENT_HOSTS", "[::1]", False),
        ("DOCUMENT_HOSTS", "files.example.org:443", False),
        ("DOCUMENT_HOSTS", "https://files.example.org", False),
        ("DOCUMENT_HOSTS", "*.example.org", False),
    ],
)
def test_ids_of_curators_and_names_of_hosts_are_checked(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fits: bool
) -> None:
    monkeypatch.setenv(name, value)
    if fits:
        assert len(getattr(load_settings(), name.lower())) == len(value.split())
    else:
        with pytest.raises(SettingsError, match=name):
            load_settings()
