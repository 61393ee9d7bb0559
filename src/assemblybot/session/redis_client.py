"""The connection to Redis: short time-outs, since a question is waiting."""

from __future__ import annotations

from typing import Final

from pydantic import SecretStr
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from assemblybot.errors import SettingsError

PREFIX: Final = "assemblybot:"
# Seconds. A Redis that hangs costs twice this, once; a process that is itself slow must not take
# Redis for away.
_TIMEOUT: Final = 2.0
_CONNECTIONS: Final = 50


def connect(url: SecretStr) -> Redis:
    """A client for `url`; it connects when it is first used.

    Every command is sent once more after a time-out: all of ours may arrive twice. Raises
    SettingsError for what is no URL of a Redis.
    """
    try:
        pool = BlockingConnectionPool.from_url(
            url.get_secret_value(),
            decode_responses=True,
            max_connections=_CONNECTIONS,
            timeout=2 * _TIMEOUT,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            retry=Retry(NoBackoff(), 1),
        )
    except (ValueError, RedisError):
        raise SettingsError("REDIS_URL is no URL of a Redis; write it as redis://localhost:6379/0.") from None
    return Redis.from_pool(pool)


async def probe(client: Redis) -> None:
    """Raises RedisError when Redis does not answer, or takes no writes."""
    await client.set(f"{PREFIX}probe", "1", px=1000)


def milliseconds(seconds: float) -> int:
    """A time to live as Redis takes it."""
    return max(1, round(1000 * seconds))
