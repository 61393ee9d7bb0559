"""Bearer keys of the programs that may ask over HTTP: which collections each may ask, and how much."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from assemblybot.errors import AssemblybotError, CollectionError, SettingsError
from assemblybot.session import UserKey
from assemblybot.settings import Settings

SHORTEST_KEY: Final = 24
#: Counts one question of a user: 0.0, or the seconds to wait.
Allow = Callable[[UserKey], Awaitable[float]]
#: What a caller is told of a collection that is not there, or that its key may not ask.
NO_COLLECTION: Final = "There is no collection of that name. Ask who runs this service for it."


class NotAllowedError(AssemblybotError):
    """The request holds no key, or none that is known."""


class TooManyQuestionsError(AssemblybotError):
    """The key has asked all that it may ask for now; it may ask again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        wait = math.ceil(seconds)
        super().__init__(f"This key has asked all that it may ask for now. Wait {wait} seconds.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a key: the name it is counted by and the collections it may ask; empty: all."""

    user: UserKey
    collections: tuple[str, ...] = ()

    def asks(self, collection: str | None) -> str | None:
        """The collection to ask: the one named, else the first that this key is limited to.

        Raises CollectionError for one that it may not ask.
        """
        if not self.collections:
            return collection
        if collection not in (None, *self.collections):
            raise CollectionError(NO_COLLECTION)
        return collection or self.collections[0]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in use, kept as hashes: the hash is also the name under which a key is counted.

    `collections` are those that each key may ask; empty: all.
    """

    collections: Mapping[str, tuple[str, ...]]
    allow: Allow

    @classmethod
    def configured(cls, settings: Settings, allow: Allow) -> Keys | None:
        """The keys of `API_KEYS` and `COLLECTION_KEYS`; `None` where there are none.

        Raises SettingsError for one that is short, that stands in both, or is of no collection.
        """
        limited = _limited(settings)
        free = digests_of(settings.api_keys, "API_KEYS")
        if not limited.keys().isdisjoint(free):
            raise SettingsError(
                "A key stands in API_KEYS, which may ask every collection, and in COLLECTION_KEYS. "
                "Take it out of one of them."
            )
        found = dict.fromkeys(free, ()) | limited
        return cls(found, allow) if found else None

    def caller(self, authorization: str | None) -> Caller:
        """Who sent an `Authorization` header. Raises NotAllowedError."""
        scheme, _, key = (authorization or "").partition(" ")
        digest = known_digest(key.strip(), tuple(self.collections))
        if scheme.lower() != "bearer" or digest is None:
            raise NotAllowedError("Send a key that this service knows, as “Authorization: Bearer KEY”.")
        return Caller(UserKey(f"api:{digest[:32]}"), self.collections[digest])


def _limited(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The collections of each key of `COLLECTION_KEYS`, by its hash. Raises SettingsError."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in _listed(settings.collection_keys):
        name, _, key = pair.partition("=")
        if name not in (settings.collection, *settings.collections):
            raise SettingsError(
                "COLLECTION_KEYS names a collection that is not in COLLECTIONS. "
                "Write pairs such as press=KEY, course=KEY."
            )
        digest = _checked(key, "COLLECTION_KEYS")
        found[digest] = (*found.get(digest, ()), name)
    return found


def digests_of(secret: SecretStr | None, setting: str) -> tuple[str, ...]:
    """Hashes of the keys of a setting. Raises SettingsError for one that is short."""
    return tuple(_checked(key, setting) for key in _listed(secret))


def _listed(secret: SecretStr | None) -> list[str]:
    """What a setting lists, with commas or spaces between."""
    return secret.get_secret_value().replace(",", " ").split() if secret else []


def _checked(key: str, setting: str) -> str:
    """The hash of a key. Raises SettingsError for one that is short."""
    if len(key) < SHORTEST_KEY or not key.isascii():
        raise SettingsError(
            f"A key in {setting} has fewer than {SHORTEST_KEY} characters, or others than ASCII. "
            "Make one with: openssl rand -hex 24"
        )
    return _digest(key)


def known_digest(key: str, digests: tuple[str, ...]) -> str | None:
    """The hash of a key that is known; all are compared, each in constant time."""
    digest = _digest(key)
    known = [hmac.compare_digest(digest, one) for one in digests]
    return digest if any(known) else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()
