"""What every inbox promises; a new backend joins by one line in `BACKENDS`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from assemblybot.errors import DeliveryLostError
from assemblybot.session import SqliteInbox
from assemblybot.session.base import SEEN_TTL
from assemblybot.session.inbox import (
    OWNER_TTL,
    Delivery,
    Inbox,
    current_delivery,
    current_delivery_key,
    processing,
)
from tests.session.backends import inbox_in_file, inbox_in_redis
from tests.session.clock import Clock

BACKENDS = [inbox_in_file, inbox_in_redis]
Scenario = Callable[[Inbox, Inbox, Clock], Awaitable[None]]
Play = Callable[[Scenario], None]


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Runs a scenario with two owners of one fresh inbox of each backend."""
    redis = request.getfixturevalue("redis_url") if request.param is inbox_in_redis else ""

    def run(scenario: Scenario) -> None:
        async def main() -> None:
            clock = Clock()
            async with AsyncExitStack() as stack:
                ours = await stack.enter_async_context(request.param(tmp_path, redis, clock))
                theirs = await stack.enter_async_context(request.param(tmp_path, redis, clock))
                await scenario(ours, theirs, clock)

        asyncio.run(main())

    return run


def update(number: int, clock: Clock) -> Delivery:
    return Delivery("telegram", f"telegram:1:{number}", f'{{"update_id": {number}, "نص": 1}}', clock.now)


async def dies(owner: Inbox, other: Inbox, clock: Clock) -> None:
    """`owner` stops saying that he lives, and the other goes on."""
    await clock.pass_by(OWNER_TTL / 2)
    await other.heartbeat()
    await clock.pass_by(OWNER_TTL / 2 + 0.1)


def test_a_delivery_is_new_once_also_after_it_was_done(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        assert await ours.put(update(1, clock))
        assert not await ours.put(update(1, clock))
        assert not await theirs.put(update(1, clock))
        await ours.done(update(1, clock).key)
        assert not await theirs.put(update(1, clock))
        assert await theirs.put(update(2, clock))
        await clock.pass_by(SEEN_TTL + 1)
        assert await theirs.put(update(1, clock))

    play(scenario)


def test_of_many_puts_at_once_exactly_one_is_true(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        for number in range(10):
            puts = [owner.put(update(number, clock)) for owner in (ours, theirs) for _ in range(20)]
            assert sum(await asyncio.gather(*puts)) == 1

    play(scenario)


def test_nothing_is_reclaimed_from_an_owner_who_lives(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        await ours.put(update(1, clock))
        for _ in range(5):
            await clock.pass_by(OWNER_TTL / 2)
            await ours.heartbeat()
            assert not (await theirs.reclaim("telegram")).deliveries
            assert not (await ours.reclaim("telegram")).deliveries

    play(scenario)


def test_what_a_dead_owner_left_is_reclaimed_once_oldest_first(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        for number in (3, 1, 2):
            await ours.put(update(number, clock))
            clock.now += 0.01
        done = update(9, clock)
        await ours.put(done)
        await ours.done(done.key)
        await dies(ours, theirs, clock)
        first = await theirs.reclaim("telegram", most=2)
        assert [delivery.key for delivery in first.deliveries] == ["telegram:1:3", "telegram:1:1"]
        assert first.deliveries[0].body == '{"update_id": 3, "نص": 1}'
        assert first.deliveries[0].platform == "telegram"
        rest = await asyncio.gather(*(theirs.reclaim("telegram") for _ in range(5)))
        assert [delivery.key for found in rest for delivery in found.deliveries] == ["telegram:1:2"]
        assert {found.in_doubt for found in (first, *rest)} == {0}

    play(scenario)


def test_what_was_being_sent_is_let_go_of(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        for number in (1, 2):
            await ours.put(update(number, clock))
        assert await ours.sending("telegram:1:1")
        assert await ours.sending("telegram:1:1")
        await dies(ours, theirs, clock)
        found = await theirs.reclaim("telegram")
        assert [delivery.key for delivery in found.deliveries] == ["telegram:1:2"]
        assert found.in_doubt == 1
        assert await theirs.reclaim("telegram") == type(found)()
        assert not await theirs.put(update(1, clock))

    play(scenario)


def test_one_platform_reclaims_nothing_of_another(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        await ours.put(update(1, clock))
        await ours.put(Delivery("slack", "slack:Ev1", "{}", clock.now))
        await dies(ours, theirs, clock)
        assert [d.key for d in (await theirs.reclaim("slack")).deliveries] == ["slack:Ev1"]
        assert [d.key for d in (await theirs.reclaim("telegram")).deliveries] == ["telegram:1:1"]

    play(scenario)


def test_an_owner_only_thought_dead_sends_nothing(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        await ours.put(update(1, clock))
        await dies(ours, theirs, clock)
        [mine] = (await theirs.reclaim("telegram")).deliveries
        await ours.heartbeat()
        with processing(ours, mine.key) as current:
            for _ in range(2):
                with pytest.raises(DeliveryLostError):
                    await current.sending()
        await ours.done(mine.key)
        with processing(theirs, mine.key) as current:
            assert current_delivery() is current
            assert current_delivery_key() == mine.key
            await current.sending()
        assert current_delivery() is None
        assert current_delivery_key() == ""
        await theirs.done(mine.key)
        assert not await ours.sending(mine.key)

    play(scenario)


def test_many_owners_share_what_a_dead_one_left(play: Play) -> None:
    async def scenario(ours: Inbox, theirs: Inbox, clock: Clock) -> None:
        for number in range(100):
            await ours.put(update(number, clock))
        await dies(ours, theirs, clock)
        found = await asyncio.gather(*(theirs.reclaim("telegram", most=15) for _ in range(10)))
        keys = [delivery.key for reclaimed in found for delivery in reclaimed.deliveries]
        assert len(keys) == len(set(keys)) == 100

    play(scenario)


def test_in_memory_it_works_alone() -> None:
    async def main() -> None:
        inbox = await SqliteInbox.open()
        delivery = Delivery("slack", "slack:Ev1", "{}", 1.0)
        assert await inbox.put(delivery)
        assert not await inbox.put(delivery)
        assert await inbox.sending(delivery.key)
        await inbox.done(delivery.key)
        assert not inbox.degraded
        await inbox.close()
        await inbox.close()

    asyncio.run(main())


def test_no_byte_of_a_body_stays_in_the_file_once_purged(tmp_path: Path) -> None:
    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    async def main() -> None:
        inbox = await SqliteInbox.open(tmp_path / "inbox.db")
        await inbox.put(Delivery("slack", "slack:Ev1", "شحال ديال المندوبين", 1.0))
        assert "المندوبين".encode() in on_disk()
        await inbox.done("slack:Ev1")
        await inbox.database.purge()
        assert "المندوبين".encode() not in on_disk()
        await inbox.close()

    asyncio.run(main())


def test_a_search_for_what_is_left_reads_open_deliveries_alone(tmp_path: Path) -> None:
    async def main() -> None:
        inbox = await SqliteInbox.open(tmp_path / "inbox.db")
        asked: list[str] = []
        await inbox.database.run(lambda connection: connection.set_trace_callback(asked.append))
        await inbox.reclaim("telegram")
        searches = [statement for statement in asked if statement.startswith("UPDATE deliveries")]
        assert len(searches) == 2
        for search in searches:
            plan = await inbox.database.rows(f"EXPLAIN QUERY PLAN {search}")
            assert any("INDEX open_deliveries" in row[-1] for row in plan), plan
        await inbox.close()

    asyncio.run(main())
