"""A real Redis for each worker of a test run, empty for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.servers import RedisServer, running_redis


@pytest.fixture(scope="session")
def redis_of_worker() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_of_worker: RedisServer) -> str:
    """Where an empty Redis listens."""
    with Redis.from_url(redis_of_worker.url) as client:
        client.flushall()
    return redis_of_worker.url
