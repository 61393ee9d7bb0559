"""Redis goes, hangs and comes back; the bot goes on, and nothing is answered twice or forgotten late."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from redis import Redis

from assemblybot.answering.answer import Context
from assemblybot.errors import SettingsError
from assemblybot.session import Feedback, Pseudonyms, SessionStore, failover, open_inbox, open_store
from assemblybot.settings import Settings
from tests.servers import RedisServer
from tests.session.clock import Clock
from tests.session.outages import back, store_of, update

NAMES = Pseudonyms(b"k" * 32)
AMAL = NAMES.user("telegram", 1)
CHAT = NAMES.conversation("telegram", 10, 1)
CONTEXT = Context("أين تقع مدينة مراكش؟", ("marrakech-2025#4",))


def degraded(store: SessionStore) -> bool:
    """Asked anew each time, which a type checker does not expect of a property."""
    return store.degraded


def test_a_store_goes_on_and_tells_redis_afterwards(
    stoppable_redis: RedisServer, redis_settings: Settings
) -> None:
    async def main() -> None:
        async with store_of(redis_settings) as store, store_of(redis_settings) as other:
            assert await store.first_seen("before", 60, by="d1")
            assert not degraded(store)
            stoppable_redis.stop()
            assert not await store.first_seen("before", 60), "seen by this very process"
            assert degraded(store)
            assert await store.first_seen("before", 60, by="d1")
            assert await store.first_seen("during", 60)
            assert not await store.first_seen("during", 60)
            await store.remember(CHAT, CONTEXT, 60, user=AMAL)
            await store.set_preference(AMAL, "language", "fr")
            await store.record_feedback("a1", AMAL, 1)
            assert await store.recall(CHAT) == CONTEXT
            assert await store.allow(AMAL) == 0.0
            stoppable_redis.start()
            await back(store)
            assert not await other.first_seen("during", 60)
            assert await other.recall(CHAT) == CONTEXT
            assert await other.get_preference(AMAL, "language") == "fr"
            assert await other.feedback("a1") == Feedback(helpful=1)
            await store.forget(AMAL)
            stoppable_redis.stop()
            assert await store.get_preference(AMAL, "language") is None, "a new outage begins empty"

    asyncio.run(main())


def test_what_redis_is_told_afterwards_lasts_no_longer_for_it(
    stoppable_redis: RedisServer, redis_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(failover, "time", SimpleNamespace(time=clock))

    async def main() -> None:
        async with store_of(redis_settings) as store:
            stoppable_redis.stop()
            assert await store.first_seen("during", 10_000)
            await store.note("note", "value", 10_000)
            clock.now += 5_000
            stoppable_redis.start()
            await back(store)
            with Redis.from_url(stoppable_redis.url) as client:
                left = [client.ttl(key) for name in ("during", "note") for key in client.keys(f"*:{name}")]
            assert len(left) == 2
            assert all(0 < seconds <= 5_000 for seconds in left)

    asyncio.run(main())


def test_who_is_forgotten_during_an_outage_is_gone_after_it(
    stoppable_redis: RedisServer, redis_settings: Settings
) -> None:
    async def main() -> None:
        async with store_of(redis_settings) as store, store_of(redis_settings) as other:
            await store.remember(CHAT, CONTEXT, 600, user=AMAL)
            with stoppable_redis.frozen():
                await store.forget(AMAL)
                assert await store.recall(CHAT) is None
            await back(store)
            assert await other.recall(CHAT) is None

    asyncio.run(main())


def test_a_redis_that_hangs_costs_one_short_wait(
    stoppable_redis: RedisServer, redis_settings: Settings
) -> None:
    async def main() -> None:
        async with store_of(redis_settings) as store:
            inbox = await open_inbox(redis_settings)
            with stoppable_redis.frozen():
                began = time.monotonic()
                answered = await asyncio.gather(
                    *(store.first_seen(f"k{number}", 60) for number in range(200)),
                    *(inbox.put(update(number)) for number in range(200)),
                )
                assert all(answered)
                first = time.monotonic() - began
                assert 3.0 < first < 40.0, "two time-outs of two seconds, and the rest at once"
                began = time.monotonic()
                assert await store.first_seen("after", 60)
                assert await inbox.put(update(999))
                assert time.monotonic() - began < first / 2
                assert store.degraded
                assert inbox.degraded
            await back(store)
            await back(inbox)
            assert not await inbox.put(update(7))
            await inbox.close()

    asyncio.run(main())


def test_it_starts_without_redis(stoppable_redis: RedisServer, redis_settings: Settings) -> None:
    async def main() -> None:
        stoppable_redis.stop()
        async with store_of(redis_settings) as store:
            inbox = await open_inbox(redis_settings)
            assert store.degraded
            assert inbox.degraded
            assert await inbox.put(update(1))
            stoppable_redis.start()
            await back(store)
            await back(inbox)
            await inbox.close()

    asyncio.run(main())


def test_what_another_was_first_to_see_is_known_in_an_outage(
    stoppable_redis: RedisServer, redis_settings: Settings
) -> None:
    async def main() -> None:
        async with store_of(redis_settings) as store, store_of(redis_settings) as other:
            inbox, others = await open_inbox(redis_settings), await open_inbox(redis_settings)
            assert await other.first_seen("before", 60, by="d1")
            assert not await store.first_seen("before", 60, by="d2")
            assert await others.put(update(1))
            assert not await inbox.put(update(1))
            stoppable_redis.stop()
            assert not await store.first_seen("before", 60, by="d2")
            assert not await inbox.put(update(1))
            await inbox.close()
            await others.close()

    asyncio.run(main())


def test_one_change_that_redis_cannot_take_holds_up_no_other(
    stoppable_redis: RedisServer, redis_settings: Settings
) -> None:
    async def main() -> None:
        async with store_of(redis_settings) as store, store_of(redis_settings) as other:
            stoppable_redis.stop()
            assert await store.noted("anything") is None
            with pytest.raises(UnicodeEncodeError):
                await store.set_preference(AMAL, "language", "\ud800")
            await store.set_preference(AMAL, "size", "large")
            stoppable_redis.start()
            await back(store)
            assert await other.get_preference(AMAL, "size") == "large"

    asyncio.run(main())


def test_an_address_that_is_none_is_told_without_its_password(tmp_path: Path) -> None:
    settings = Settings(redis_url=SecretStr("http://:hunter2@host"), state_dir=tmp_path, _env_file=None)
    for opening in (open_store(settings), open_inbox(settings)):
        with pytest.raises(SettingsError, match="REDIS_URL") as caught:
            asyncio.run(opening)
        assert "hunter2" not in str(caught.value)
