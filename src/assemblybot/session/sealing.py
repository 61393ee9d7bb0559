"""Text that only this install can read: what people ask, where it lies on a disk for a while.

A log of changes, as Redis writes one, and the free pages of a file keep what was deleted. What is
sealed tells nothing there, for the key lies elsewhere.
"""

from __future__ import annotations

import base64
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES: Final = 32


class Seal:
    """Authenticated encryption (Fernet) with a key derived from `secret` (HKDF-SHA-256)."""

    def __init__(self, secret: bytes) -> None:
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"assemblybot seal").derive(secret)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, text: str) -> str:
        """`text`, readable by `open` alone."""
        # What a platform sends may hold halves of surrogate pairs.
        return self._fernet.encrypt(text.encode(errors="surrogatepass")).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """The text that was sealed; `None` for what another key, or none, has made."""
        try:
            return self._fernet.decrypt(sealed.encode(errors="replace")).decode(errors="surrogatepass")
        except (InvalidToken, UnicodeDecodeError):
            return None

    def __repr__(self) -> str:
        return "Seal(…)"
