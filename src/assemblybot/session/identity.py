"""Names for users and conversations that say nothing about them without this install's key."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from assemblybot.errors import SettingsError
from assemblybot.session.base import ConversationKey, UserKey
from assemblybot.session.sealing import Seal

#: The key, in `STATE_DIR`.
KEY_FILE: Final = "identity.key"
_KEY_BYTES: Final = 32
_DIGEST_CHARS: Final = 32


class Pseudonyms:
    """Keyed hashes (HMAC-SHA-256, 128 bits kept) of platform ids.

    The same key gives the same names, so replicas that share a session store share a key.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise SettingsError("The identity key must have at least 16 bytes.")
        self._key = key
        #: Hides what is kept under these names, with a key of its own.
        self.seal = Seal(key)

    @classmethod
    def from_file(cls, path: Path) -> Pseudonyms:
        """Use the key in `path`; the first call creates it, readable by its owner alone."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls(_read_or_create(path))
        except OSError as error:
            raise SettingsError(
                f"The identity key {path} cannot be used: {error.strerror or error}."
            ) from error

    def user(self, platform: str, *ids: str | int) -> UserKey:
        """Name of one user of `platform`; for Slack give team and user."""
        return UserKey(self._name("user", platform, *ids))

    def conversation(self, platform: str, *ids: str | int) -> ConversationKey:
        """Name of one conversation: chat and user, or channel and thread, or one answer."""
        return ConversationKey(self._name("conversation", platform, *ids))

    def key(self, purpose: str, *parts: str | int) -> str:
        """Name of anything else that must not be readable, such as a message of a chat."""
        return self._name(purpose, *parts)

    def _name(self, *parts: str | int) -> str:
        # Lengths first, so that ("a", "bc") and ("ab", "c") are two names.
        # What a platform sends may hold halves of surrogate pairs.
        encoded = (str(part).encode(errors="surrogatepass") for part in parts)
        message = b"".join(b"%d:%s" % (len(raw), raw) for raw in encoded)
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_DIGEST_CHARS]

    def __repr__(self) -> str:
        return "Pseudonyms(…)"


def _read_or_create(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise SettingsError(
                f"The identity key {path} is damaged. Delete it; what was remembered of users is then lost."
            ) from None
        return key
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
