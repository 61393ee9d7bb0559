"""Stores and inboxes over a Redis that goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from redis import Redis

from assemblybot.session import SessionStore, open_store
from assemblybot.session.failover import FailoverInbox
from assemblybot.session.inbox import Delivery, Inbox
from assemblybot.session.redis import RedisInbox, connect
from assemblybot.session.sqlite import SqliteInbox
from assemblybot.settings import Settings
from tests.servers import RedisServer
from tests.session.backends import closing
from tests.session.clock import Clock


@asynccontextmanager
async def store_of(settings: Settings) -> AsyncIterator[SessionStore]:
    async with closing(await open_store(settings)) as store:
        yield store


@asynccontextmanager
async def inbox_of(redis: RedisServer, file: Path, clock: Clock) -> AsyncIterator[Inbox]:
    """A replica: its share of Redis, and a local file, which those on one machine share."""
    shared = RedisInbox(connect(SecretStr(redis.url)))
    inbox = FailoverInbox(shared, await SqliteInbox.open(file, clock=clock), clock)
    await inbox.heartbeat()
    async with closing(inbox):
        yield inbox


@asynccontextmanager
async def two_inboxes_of(
    redis: RedisServer, folder: Path, clock: Clock
) -> AsyncIterator[tuple[Inbox, Inbox]]:
    """Two replicas, each on a machine of its own."""
    async with (
        inbox_of(redis, folder / "a.db", clock) as one,
        inbox_of(redis, folder / "b.db", clock) as other,
    ):
        yield one, other


async def back(state: SessionStore | Inbox) -> None:
    async with asyncio.timeout(20):
        while state.degraded:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def let_lapse(redis: RedisServer) -> None:
    """As if every owner had been silent for `OWNER_TTL`."""
    with Redis.from_url(redis.url) as client:
        for key in client.keys("assemblybot:inbox:alive:*"):
            client.delete(key)


def update(number: int) -> Delivery:
    return Delivery("telegram", f"telegram:1:{number}", "{}", float(number))
