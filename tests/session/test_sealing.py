"""Text that only the install that wrote it can read."""

from __future__ import annotations

import pytest

from assemblybot.session.identity import Cipher

CIPHER = Cipher(b"k" * 32)


@pytest.mark.parametrize(
    "text", ["", "متى انعقدت الجمعية؟", "half a pair \ud83d", "a\nb\0c", "x" * 1_000_000]
)
def test_what_is_encrypted_can_be_decrypted_and_says_nothing(text: str) -> None:
    token = CIPHER.encrypt(text)
    assert CIPHER.decrypt(token) == text
    assert token.isascii() and token.isprintable()
    assert not text or text not in token
    assert token != CIPHER.encrypt(text)


@pytest.mark.parametrize("other", ["", "x", "{}", "question", "gAAAA", "\ud83d"])
def test_anything_else_is_not_decrypted(other: str) -> None:
    assert CIPHER.decrypt(other) is None


def test_a_part_is_not_decrypted() -> None:
    assert CIPHER.decrypt(CIPHER.encrypt("x")[:-1]) is None


def test_another_key_decrypts_nothing() -> None:
    assert Cipher(b"l" * 32).decrypt(CIPHER.encrypt("x")) is None
    assert "k" not in repr(CIPHER)
