"""The inbox that all replicas share, in Redis; every step is one script, so it happens whole.

Under `assemblybot:inbox:` lie

    seen:KEY               who put KEY; `elsewhere` while a local file of some replica holds it
    delivery:KEY           hash of platform, owner, state, body, taken, claim; deleted when done
    of:PLATFORM:OWNER      sorted set of the owner's keys by the time they were taken
    owners:PLATFORM        set of the owners who may hold something
    alive:OWNER            there while the owner lives
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

from redis.asyncio import Redis

from assemblybot.session.base import SEEN_TTL
from assemblybot.session.inbox import OLDEST_DELIVERY, OWNER_TTL, Delivery, Reclaimed
from assemblybot.session.redis_client import PREFIX, milliseconds, probe

_INBOX: Final = f"{PREFIX}inbox:"
# Seconds; a delivery as old as this is of no use to anyone.
_KEPT: Final = 2 * OLDEST_DELIVERY

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
local found, unsure = {}, 0
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
                unsure = unsure + 1
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
end
return {unsure, found}
"""


class RedisInbox:
    """An `Inbox` on Redis. Its methods raise RedisError when Redis does not answer."""

    degraded: Final = False

    def __init__(self, client: Redis) -> None:
        """Take over `client` as a new owner, who lives from the first `beat` on."""
        self._redis = client
        self._owner = secrets.token_hex(8)
        self._claim = secrets.token_hex(8)
        self._reclaiming = asyncio.Lock()
        self._put = client.register_script(_PUT)
        self._sending = client.register_script(_SENDING)
        self._done = client.register_script(_DONE)
        self._reclaim = client.register_script(_RECLAIM)

    async def put(self, delivery: Delivery) -> bool:
        """See `Inbox.put`; one round trip."""
        return await self._keep(delivery)

    async def adopt(self, delivery: Delivery) -> bool:
        """`put` for a delivery that a local file held till now: it may be known as held elsewhere."""
        return await self._keep(delivery, instead=_ELSEWHERE)

    async def _keep(self, delivery: Delivery, instead: str = "") -> bool:
        token = secrets.token_hex(8)  # lets the client send the script again after a time-out
        new = await self._put(
            keys=[
                f"{_INBOX}seen:{delivery.key}",
                f"{_INBOX}delivery:{delivery.key}",
                self._ours(delivery.platform),
                f"{_INBOX}owners:{delivery.platform}",
            ],
            args=[
                token,
                round(SEEN_TTL),
                round(_KEPT),
                delivery.key,
                self._owner,
                delivery.platform,
                delivery.body,
                delivery.taken,
                instead,
            ],
        )
        return bool(new)

    async def sending(self, key: str) -> bool:
        """See `Inbox.sending`."""
        return bool(await self._sending(keys=_keys(key), args=[self._owner, round(SEEN_TTL)]))

    async def done(self, key: str) -> None:
        """See `Inbox.done`."""
        await self._done(keys=_keys(key), args=[self._owner, round(SEEN_TTL), _INBOX, key, 0, self._owner])

    async def dealt_with_elsewhere(self, key: str, *, held: bool) -> None:
        """`key` is dealt with outside of Redis: nobody may send anything for it, whosever it is here.

        `held`: a local file holds it, and who finds it there after a kill may `adopt` it.
        """
        mark = _ELSEWHERE if held else self._owner
        await self._done(keys=_keys(key), args=[self._owner, round(SEEN_TTL), _INBOX, key, 1, mark])

    async def reclaim(self, platform: str, most: int = 100) -> Reclaimed:
        """See `Inbox.reclaim`."""
        async with self._reclaiming:
            unsure, rows = await self._reclaim(
                keys=[self._ours(platform), f"{_INBOX}owners:{platform}"],
                args=[_INBOX, platform, self._owner, self._claim, most, round(_KEPT)],
            )
            self._claim = secrets.token_hex(8)
        found = sorted(
            (Delivery(platform, key, body, float(taken)) for key, body, taken in rows),
            key=lambda delivery: delivery.taken,
        )
        return Reclaimed(tuple(found), unsure)

    async def beat(self) -> None:
        """See `Inbox.beat`."""
        await self._redis.set(f"{_INBOX}alive:{self._owner}", "1", px=milliseconds(OWNER_TTL))

    async def probe(self) -> None:
        """Raises RedisError when Redis cannot be written to."""
        await probe(self._redis)

    async def close(self) -> None:
        """See `Inbox.close`."""
        await self._redis.aclose()

    def _ours(self, platform: str) -> str:
        return f"{_INBOX}of:{platform}:{self._owner}"


def _keys(key: str) -> list[str]:
    return [f"{_INBOX}seen:{key}", f"{_INBOX}delivery:{key}"]
