"""Pseudonyms: stable, distinct, and useless without the key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from assemblybot.errors import SettingsError
from assemblybot.session import Pseudonyms


def test_the_key_file_is_created_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "identity.key"
    first = Pseudonyms.from_file(path).user("telegram", 42)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Pseudonyms.from_file(path).user("telegram", 42) == first
    assert Pseudonyms.from_file(tmp_path / "other.key").user("telegram", 42) != first


def test_names_are_distinct_and_hide_ids() -> None:
    names = Pseudonyms(b"k" * 32)
    made = {
        names.user("telegram", 123456789),
        names.user("slack", 123456789),
        names.user("telegram", 1234567, 89),
        names.conversation("telegram", 123456789),
        names.key("answer", "telegram", 123456789),
    }
    assert len(made) == 5
    assert not any("123456789" in name for name in made)
    assert "k" * 8 not in repr(names)


def test_a_damaged_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "identity.key").write_bytes(b"short")
    with pytest.raises(SettingsError, match="damaged"):
        Pseudonyms.from_file(tmp_path / "identity.key")
    with pytest.raises(SettingsError, match="16 bytes"):
        Pseudonyms(b"short")


def test_half_a_surrogate_pair_has_a_name_too() -> None:
    names = Pseudonyms(b"k" * 32)
    assert names.user("slack", "U\ud800") != names.user("slack", "U\ud801")
