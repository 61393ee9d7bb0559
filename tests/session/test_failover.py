"""Redis goes, hangs and comes back; the bot goes on, and nothing is answered twice or forgotten late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis import Redis

from assemblybot.answering.answer import Context
from assemblybot.errors import SettingsError
from assemblybot.session import Feedback, Pseudonyms, SessionStore, open_inbox, open_store, outage
from assemblybot.session.failover_inbox import FailoverInbox
from assemblybot.session.inbox import OWNER_TTL, Delivery, Inbox, Reclaimed
from assemblybot.session.redis_client import connect
from assemblybot.session.redis_inbox import RedisInbox
from assemblybot.session.sqlite_inbox import SqliteInbox
from assemblybot.settings import Settings
from tests.servers import RedisServer, running_redis
from tests.session.clock import Clock

NAMES = Pseudonyms(b"k" * 32)
AMAL = NAMES.user("telegram", 1)
CHAT = NAMES.conversation("telegram", 10, 1)
CONTEXT = Context("أين تقع مدينة مراكش؟", ("marrakech-2025#4",))


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """A Redis of this test alone, looked for often."""
    monkeypatch.setattr(outage, "_LOOK_EVERY", 0.05)
    with running_redis() as server:
        yield server


@pytest.fixture
def settings(redis: RedisServer, tmp_path: Path) -> Settings:
    return Settings(redis_url=SecretStr(redis.url), state_dir=tmp_path, _env_file=None)


@asynccontextmanager
async def store_of(settings: Settings) -> AsyncIterator[SessionStore]:
    store = await open_store(settings)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def inbox_of(redis: RedisServer, file: Path, clock: Clock) -> AsyncIterator[Inbox]:
    """A replica: its share of Redis, and a local file, which those on one machine share."""
    shared = RedisInbox(connect(SecretStr(redis.url)))
    inbox = FailoverInbox(shared, await SqliteInbox.open(file, clock=clock), clock)
    await inbox.beat()
    try:
        yield inbox
    finally:
        await inbox.close()


async def back(state: SessionStore | Inbox) -> None:
    async with asyncio.timeout(20):
        while state.degraded:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def let_lapse(redis: RedisServer) -> None:
    """As if every owner had been silent for `OWNER_TTL`."""
    with Redis.from_url(redis.url) as client:
        client.delete(*client.keys("assemblybot:inbox:alive:*"))


def update(number: int) -> Delivery:
    return Delivery("telegram", f"telegram:1:{number}", "{}", float(number))


def test_a_store_goes_on_and_tells_redis_afterwards(redis: RedisServer, settings: Settings) -> None:
    async def main() -> None:
        async with store_of(settings) as store, store_of(settings) as other:
            assert await store.first_seen("before", 60, by="d1")
            assert not store.degraded
            redis.stop()
            assert not await store.first_seen("before", 60), "seen by this very process"
            assert store.degraded
            assert await store.first_seen("before", 60, by="d1")
            assert await store.first_seen("during", 60)
            assert not await store.first_seen("during", 60)
            await store.remember(CHAT, CONTEXT, 60, user=AMAL)
            await store.set_preference(AMAL, "language", "fr")
            await store.record_feedback("a1", AMAL, 1)
            assert await store.recall(CHAT) == CONTEXT
            assert await store.allow(AMAL) == 0.0
            redis.start()
            await back(store)
            assert not await other.first_seen("during", 60)
            assert await other.recall(CHAT) == CONTEXT
            assert await other.get_preference(AMAL, "language") == "fr"
            assert await other.feedback("a1") == Feedback(helpful=1)
            await store.forget(AMAL)
            redis.stop()
            assert await store.get_preference(AMAL, "language") is None, "a new outage begins empty"

    asyncio.run(main())


def test_who_is_forgotten_during_an_outage_is_gone_after_it(redis: RedisServer, settings: Settings) -> None:
    async def main() -> None:
        async with store_of(settings) as store, store_of(settings) as other:
            await store.remember(CHAT, CONTEXT, 600, user=AMAL)
            with redis.frozen():
                await store.forget(AMAL)
                assert await store.recall(CHAT) is None
            await back(store)
            assert await other.recall(CHAT) is None

    asyncio.run(main())


def test_a_redis_that_hangs_costs_one_short_wait(redis: RedisServer, settings: Settings) -> None:
    async def main() -> None:
        async with store_of(settings) as store:
            inbox = await open_inbox(settings)
            with redis.frozen():
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


def test_it_starts_without_redis(redis: RedisServer, settings: Settings) -> None:
    async def main() -> None:
        redis.stop()
        async with store_of(settings) as store:
            inbox = await open_inbox(settings)
            assert store.degraded
            assert inbox.degraded
            assert await inbox.put(update(1))
            redis.start()
            await back(store)
            await back(inbox)
            await inbox.close()

    asyncio.run(main())


def test_what_was_taken_before_an_outage_is_sent_once(redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with (
            inbox_of(redis, tmp_path / "a.db", clock) as ours,
            inbox_of(redis, tmp_path / "b.db", clock) as theirs,
        ):
            for number in (1, 2, 3):
                assert await ours.put(update(number))
            let_lapse(redis)
            with redis.frozen():
                assert await ours.sending(update(1).key)
                assert await ours.sending(update(2).key)
                await ours.done(update(2).key)
                await theirs.beat()
                assert ours.degraded
                assert theirs.degraded
            await back(ours)
            await back(theirs)
            clock.now += OWNER_TTL
            await ours.beat()
            assert await theirs.reclaim("telegram") == Reclaimed()
            for number in (1, 2, 3):
                assert not await theirs.put(update(number))
            assert await ours.sending(update(3).key)

    asyncio.run(main())


def test_a_redis_that_lost_everything_loses_no_answer(redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        async with inbox_of(redis, tmp_path / "a.db", Clock()) as inbox:
            assert await inbox.put(update(1))
            assert await inbox.put(update(2))
            redis.stop()
            assert await inbox.sending(update(1).key)
            await inbox.done(update(1).key)
            assert await inbox.put(update(3))
            assert not await inbox.put(update(2)), "seen by this very process"
            redis.start()
            await back(inbox)
            assert await inbox.sending(update(2).key)
            assert await inbox.sending(update(3).key)
            for number in (1, 2, 3):
                await inbox.done(update(number).key)
                assert not await inbox.put(update(number))

    asyncio.run(main())


def test_a_process_killed_during_an_outage_leaves_its_deliveries(redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with (
            inbox_of(redis, tmp_path / "a.db", clock) as killed,
            inbox_of(redis, tmp_path / "b.db", clock) as other,
        ):
            redis.stop()
            for number in (1, 2, 3):
                assert await killed.put(update(number))
            await killed.sending(update(3).key)
            await killed.close()
            redis.start()
            clock.now += OWNER_TTL + 1
            async with inbox_of(redis, tmp_path / "a.db", clock) as restarted:
                assert await other.put(update(1)), "repeated before the restart: the other answers it"
                found = await restarted.reclaim("telegram")
                assert [delivery.key for delivery in found.deliveries] == [update(2).key]
                assert found.unsure == 1
                assert not await other.put(update(2)), "repeated after it"
                assert await restarted.sending(update(2).key)

    asyncio.run(main())


def test_a_process_killed_after_an_outage_leaves_what_it_took_during_it(
    redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        clock = Clock()
        async with (
            inbox_of(redis, tmp_path / "a.db", clock) as killed,
            inbox_of(redis, tmp_path / "b.db", clock) as other,
        ):
            redis.stop()
            for number in (1, 2):
                assert await killed.put(update(number))
            await killed.sending(update(2).key)
            await killed.done(update(2).key)
            redis.start()
            await back(killed)
            await killed.close()
            clock.now += OWNER_TTL + 1
            for number in (1, 2):
                assert not await other.put(update(number)), "repeated before the restart"
            async with inbox_of(redis, tmp_path / "a.db", clock) as restarted:
                found = await restarted.reclaim("telegram")
                assert [delivery.key for delivery in found.deliveries] == [update(1).key]
                assert found.unsure == 0
                for number in (1, 2):
                    assert not await other.put(update(number)), "repeated after it"
                assert await restarted.sending(update(1).key)
                assert await restarted.reclaim("telegram") == Reclaimed()

    asyncio.run(main())


def test_what_another_had_taken_before_the_outage_is_held_by_one_of_them(
    redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        clock = Clock()
        other = RedisInbox(connect(SecretStr(redis.url)))
        await other.beat()
        async with inbox_of(redis, tmp_path / "a.db", clock) as killed:
            for number in (1, 2):
                await other.put(update(number))
            with redis.frozen():
                for number in (1, 2):
                    assert await killed.put(update(number)), "nobody here knows of the other"
            await other.done(update(2).key)
            await back(killed)
        assert not await other.sending(update(1).key)
        clock.now += OWNER_TTL + 1
        async with inbox_of(redis, tmp_path / "a.db", clock) as restarted:
            found = await restarted.reclaim("telegram")
            assert [delivery.key for delivery in found.deliveries] == [update(1).key]
        await other.close()

    asyncio.run(main())


def test_what_another_was_first_to_see_is_known_in_an_outage(redis: RedisServer, settings: Settings) -> None:
    async def main() -> None:
        async with store_of(settings) as store, store_of(settings) as other:
            inbox, others = await open_inbox(settings), await open_inbox(settings)
            assert await other.first_seen("before", 60, by="d1")
            assert not await store.first_seen("before", 60, by="d2")
            assert await others.put(update(1))
            assert not await inbox.put(update(1))
            redis.stop()
            assert not await store.first_seen("before", 60, by="d2")
            assert not await inbox.put(update(1))
            await inbox.close()
            await others.close()

    asyncio.run(main())


def test_one_change_that_redis_cannot_take_holds_up_no_other(redis: RedisServer, settings: Settings) -> None:
    async def main() -> None:
        async with store_of(settings) as store, store_of(settings) as other:
            redis.stop()
            assert await store.noted("anything") is None
            with pytest.raises(UnicodeEncodeError):
                await store.set_preference(AMAL, "language", "\ud800")
            await store.set_preference(AMAL, "size", "large")
            redis.start()
            await back(store)
            assert await other.get_preference(AMAL, "size") == "large"

    asyncio.run(main())


def test_what_was_taken_over_during_an_outage_is_not_sent_twice(redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        other = RedisInbox(connect(SecretStr(redis.url)))
        await other.beat()
        async with inbox_of(redis, tmp_path / "a.db", Clock()) as ours:
            for number in (1, 2):
                await ours.put(update(number))
            let_lapse(redis)
            with redis.frozen():
                assert await ours.sending(update(1).key)
                taking_over = asyncio.create_task(other.reclaim("telegram"))
                await asyncio.sleep(0.2)
            assert len((await taking_over).deliveries) == 2, "it was under way when Redis woke up"
            await back(ours)
            assert not await other.sending(update(1).key)
            assert await other.sending(update(2).key)
            assert not await ours.sending(update(2).key)
        await other.close()

    asyncio.run(main())


def test_nobody_takes_over_before_the_living_could_say_so(redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with (
            inbox_of(redis, tmp_path / "a.db", clock) as ours,
            inbox_of(redis, tmp_path / "b.db", clock) as started,
        ):
            await ours.put(update(1))
            let_lapse(redis)
            assert await started.reclaim("telegram") == Reclaimed()
            clock.now += OWNER_TTL
            assert len((await started.reclaim("telegram")).deliveries) == 1
            assert not await ours.sending(update(1).key)

    asyncio.run(main())


def test_the_reply_to_a_reclaim_may_be_lost(redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with inbox_of(redis, tmp_path / "a.db", clock) as gone:
            await gone.put(update(1))
            await gone.put(update(2))
        shared = RedisInbox(connect(SecretStr(redis.url)))
        let_lapse(redis)
        lost = await shared._reclaim(  # what is sent, without the end that a reply brings
            keys=[shared._ours("telegram"), "assemblybot:inbox:owners:telegram"],
            args=["assemblybot:inbox:", "telegram", shared._owner, shared._claim, 1, 60],
        )
        assert len(lost[1]) == 1
        again = (await shared.reclaim("telegram", most=1)).deliveries
        assert [d.key for d in again] == [update(1).key], "and no more than were asked for"
        assert [d.key for d in (await shared.reclaim("telegram")).deliveries] == [update(2).key]
        assert not (await shared.reclaim("telegram")).deliveries
        await shared.close()

    asyncio.run(main())


def test_an_address_that_is_none_is_told_without_its_password(tmp_path: Path) -> None:
    settings = Settings(redis_url=SecretStr("http://:hunter2@host"), state_dir=tmp_path, _env_file=None)
    for opening in (open_store(settings), open_inbox(settings)):
        with pytest.raises(SettingsError, match="REDIS_URL") as caught:
            asyncio.run(opening)
        assert "hunter2" not in str(caught.value)
