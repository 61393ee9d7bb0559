"""The protocol that every session backend speaks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol

from assemblybot.answering.answer import Context

UserKey = NewType("UserKey", str)
ConversationKey = NewType("ConversationKey", str)

#: How long a question and what was cited for it stay known for follow-ups, in seconds.
CONTEXT_TTL = 30 * 60.0
#: How long an update or event id is known, in seconds: longer than any platform retries.
SEEN_TTL = 24 * 3600.0
#: How long preferences and ratings are kept unless a setting says otherwise, in seconds.
RETENTION = 90 * 24 * 3600.0


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
    """Context, de-duplication, limits, preferences and feedback; shared by all channels.

    Users and conversations are named by `Pseudonyms` only, never by a platform's own ids. All
    methods may be called at the same time; times to live are in seconds.
    """

    @property
    def degraded(self) -> bool:
        """True while what replicas share is out of reach and local state stands in for it."""
        ...

    async def first_seen(self, key: str, ttl: float, by: str = "") -> bool:
        """True once for each `key` until `ttl` has passed, whoever else asks at the same time.

        True again for the same `by`, unless that is empty: who deals with a delivery a second time,
        because the first was cut short, is still the first to see it.
        """
        ...

    async def remember(
        self, conversation: ConversationKey, context: Context, ttl: float, *, user: UserKey
    ) -> None:
        """Keep `context` as the latest of `conversation`; it belongs to `user` for `forget`."""
        await self.note(f"context:{conversation}", _context_to_json(context), ttl, user=user)

    async def recall(self, conversation: ConversationKey) -> Context | None:
        """The latest context of `conversation`, while it lives."""
        kept = await self.noted(f"context:{conversation}")
        return _context_from_json(kept) if kept else None

    async def note(self, key: str, value: str, ttl: float, *, user: UserKey | None = None) -> None:
        """Keep a short value a channel needs later, such as which message answers which."""
        ...

    async def noted(self, key: str) -> str | None:
        """What `note` kept under `key`, while it lives."""
        ...

    async def allow(self, user: UserKey) -> float:
        """Count one question of `user`: 0.0 when it may be answered, else seconds to wait."""
        ...

    async def record_feedback(
        self, answer: str, user: UserKey, value: int, reason: Reason | None = None
    ) -> None:
        """`value` 1 is helpful, -1 not helpful, 0 takes it back; the last one of a user counts.

        `reason` says why an answer did not help.
        """
        ...

    async def feedback(self, answer: str) -> Feedback:
        """How `answer` was rated."""
        ...

    async def ratings(self) -> dict[str, Feedback]:
        """How every answer that has ratings was rated."""
        ...

    async def get_preference(self, user: UserKey, name: str) -> str | None:
        """What `user` chose for `name`."""
        ...

    async def set_preference(self, user: UserKey, name: str, value: str | None) -> None:
        """Keep what `user` chose for `name`; `None` removes the choice."""
        ...

    async def forget(self, user: UserKey) -> None:
        """Delete everything kept about `user`: contexts, notes, preferences, ratings, limits."""
        ...

    async def close(self) -> None:
        """Let go of files, connections and tasks; harmless when repeated."""
        ...


def _context_to_json(context: Context) -> str:
    return json.dumps([context.question, *context.citations], ensure_ascii=False)


def _context_from_json(text: str) -> Context:
    question, *citations = json.loads(text)
    return Context(question, tuple(citations))
