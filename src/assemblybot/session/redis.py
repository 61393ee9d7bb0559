"""Session state in Redis (7 or newer), which all replicas share.

Under `assemblybot:` lie

    seen:KEY                   who saw KEY first; expires
    note:KEY                   owner, newline, sealed value; expires
    preference:USER:NAME       the same
    feedback:ANSWER:helpful    sorted set of users, each until its rating expires; also :unhelpful,
                               and one for each reason why the answer did not help
    kept:USER                  sorted set of the keys above that hold something of USER: for `forget`
    limits…                    the windows of the rate limit

Everything has a time to live, so nothing grows for ever.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

from limits.aio.storage import RedisStorage
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from assemblybot.session.base import RETENTION, Feedback, Reason, SessionStore, UserKey
from assemblybot.session.redis_client import PREFIX, milliseconds, probe
from assemblybot.session.sealing import Seal
from assemblybot.session.throttle import DEFAULT_LIMIT, Throttle

_HELPFUL, _UNHELPFUL = "helpful", "unhelpful"
_FORGET: Final = """
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if redis.call('TYPE', key).ok == 'zset' then
        redis.call('ZREM', key, ARGV[1])
    else
        local kept = redis.call('GET', key)
        if kept and string.sub(kept, 1, #ARGV[1] + 1) == ARGV[1] .. '\\n' then
            redis.call('DEL', key)
        end
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
        self._retention = retention
        self._clock = clock
        self._forget = client.register_script(_FORGET)

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """See `SessionStore.first_seen`."""
        # A value of its own lets the client send the command again after a time-out.
        value = by or secrets.token_hex(8)
        before = await self._redis.set(f"{PREFIX}seen:{key}", value, nx=True, get=True, px=milliseconds(ttl))
        return before is None or before == value

    async def note(self, key: str, value: str, ttl: float, *, user: UserKey | None = None) -> None:
        """See `SessionStore.note`."""
        await self._keep(f"{PREFIX}note:{key}", value, ttl, user)

    async def noted(self, key: str) -> str | None:
        """See `SessionStore.noted`."""
        return await self._kept(f"{PREFIX}note:{key}")

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._throttle.allow(user)

    async def record_feedback(
        self, answer: str, user: UserKey, value: int, reason: Reason | None = None
    ) -> None:
        """See `SessionStore.record_feedback`."""
        now = self._clock()
        names = () if value == 0 else (_HELPFUL,) if value > 0 else (_UNHELPFUL, reason)
        async with self._redis.pipeline() as pipe:
            for ratings in _ratings(answer):
                pipe.zrem(ratings, user)
                pipe.zremrangebyscore(ratings, 0, now)
            for chosen in (_rating(answer, name) for name in names if name):
                pipe.zadd(chosen, {user: now + self._retention})
                pipe.pexpire(chosen, milliseconds(self._retention))
                self._belongs(pipe, user, chosen, self._retention)
            await pipe.execute()

    async def feedback(self, answer: str) -> Feedback:
        """See `SessionStore.feedback`."""
        async with self._redis.pipeline() as pipe:
            for ratings in _ratings(answer):
                pipe.zcount(ratings, f"({self._clock()}", "+inf")
            helpful, not_helpful, *counts = await pipe.execute()
        reasons = {reason: count for reason, count in zip(Reason, counts, strict=True) if count}
        return Feedback(helpful, not_helpful, reasons)

    async def ratings(self) -> dict[str, Feedback]:
        """See `SessionStore.ratings`."""
        begin = f"{PREFIX}feedback:"
        keys = [str(key) async for key in self._redis.scan_iter(match=f"{begin}*")]
        answers = {key.removeprefix(begin).rpartition(":")[0] for key in keys}
        found = {answer: await self.feedback(answer) for answer in sorted(answers)}
        return {answer: rated for answer, rated in found.items() if rated != Feedback()}

    async def get_preference(self, user: UserKey, name: str) -> str | None:
        """See `SessionStore.get_preference`."""
        return await self._kept(_preference(user, name))

    async def set_preference(self, user: UserKey, name: str, value: str | None) -> None:
        """See `SessionStore.set_preference`."""
        if value is None:
            await self._redis.delete(_preference(user, name))
        else:
            await self._keep(_preference(user, name), value, self._retention, user)

    async def forget(self, user: UserKey) -> None:
        """See `SessionStore.forget`."""
        await self._forget(keys=[_kept_of(user)], args=[user])
        await self._throttle.forget(user)

    async def probe(self) -> None:
        """Raises RedisError when Redis cannot be written to."""
        await probe(self._redis)

    async def close(self) -> None:
        """See `SessionStore.close`."""
        await self._redis.aclose()

    async def _keep(self, key: str, value: str, ttl: float, user: UserKey | None) -> None:
        async with self._redis.pipeline() as pipe:
            # The owner stands in the value: when another writes the key, it is not the first one's.
            pipe.set(key, f"{user or ''}\n{self._seal.close(value)}", px=milliseconds(ttl))
            if user:
                self._belongs(pipe, user, key, ttl)
            await pipe.execute()

    async def _kept(self, key: str) -> str | None:
        kept = await self._redis.get(key)
        return None if kept is None else self._seal.open(str(kept).partition("\n")[2])

    def _belongs(self, pipe: Pipeline, user: UserKey, key: str, ttl: float) -> None:
        """Note for `forget` that `key` holds something of `user`, until it expires by itself."""
        now, kept = self._clock(), _kept_of(user)
        pipe.zadd(kept, {key: now + ttl})
        pipe.zremrangebyscore(kept, 0, now)
        # GT alone would leave a new key without an end.
        pipe.pexpire(kept, milliseconds(ttl), nx=True)
        pipe.pexpire(kept, milliseconds(ttl), gt=True)


def _kept_of(user: UserKey) -> str:
    return f"{PREFIX}kept:{user}"


def _preference(user: UserKey, name: str) -> str:
    return f"{PREFIX}preference:{user}:{name}"


def _rating(answer: str, name: str) -> str:
    return f"{PREFIX}feedback:{answer}:{name}"


def _ratings(answer: str) -> tuple[str, ...]:
    return tuple(_rating(answer, name) for name in (_HELPFUL, _UNHELPFUL, *Reason))
