"""The protocol that every session backend speaks, and the rate limit that they share."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final, NewType, Protocol

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from assemblybot.answering.answer import Context
from assemblybot.collection import DEFAULT
from assemblybot.errors import SettingsError
from assemblybot.settings import RATE_LIMIT, RETENTION_DAYS

UserKey = NewType("UserKey", str)
ConversationKey = NewType("ConversationKey", str)

DAY: Final = 24 * 3600.0
#: How long a question and what was cited for it stay known for follow-ups, in seconds.
CONTEXT_TTL = 30 * 60.0
#: How long an update or event id is known, in seconds: longer than any platform retries.
SEEN_TTL = DAY
#: How long preferences and ratings are kept unless RETENTION_DAYS says otherwise, and the choice of a
#: collection or of quiet whatever it says, in seconds.
RETENTION = RETENTION_DAYS * DAY
_SHORTEST_WAIT: Final = 1.0
# Counts that a sweep checks before other tasks get a turn.
_SWEPT_AT_ONCE: Final = 1000
# The keys of ratings begin so; each is one of these two, or why the answer did not help.
_FEEDBACK: Final = "feedback:"
_HELPFUL: Final = "helpful"
_NOT_HELPFUL: Final = "not-helpful"


class Reason(StrEnum):
    """Why an answer did not help."""

    WRONG_PASSAGE = "wrong-passage"
    NOT_ANSWERED = "not-answered"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Feedback:
    """How many people found an answer helpful, how many did not, and how many of these said why."""

    helpful: int = 0
    not_helpful: int = 0
    reasons: Mapping[Reason, int] = field(default_factory=dict)


class SessionStore(Protocol):
    """Notes that expire, first sights and limits of each user; shared by all channels.

    Contexts, preferences and ratings are notes that belong to a user. Users and conversations are
    named by `Pseudonyms` only, never by a platform's own ids. All methods may be called at the same
    time; times to live are in seconds.
    """

    #: How long preferences and ratings are kept, in seconds.
    retention: float

    @property
    def degraded(self) -> bool:
        """True while what replicas share is out of reach and local state stands in for it."""
        ...

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """True once for each `key` until `ttl` has passed, whoever else asks at the same time.

        True again for the same `by`, unless it is empty: a delivery that is processed again, because the
        first attempt was cut short, is still the first to see it.
        """
        ...

    async def note(self, key: str, value: str | None, ttl: float, *, user: UserKey | None = None) -> None:
        """Keep a short value under `key`, which belongs to `user` for `forget`; `None` deletes it."""
        ...

    async def noted(self, key: str) -> str | None:
        """What `note` kept under `key`, while it lives."""
        ...

    async def notes(self, prefix: str) -> dict[str, str]:
        """What is kept under every key that begins with `prefix`."""
        ...

    async def allow(self, user: UserKey) -> float:
        """Count one question of `user`: 0.0 when it may be answered, else seconds to wait."""
        ...

    async def forget(self, user: UserKey) -> None:
        """Delete everything kept about `user`: contexts, notes, preferences, ratings, limits."""
        ...

    async def close(self) -> None:
        """Close files and connections and end tasks; may be called repeatedly."""
        ...

    async def remember(
        self, conversation: ConversationKey, context: Context, ttl: float, *, user: UserKey
    ) -> None:
        """Keep `context` as the latest of `conversation`; it belongs to `user` for `forget`."""
        await self.note(f"turn:{conversation}", _context_to_json(context), ttl, user=user)

    async def recall(self, conversation: ConversationKey) -> Context | None:
        """The latest context of `conversation`, while it lives."""
        kept = await self.noted(f"turn:{conversation}")
        return _context_from_json(kept) if kept else None

    async def record_feedback(
        self, answer: str, user: UserKey, value: int, reason: Reason | None = None
    ) -> None:
        """`value` 1 is helpful, -1 not helpful, 0 takes it back; the last one of a user counts.

        `reason` says why an answer did not help.
        """
        rating = None if value == 0 else _HELPFUL if value > 0 else reason or _NOT_HELPFUL
        await self.note(f"{_FEEDBACK}{answer}:{user}", rating, self.retention, user=user)

    async def feedback(self, answer: str) -> Feedback:
        """How `answer` was rated."""
        return (await self.ratings()).get(answer, Feedback())

    async def ratings(self) -> dict[str, Feedback]:
        """How every answer that has ratings was rated."""
        counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for key, rating in (await self.notes(_FEEDBACK)).items():
            counted[key.removeprefix(_FEEDBACK).rpartition(":")[0]][rating] += 1
        return {answer: _feedback(of) for answer, of in counted.items()}

    async def get_preference(self, user: UserKey, name: str) -> str | None:
        """What `user` chose for `name`."""
        return await self.noted(f"preference:{user}:{name}")

    async def set_preference(self, user: UserKey, name: str, value: str | None) -> None:
        """Keep what `user` chose for `name`; `None` removes the choice."""
        await self.note(f"preference:{user}:{name}", value, self.retention, user=user)


class Counts(MemoryStorage):
    """The counts that one process keeps in memory; those that have expired are dropped by a sweep.

    The sweep begins `sweep_every` seconds after a question. The storage of `limits` itself would check the
    counts of all users at each question.
    """

    def __init__(self, sweep_every: float = 60.0) -> None:
        super().__init__()
        self._sweep_every = sweep_every

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """See `MemoryStorage.incr`, which starts no sweep of its own while `timer` runs."""
        if self.timer is None or self.timer.done():
            self.timer = asyncio.create_task(self._sweep())
        return await super().incr(key, expiry, amount)

    async def _sweep(self) -> None:
        await asyncio.sleep(self._sweep_every)
        for number, key in enumerate(list(self.expirations)):
            await self.get(key)  # drops what has expired
            if number % _SWEPT_AT_ONCE == 0:
                await asyncio.sleep(0)


class Throttle:
    """Counts questions of each user against every window of `limit` (`"20 per minute; …"`)."""

    def __init__(self, limit: str = RATE_LIMIT, storage: Storage | None = None) -> None:
        try:
            self._windows: list[RateLimitItem] = parse_many(limit)
        except ValueError as error:
            raise SettingsError(f"“{limit}” is no rate limit; write one like “{RATE_LIMIT}”.") from error
        self._limiter = SlidingWindowCounterRateLimiter(storage or Counts())

    async def allow(self, user: UserKey) -> float:
        """Count one question: 0.0 when every window has room, else the seconds to wait.

        A refused question is not counted, so that asking again too early costs nothing.
        """
        for window in self._windows:
            if not await self._limiter.test(window, user):
                stats = await self._limiter.get_window_stats(window, user)
                return max(_SHORTEST_WAIT, stats.reset_time - time.time())
        for window in self._windows:
            await self._limiter.hit(window, user)
        return 0.0

    async def forget(self, user: UserKey) -> None:
        """Drop the counts of `user`."""
        for window in self._windows:
            await self._limiter.clear(window, user)


class LimitedStore(SessionStore):
    """What the backends have in common: they count questions, and nothing stands in for them."""

    degraded: Final = False

    def __init__(self, throttle: Throttle, retention: float, clock: Callable[[], float]) -> None:
        self.retention = retention
        self._throttle = throttle
        self._clock = clock

    async def allow(self, user: UserKey) -> float:
        """See `SessionStore.allow`."""
        return await self._throttle.allow(user)


def _feedback(ratings: Counter[str]) -> Feedback:
    reasons = {reason: ratings[reason] for reason in Reason if ratings[reason]}
    return Feedback(ratings[_HELPFUL], ratings.total() - ratings[_HELPFUL], reasons)


def counted(user: UserKey, collection: str) -> UserKey:
    """The name under which the questions of `user` to one collection are counted."""
    return user if collection == DEFAULT else UserKey(f"{user}@{collection}")


def _context_to_json(context: Context) -> str:
    return json.dumps(asdict(context), ensure_ascii=False)


def _context_from_json(text: str) -> Context:
    kept = json.loads(text)
    return Context(**{**kept, "citations": tuple(kept["citations"])})
