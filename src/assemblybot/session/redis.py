"""Session state and inbox in Redis (7 or newer), which all replicas share.

Under `assemblybot:` lie

    seen:KEY                     who saw KEY first; expires
    note:KEY                     owner, newline, encrypted value; expires
    kept:USER                    sorted set of the keys of notes that are of USER: for `forget`
    limits…                      the windows of the rate limit
    inbox:seen:KEY               who put KEY; `elsewhere` while a local file of some replica holds it
    inbox:delivery:KEY           hash of platform, owner, state, body, taken, claim; deleted when done
    inbox:of:PLATFORM:OWNER      sorted set of the owner's keys by the time they were taken
    inbox:owners:PLATFORM        set of the owners who may hold something
    inbox:alive:OWNER            there while the owner lives

Everything has a time to live, so nothing grows for ever.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Final

from limits.aio.storage import RedisStorage
from pydantic import SecretStr
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from assemblybot.errors import SettingsError
from assemblybot.session.base import RETENTION, SEEN_TTL, LimitedStore, Throttle, UserKey
from assemblybot.session.identity import Cipher
from assemblybot.session.inbox import MOST_RECLAIMED, OLDEST_DELIVERY, OWNER_TTL, Delivery, Inbox, Reclaimed
from assemblybot.settings import RATE_LIMIT

_PREFIX: Final = "assemblybot:"
_NOTE: Final = f"{_PREFIX}note:"
_INBOX: Final = f"{_PREFIX}inbox:"
# Seconds to wait for Redis, and once more for the repetition. Long enough that a process that is itself slow
# does not take Redis for away.
_TIMEOUT: Final = 2.0
_CONNECTIONS: Final = 50
_SCANNED: Final = 500
_SEEN_SECONDS: Final = round(SEEN_TTL)
# A delivery as old as this is of no use to anyone.
_KEPT_SECONDS: Final = round(2 * OLDEST_DELIVERY)

_FORGET: Final = """
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if string.sub(redis.call('GET', key) or '', 1, #ARGV[1] + 1) == ARGV[1] .. '\\n' then
        redis.call('DEL', key)
    end
end
redis.call('DEL', KEYS[1])
"""
_ELSEWHERE: Final = "elsewhere"
# `instead` is what `seen` may hold all the same: `elsewhere` for who brings it from there.
_PUT: Final = """
local seen, delivery, ours, owners = unpack(KEYS)
local token, ttl, kept, key, owner, platform, body, taken, instead = unpack(ARGV)
local before = redis.call('GET', seen)
if before and before ~= instead then return before == token end
redis.call('SET', seen, token, 'EX', ttl)
redis.call('HSET', delivery, 'platform', platform, 'owner', owner, 'state', 'taken',
    'body', body, 'taken', taken)
redis.call('EXPIRE', delivery, kept)
redis.call('ZADD', ours, taken, key)
redis.call('EXPIRE', ours, kept)
redis.call('SADD', owners, owner)
redis.call('EXPIRE', owners, kept)
return true
"""
# Where neither the delivery nor its key is known, Redis has lost its data, and it is still ours.
_SENDING: Final = """
local seen, delivery = unpack(KEYS)
local owner, ttl = unpack(ARGV)
if redis.call('HGET', delivery, 'owner') == owner then
    redis.call('HSET', delivery, 'state', 'sending')
    return true
end
if redis.call('EXISTS', seen, delivery) > 0 then return false end
redis.call('SET', seen, owner, 'EX', ttl)
return true
"""
_DONE: Final = """
local seen, delivery = unpack(KEYS)
local owner, ttl, inbox, key, whosever, mark = unpack(ARGV)
local row = redis.call('HMGET', delivery, 'owner', 'platform', 'state')
if row[3] == 'taken' and mark ~= owner then
    redis.call('SET', seen, mark, 'EX', ttl)
else
    redis.call('SET', seen, mark, 'EX', ttl, 'NX')
end
if row[1] == owner or (row[1] and whosever == '1') then
    redis.call('DEL', delivery)
    redis.call('ZREM', inbox .. 'of:' .. row[2] .. ':' .. row[1], key)
end
"""
# What was claimed with the same token is given again: the reply of the first time was lost.
_RECLAIM: Final = """
local ours, owners = unpack(KEYS)
local inbox, platform, owner, token, most, kept = unpack(ARGV)
local found, in_doubt = {}, 0
local function give(key, delivery)
    local row = redis.call('HMGET', delivery, 'body', 'taken')
    found[#found + 1] = {key, row[1], row[2]}
end
for _, key in ipairs(redis.call('ZRANGE', ours, 0, -1)) do
    local delivery = inbox .. 'delivery:' .. key
    if redis.call('HGET', delivery, 'claim') == token then give(key, delivery) end
end
for _, other in ipairs(redis.call('SMEMBERS', owners)) do
    if #found >= tonumber(most) then break end
    if other ~= owner and redis.call('EXISTS', inbox .. 'alive:' .. other) == 0 then
        local theirs = inbox .. 'of:' .. platform .. ':' .. other
        for _, key in ipairs(redis.call('ZRANGE', theirs, 0, most - 1 - #found)) do
            local delivery = inbox .. 'delivery:' .. key
            local state = redis.call('HGET', delivery, 'state')
            redis.call('ZREM', theirs, key)
            if state == 'sending' then
                redis.call('DEL', delivery)
                in_doubt = in_doubt + 1
            elseif state then
                redis.call('HSET', delivery, 'owner', owner, 'claim', token)
                redis.call('ZADD', ours, redis.call('HGET', delivery, 'taken'), key)
                give(key, delivery)
            end
        end
        if redis.call('EXISTS', theirs) == 0 then redis.call('SREM', owners, other) end
    end
end
if #found > 0 then
    redis.call('EXPIRE', ours, kept)
    redis.call('SADD', owners, owner)
    redis.call('EXPIRE', owners, kept)
end
return {in_doubt, found}
"""


def connect(url: SecretStr) -> Redis:
    """A client for `url`; it connects when it is first used.

    Every command is sent once more after a time-out: all of ours may arrive twice. Raises SettingsError.
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


class _OnRedis:
    """What goes through one client. Methods raise RedisError when Redis does not answer."""

    def __init__(self, client: Redis) -> None:
        self._redis = client

    async def probe(self) -> None:
        """Raises RedisError when Redis does not answer, or takes no writes."""
        await self._redis.set(f"{_PREFIX}probe", "1", px=1000)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


class RedisStore(_OnRedis, LimitedStore):
    """A `SessionStore` on Redis; values are encrypted."""

    def __init__(
        self,
        client: Redis,
        *,
        cipher: Cipher,
        limit: str = RATE_LIMIT,
        retention: float = RETENTION,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take over `client`. Raises SettingsError for a limit that is none."""
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=f"{_PREFIX}limits",
            connection_pool=client.connection_pool,  # type: ignore[arg-type] # is passed on to redis-py
        )
        _OnRedis.__init__(self, client)
        LimitedStore.__init__(self, Throttle(limit, storage), retention, clock)
        self._cipher = cipher
        self._forget = client.register_script(_FORGET)

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        # A value of its own lets the client send the command again after a time-out.
        value = by or secrets.token_hex(8)
        before = await self._redis.set(f"{_PREFIX}seen:{key}", value, nx=True, get=True, px=_ms(ttl))
        return before is None or before == value

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        name = f"{_NOTE}{key}"
        if value is None:
            await self._redis.delete(name)
            return
        async with self._redis.pipeline() as pipe:
            # The owner stands in the value: when another writes the key, it is not the first one's.
            pipe.set(name, f"{user or ''}\n{self._cipher.encrypt(value)}", px=_ms(ttl))
            if user:
                now, kept = self._clock(), f"{_PREFIX}kept:{user}"
                pipe.zadd(kept, {name: now + ttl})
                pipe.zremrangebyscore(kept, 0, now)
                # GT alone would leave a new key without an end.
                pipe.pexpire(kept, _ms(ttl), nx=True)
                pipe.pexpire(kept, _ms(ttl), gt=True)
            await pipe.execute()

    async def noted(self, key: str) -> str | None:
        return self._opened(await self._redis.get(f"{_NOTE}{key}"))

    async def notes(self, prefix: str) -> dict[str, str]:
        found: dict[str, str] = {}
        cursor = None
        while cursor != 0:
            cursor, keys = await self._redis.scan(cursor or 0, f"{_NOTE}{prefix}*", _SCANNED)
            for key, kept in zip(keys, await self._redis.mget(keys) if keys else (), strict=True):
                if (value := self._opened(kept)) is not None:
                    found[str(key).removeprefix(_NOTE)] = value
        return found

    async def forget(self, user: UserKey) -> None:
        await self._forget(keys=[f"{_PREFIX}kept:{user}"], args=[user])
        await self._throttle.forget(user)

    def _opened(self, kept: str | bytes | None) -> str | None:
        return None if kept is None else self._cipher.decrypt(str(kept).partition("\n")[2])


class RedisInbox(_OnRedis, Inbox):
    """An `Inbox` on Redis; every step is one script, so it happens whole."""

    degraded: Final = False

    def __init__(self, client: Redis) -> None:
        """Take over `client` as a new owner, who lives from the first heartbeat on."""
        super().__init__(client)
        self._owner = secrets.token_hex(8)
        self._claim = secrets.token_hex(8)
        self._reclaiming = asyncio.Lock()
        self._put = client.register_script(_PUT)
        self._sending = client.register_script(_SENDING)
        self._done = client.register_script(_DONE)
        self._reclaim = client.register_script(_RECLAIM)

    async def put(self, delivery: Delivery, *, instead: str = "") -> bool:
        """One round trip. A key that is known as `instead` counts as new."""
        token = secrets.token_hex(8)  # lets the client send the script again after a time-out
        key, platform = delivery.key, delivery.platform
        keys = [*_keys(key), self._ours(platform), f"{_INBOX}owners:{platform}"]
        kept = [key, self._owner, platform, delivery.body, str(delivery.taken)]
        return bool(await self._put(keys, [token, _SEEN_SECONDS, _KEPT_SECONDS, *kept, instead]))

    async def adopt(self, delivery: Delivery) -> bool:
        """`put` for a delivery that a local file held till now: it may be known as held elsewhere."""
        return await self.put(delivery, instead=_ELSEWHERE)

    async def sending(self, key: str) -> bool:
        return bool(await self._sending(_keys(key), [self._owner, _SEEN_SECONDS]))

    async def done(self, key: str) -> None:
        await self._done(_keys(key), [self._owner, _SEEN_SECONDS, _INBOX, key, 0, self._owner])

    async def processed_elsewhere(self, key: str, *, held: bool) -> None:
        """`key` is processed outside of Redis: nobody may send anything for it, whosever it is here.

        `held`: a local file holds it, and who finds it there after a kill may `adopt` it.
        """
        mark = _ELSEWHERE if held else self._owner
        await self._done(_keys(key), [self._owner, _SEEN_SECONDS, _INBOX, key, 1, mark])

    async def reclaim(self, platform: str, most: int = MOST_RECLAIMED) -> Reclaimed:
        async with self._reclaiming:
            in_doubt, rows = await self._reclaim(
                [self._ours(platform), f"{_INBOX}owners:{platform}"],
                [_INBOX, platform, self._owner, self._claim, most, _KEPT_SECONDS],
            )
            self._claim = secrets.token_hex(8)
        return Reclaimed.of((Delivery(platform, key, body, float(at)) for key, body, at in rows), in_doubt)

    async def heartbeat(self) -> None:
        await self._redis.set(f"{_INBOX}alive:{self._owner}", "1", px=_ms(OWNER_TTL))

    def _ours(self, platform: str) -> str:
        return f"{_INBOX}of:{platform}:{self._owner}"


def _keys(key: str) -> list[str]:
    return [f"{_INBOX}seen:{key}", f"{_INBOX}delivery:{key}"]


def _ms(seconds: float) -> int:
    """A time to live as Redis takes it."""
    return max(1, round(1000 * seconds))
