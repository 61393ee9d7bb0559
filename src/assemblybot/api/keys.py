"""Bearer keys of the programs that may ask over HTTP, and how much each may ask."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

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
        super().__init__("This key has asked all that it may ask for now.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in use, kept as hashes: the hash is also the name under which a key is counted."""

    digests: tuple[str, ...]
    allow: Allow

    @classmethod
    def configured(cls, settings: Settings, allow: Allow) -> Keys | None:
        """The keys of `API_KEYS`; `None` where there are none. Raises SettingsError for one that is short."""
        given = settings.api_keys.get_secret_value() if settings.api_keys else ""
        keys = given.replace(",", " ").split()
        if any(len(key) < SHORTEST_KEY or not key.isascii() for key in keys):
            raise SettingsError(
                f"A key in API_KEYS has fewer than {SHORTEST_KEY} characters, or others than ASCII. "
                "Make one with: openssl rand -hex 24"
            )
        return cls(tuple(map(_digest, keys)), allow) if keys else None

    def user(self, authorization: str | None) -> UserKey:
        """Who sent an `Authorization` header. Raises NotAllowedError."""
        scheme, _, key = (authorization or "").partition(" ")
        digest = _digest(key.strip())
        # All are compared, each in constant time.
        known = [hmac.compare_digest(digest, one) for one in self.digests]
        if scheme.lower() != "bearer" or not any(known):
            raise NotAllowedError("Send a key that this service knows, as “Authorization: Bearer KEY”.")
        return UserKey(f"api:{digest[:32]}")

    async def count(self, user: UserKey) -> None:
        """Count one question of `user`. Raises TooManyQuestionsError."""
        if seconds := await self.allow(user):
            raise TooManyQuestionsError(seconds)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()
