"""Text that only the install that wrote it can read."""

from __future__ import annotations

import pytest

from assemblybot.session.sealing import Seal

SEAL = Seal(b"k" * 32)


@pytest.mark.parametrize(
    "text", ["", "متى انعقدت الجمعية؟", "half a pair \ud83d", "a\nb\0c", "x" * 1_000_000]
)
def test_what_is_sealed_can_be_opened_and_says_nothing(text: str) -> None:
    sealed = SEAL.close(text)
    assert SEAL.open(sealed) == text
    assert sealed.isascii() and sealed.isprintable()
    assert not text or text not in sealed
    assert sealed != SEAL.close(text)


@pytest.mark.parametrize("other", ["", "x", "{}", "question", "gAAAA", "\ud83d"])
def test_anything_else_is_not_opened(other: str) -> None:
    assert SEAL.open(other) is None


def test_a_part_is_not_opened() -> None:
    assert SEAL.open(SEAL.close("x")[:-1]) is None


def test_another_key_opens_nothing() -> None:
    assert Seal(b"l" * 32).open(SEAL.close("x")) is None
    assert "k" not in repr(SEAL)
