"""Damaged files of every format, a few of the many that `benchmarks/damaged.py` tries."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assemblybot.corpus import adding
from assemblybot.corpus.readers import READABLE, read
from benchmarks import damaged
from tests.corpus.formats.pdf import producers

pytestmark = pytest.mark.skipif(not producers.FONTS.is_dir(), reason="the DejaVu fonts are not installed")
_FILES = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    return damaged.whole_files(tmp_path_factory.mktemp("whole"))


def test_every_format_is_tried(whole: dict[str, list[bytes]]) -> None:
    assert set(whole) | {".htm"} == READABLE


@pytest.mark.parametrize("suffix", sorted(READABLE - {".htm"}))
def test_a_damaged_file_is_added_or_refused(
    tmp_path: Path, suffix: str, whole: dict[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "read_bounded", read)
    found = damaged.try_format(suffix, whole[suffix], _FILES, random.Random(suffix), tmp_path)
    assert not found.wrong, found
    assert found.added + found.refused == _FILES
    assert found.added and found.refused
