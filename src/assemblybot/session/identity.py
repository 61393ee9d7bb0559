"""Names and values that say nothing about users and conversations without this install's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from assemblybot.answering.answer import Answer
from assemblybot.collection import DEFAULT
from assemblybot.errors import SettingsError
from assemblybot.session.base import ConversationKey, UserKey

#: The key, in `STATE_DIR`.
KEY_FILE: Final = "identity.key"
_KEY_BYTES: Final = 32
_DIGEST_CHARS: Final = 32
_MARK_CHARS: Final = 8


class Pseudonyms:
    """Keyed hashes (HMAC-SHA-256, 128 bits kept) of platform ids.

    The same key gives the same names, so replicas that share a session store share a key.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise SettingsError("The identity key must have at least 16 bytes.")
        self._key = key
        #: For values that are kept under these names.
        self.cipher = Cipher(key)

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
        return UserKey(self.key("user", platform, *ids))

    def conversation(self, platform: str, *ids: str | int) -> ConversationKey:
        """Name of one conversation: chat and user, or channel and thread, or one answer."""
        return ConversationKey(self.key("conversation", platform, *ids))

    def key(self, purpose: str, *parts: str | int) -> str:
        """Name of anything else that must not be readable, such as a message of a chat."""
        # Lengths first, so that ("a", "bc") and ("ab", "c") are two names.
        # What a platform sends may hold halves of surrogate pairs.
        encoded = (str(part).encode(errors="surrogatepass") for part in (purpose, *parts))
        message = b"".join(b"%d:%s" % (len(raw), raw) for raw in encoded)
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_DIGEST_CHARS]

    def __repr__(self) -> str:
        return "Pseudonyms(…)"


class Cipher:
    """Authenticated encryption (Fernet) with a key derived from `secret` (HKDF-SHA-256).

    For text that lies on a disk for a while: Redis's log of changes and the free pages of a file keep
    what was deleted.
    """

    def __init__(self, secret: bytes) -> None:
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"assemblybot seal").derive(secret)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def encrypt(self, text: str) -> str:
        """`text`, readable by `decrypt` alone."""
        return self._fernet.encrypt(text.encode(errors="surrogatepass")).decode("ascii")

    def decrypt(self, token: str) -> str | None:
        """The text of a token; `None` for what another key, or none, has made."""
        try:
            return self._fernet.decrypt(token.encode(errors="replace")).decode(errors="surrogatepass")
        except (InvalidToken, UnicodeDecodeError):
            return None

    def __repr__(self) -> str:
        return "Cipher(…)"


# The name under which the ratings of an answer are kept is the same on every platform. It begins with what
# was cited first, which says where an answer may be wrong, and ends with a mark that tells apart the
# questions answered by it and says nothing of them without this install's key.


def rating_mark(names: Pseudonyms, answer: Answer) -> str:
    """The mark of a question with what was cited for it, and from which collection: eight characters."""
    cited = (citation.passage for citation in answer.citations)
    purpose = "rating" if answer.collection == DEFAULT else f"rating in {answer.collection}"
    return names.key(purpose, answer.question, *cited)[:_MARK_CHARS]


def rating_key(first: str, mark: str) -> str:
    """The name of an answer; `first` is the passage cited first or, where there is none, the verdict."""
    return f"{first}~{mark}"


def rating_key_of(names: Pseudonyms, answer: Answer) -> str:
    """The name of `answer`: of one that cites nothing, it begins with the verdict."""
    first = answer.citations[0].passage if answer.citations else str(answer.verdict)
    return rating_key(first, rating_mark(names, answer))


def logged_as(names: Pseudonyms, rated: str) -> str:
    """The name of an answer in the question log; only with this install's key does it lead to ratings."""
    return names.key("question-log", rated)


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
