"""Checks of the Redis that replicas share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import redis
from redis.exceptions import AuthenticationError, RedisError

from assemblybot.doctor.finding import Check, Said, ok, skip, warn
from assemblybot.errors import SettingsError
from assemblybot.settings import Settings

_OLDEST: Final = 7
_TIMEOUT: Final = 3.0


def checks(settings: Settings) -> Iterator[Check]:
    """One check: everything that Redis says of itself."""
    yield "redis", lambda: _redis(settings)


def _redis(settings: Settings) -> Said:
    if settings.redis_url is None:
        return skip("REDIS_URL is not set; sessions are kept in STATE_DIR, for one process on one machine")
    facts = _ask(settings.redis_url.get_secret_value())
    version = str(facts["redis_version"])
    if int(version.partition(".")[0]) < _OLDEST:
        raise SettingsError(f"Redis is version {version}. Use {_OLDEST} or newer.")
    policy, limited = facts.get("maxmemory_policy", "noeviction"), bool(facts.get("maxmemory"))
    if limited and policy != "noeviction":
        return warn(
            f"version {version}, but a full memory evicts keys ({policy}) and deliveries would be lost; "
            "set maxmemory-policy noeviction"
        )
    if not facts.get("aof_enabled"):
        return warn(
            f"version {version}, but without an append-only file: deliveries in flight are lost when Redis "
            "restarts; set appendonly yes"
        )
    return ok(f"version {version}, append-only file, nothing is evicted")


def _ask(url: str) -> dict[str, Any]:
    """Redis's own INFO. Raises SettingsError without the address, which may hold a password."""
    try:
        with redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT, decode_responses=True
        ) as client:
            client.ping()
            facts: dict[str, Any] = client.info()
            return facts
    except ValueError as error:
        raise SettingsError(
            "REDIS_URL is no address of Redis; it begins with redis:// or rediss://."
        ) from error
    except AuthenticationError as error:
        raise SettingsError("Redis refuses the password in REDIS_URL.") from error
    except RedisError as error:
        raise SettingsError(
            f"Redis does not answer ({type(error).__name__}). Is it running, and is REDIS_URL right?"
        ) from error
