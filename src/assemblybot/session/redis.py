"""Session state in Redis (7 or newer), which all replicas share.

Under `assemblybot:` lie

    seen:KEY      who saw KEY first; expires
    note:KEY      owner, newline, sealed value; expires
    kept:USER     sorted set of the keys of notes that are of USER: for `forget`
    limits…       the windows of the rate limit

Everything has a time to live, so nothing grows for ever.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

from limits.aio.storage import RedisStorage
from redis.asyncio import Redis

from assemblybot.session.base import RETENTION, SessionStore, UserKey
from assemblybot.session.redis_client import PREFIX, milliseconds, probe
from assemblybot.session.sealing import Seal
from assemblybot.session.throttle import DEFAULT_LIMIT, Throttle

_NOTE: Final = f"{PREFIX}note:"
_SCANNED: Final = 500
# What is no string was a rating of an earlier version.
_FORGET: Final = """
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if redis.call('TYPE', key).ok ~= 'string'
    or string.sub(redis.call('GET', key), 1, #ARGV[1] + 1) == ARGV[1] .. '\\n' then
        redis.call('DEL', key)
    end
end
redis.call('DEL', KEYS[1])
"""


class RedisStore(SessionStore):
    """A `SessionStore` on Redis. Its methods raise RedisError when Redis does not answer."""

    degraded: Final = False

    def __init__(
        self,
        client: Redis,
        *,
        seal: Seal,
        limit: str = DEFAULT_LIMIT,
        retention: float = RETENTION,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take over `client`; values are sealed. Raises SettingsError for a limit that is none."""
        self._redis = client
        self._seal = seal
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=f"{PREFIX}limits",
            connection_pool=client.connection_pool,  # type: ignore[arg-type] # is passed on to redis-py
        )
        self._throttle = Throttle(limit, storage)
        self.retention = retention
        self._clock = clock
        self._forget = client.register_script(_FORGET)

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """See `SessionStore.first_seen`."""
        # A value of its own lets the client send the command again after a time-out.
        value = by or secrets.token_hex(8)
        before = await self._redis.set(f"{PREFIX}seen:{key}", value, nx=True, get=True, px=milliseconds(ttl))
        return before is None or before == value

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        """See `SessionStore.note`."""
        name = f"{_NOTE}{key}"
        if value is None:
            await self._redis.delete(name)
            return
        async with self._redis.pipeline() as pipe:
            # The owner stands in the value: when another writes the key, it is not the first one's.
            pipe.set(name, f"{user or ''}\n{self._seal.close(value)}", px=milliseconds(ttl))
            if user:
                now, kept = self._clock(), f"{PREFIX}kept:{user}"
                pipe.zadd(kept, {name: now + ttl})
                pipe.zremrangebyscore(kept, 0, now)
                # GT alone would leave a new key without an end.
                pipe.pexpire(kept, milliseconds(ttl), nx=True)
                pipe.pexpire(kept, milliseconds(ttl), gt=True)
            await pipe.execute()

    async def noted(self, key: str) -> str | None:
        """See `SessionStore.noted`."""
        return self._opened(await self._redis.get(f"{_NOTE}{key}"))

    async def notes(self, prefix: str) -> dict[str, str]:
        """See `SessionStore.notes`."""
        found: dict[str, str] = {}
        cursor = None
        while cursor != 0:
            cursor, keys = await self._redis.scan(cursor or 0, f"{_NOTE}{prefix}*", _SCANNED)
            for key, kept in zip(keys, await self._redis.mget(keys) if keys else (), strict=True):
                if (value := self._opened(kept)) is not None:
                    found[str(key).removeprefix(_NOTE)] = value
        return found

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._throttle.allow(user)

    async def forget(self, user: UserKey) -> None:
        """See `SessionStore.forget`."""
        await self._forget(keys=[f"{PREFIX}kept:{user}"], args=[user])
        await self._throttle.forget(user)

    async def probe(self) -> None:
        """Raises RedisError when Redis cannot be written to."""
        await probe(self._redis)

    async def close(self) -> None:
        """See `SessionStore.close`."""
        await self._redis.aclose()

    def _opened(self, kept: str | bytes | None) -> str | None:
        return None if kept is None else self._seal.open(str(kept).partition("\n")[2])
