"""Deliveries outlive an outage of Redis and a kill in it; none is answered twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from assemblybot.session.inbox import OWNER_TTL, Reclaimed
from assemblybot.session.redis import RedisInbox, connect
from tests.servers import RedisServer
from tests.session.clock import Clock
from tests.session.outages import back, inbox_of, let_lapse, two_inboxes_of, update


@pytest.mark.slow
def test_what_was_taken_before_an_outage_is_sent_once(stoppable_redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with two_inboxes_of(stoppable_redis, tmp_path, clock) as (ours, theirs):
            for number in (1, 2, 3):
                assert await ours.put(update(number))
            let_lapse(stoppable_redis)
            with stoppable_redis.frozen():
                assert await ours.sending(update(1).key)
                assert await ours.sending(update(2).key)
                await ours.done(update(2).key)
                await theirs.heartbeat()
                assert ours.degraded
                assert theirs.degraded
            await back(ours)
            await back(theirs)
            clock.now += OWNER_TTL
            await ours.heartbeat()
            assert await theirs.reclaim("telegram") == Reclaimed()
            for number in (1, 2, 3):
                assert not await theirs.put(update(number))
            assert await ours.sending(update(3).key)

    asyncio.run(main())


def test_a_redis_that_lost_everything_loses_no_answer(stoppable_redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        async with inbox_of(stoppable_redis, tmp_path / "a.db", Clock()) as inbox:
            assert await inbox.put(update(1))
            assert await inbox.put(update(2))
            stoppable_redis.stop()
            assert await inbox.sending(update(1).key)
            await inbox.done(update(1).key)
            assert await inbox.put(update(3))
            assert not await inbox.put(update(2)), "seen by this very process"
            stoppable_redis.start()
            await back(inbox)
            assert await inbox.sending(update(2).key)
            assert await inbox.sending(update(3).key)
            for number in (1, 2, 3):
                await inbox.done(update(number).key)
                assert not await inbox.put(update(number))

    asyncio.run(main())


def test_a_process_killed_during_an_outage_leaves_its_deliveries(
    stoppable_redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        clock = Clock()
        async with two_inboxes_of(stoppable_redis, tmp_path, clock) as (killed, other):
            stoppable_redis.stop()
            for number in (1, 2, 3):
                assert await killed.put(update(number))
            await killed.sending(update(3).key)
            await killed.close()
            stoppable_redis.start()
            clock.now += OWNER_TTL + 1
            async with inbox_of(stoppable_redis, tmp_path / "a.db", clock) as restarted:
                assert await other.put(update(1)), "repeated before the restart: the other answers it"
                found = await restarted.reclaim("telegram")
                assert [delivery.key for delivery in found.deliveries] == [update(2).key]
                assert found.in_doubt == 1
                assert not await other.put(update(2)), "repeated after it"
                assert await restarted.sending(update(2).key)

    asyncio.run(main())


def test_a_process_killed_after_an_outage_leaves_what_it_took_during_it(
    stoppable_redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        clock = Clock()
        async with two_inboxes_of(stoppable_redis, tmp_path, clock) as (killed, other):
            stoppable_redis.stop()
            for number in (1, 2):
                assert await killed.put(update(number))
            await killed.sending(update(2).key)
            await killed.done(update(2).key)
            stoppable_redis.start()
            await back(killed)
            await killed.close()
            clock.now += OWNER_TTL + 1
            for number in (1, 2):
                assert not await other.put(update(number)), "repeated before the restart"
            async with inbox_of(stoppable_redis, tmp_path / "a.db", clock) as restarted:
                found = await restarted.reclaim("telegram")
                assert [delivery.key for delivery in found.deliveries] == [update(1).key]
                assert found.in_doubt == 0
                for number in (1, 2):
                    assert not await other.put(update(number)), "repeated after it"
                assert await restarted.sending(update(1).key)
                assert await restarted.reclaim("telegram") == Reclaimed()

    asyncio.run(main())


def test_what_another_had_taken_before_the_outage_is_held_by_one_of_them(
    stoppable_redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        clock = Clock()
        other = RedisInbox(connect(SecretStr(stoppable_redis.url)))
        await other.heartbeat()
        async with inbox_of(stoppable_redis, tmp_path / "a.db", clock) as killed:
            for number in (1, 2):
                await other.put(update(number))
            with stoppable_redis.frozen():
                for number in (1, 2):
                    assert await killed.put(update(number)), "nobody here knows of the other"
            await other.done(update(2).key)
            await back(killed)
        assert not await other.sending(update(1).key)
        clock.now += OWNER_TTL + 1
        async with inbox_of(stoppable_redis, tmp_path / "a.db", clock) as restarted:
            found = await restarted.reclaim("telegram")
            assert [delivery.key for delivery in found.deliveries] == [update(1).key]
        await other.close()

    asyncio.run(main())


def test_what_was_taken_over_during_an_outage_is_not_sent_twice(
    stoppable_redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        other = RedisInbox(connect(SecretStr(stoppable_redis.url)))
        await other.heartbeat()
        async with inbox_of(stoppable_redis, tmp_path / "a.db", Clock()) as ours:
            for number in (1, 2):
                await ours.put(update(number))
            let_lapse(stoppable_redis)
            with stoppable_redis.frozen():
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


def test_nobody_takes_over_before_the_living_could_say_so(
    stoppable_redis: RedisServer, tmp_path: Path
) -> None:
    async def main() -> None:
        clock = Clock()
        async with two_inboxes_of(stoppable_redis, tmp_path, clock) as (ours, started):
            await ours.put(update(1))
            let_lapse(stoppable_redis)
            assert await started.reclaim("telegram") == Reclaimed()
            clock.now += OWNER_TTL
            assert len((await started.reclaim("telegram")).deliveries) == 1
            assert not await ours.sending(update(1).key)
            await ours.put(update(2))
            with stoppable_redis.frozen():
                await started.heartbeat()
            await back(started)
            let_lapse(stoppable_redis)
            assert await started.reclaim("telegram") == Reclaimed(), "after an outage as after a start"
            clock.now += OWNER_TTL
            assert len((await started.reclaim("telegram")).deliveries) == 1

    asyncio.run(main())


def test_the_reply_to_a_reclaim_may_be_lost(stoppable_redis: RedisServer, tmp_path: Path) -> None:
    async def main() -> None:
        clock = Clock()
        async with inbox_of(stoppable_redis, tmp_path / "a.db", clock) as gone:
            await gone.put(update(1))
            await gone.put(update(2))
        shared = RedisInbox(connect(SecretStr(stoppable_redis.url)))
        let_lapse(stoppable_redis)
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
