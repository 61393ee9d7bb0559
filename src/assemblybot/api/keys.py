"""Bearer keys of the programs that may ask over HTTP, and how much each may ask."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from assemblybot.errors import AssemblybotError, SettingsError
from assemblybot.session import UserKey
from assemblybot.settings import Settings

SHORTEST_KEY: Final = 24
#: Counts one question of a user: 0.0, or the seconds to wait.
Allow = Callable[[UserKey], Awaitable[float]]


class NotAllowedError(AssemblybotError):
    """The request holds no key, or none that is known."""


class TooManyQuestionsError(AssemblybotError):
    """The key has asked all that it may ask for now; it may ask again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        wait = math.ceil(seconds)
        super().__init__(f"This key has asked all that it may ask for now. Wait {wait} seconds.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in use, kept as hashes: the hash is also the name under which a key is counted."""

    digests: tuple[str, ...]
    allow: Allow

    @classmethod
    def configured(cls, settings: Settings, allow: Allow) -> Keys | None:
        """The keys of `API_KEYS`; `None` where there are none. Raises SettingsError for one that is short."""
        digests = digests_of(settings.api_keys, "API_KEYS")
        return cls(digests, allow) if digests else None

    def user(self, authorization: str | None) -> UserKey:
        """Who sent an `Authorization` header. Raises NotAllowedError."""
        scheme, _, key = (authorization or "").partition(" ")
        digest = known_digest(key.strip(), self.digests)
        if scheme.lower() != "bearer" or digest is None:
            raise NotAllowedError("Send a key that this service knows, as “Authorization: Bearer KEY”.")
        return UserKey(f"api:{digest[:32]}")

    async def count(self, user: UserKey) -> None:
        """Count one question of `user`. Raises TooManyQuestionsError."""
        if seconds := await self.allow(user):
            raise TooManyQuestionsError(seconds)


def digests_of(secret: SecretStr | None, setting: str) -> tuple[str, ...]:
    """Hashes of the keys of a setting. Raises SettingsError for one that is short."""
    keys = secret.get_secret_value().replace(",", " ").split() if secret else []
    if any(len(key) < SHORTEST_KEY or not key.isascii() for key in keys):
        raise SettingsError(
            f"A key in {setting} has fewer than {SHORTEST_KEY} characters, or others than ASCII. "
            "Make one with: openssl rand -hex 24"
        )
    return tuple(map(_digest, keys))


def known_digest(key: str, digests: tuple[str, ...]) -> str | None:
    """The hash of a key that is known; all are compared, each in constant time."""
    digest = _digest(key)
    known = [hmac.compare_digest(digest, one) for one in digests]
    return digest if any(known) else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()
