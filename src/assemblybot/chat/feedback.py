"""What people think of answers: kept in the session store, and counted."""

from __future__ import annotations

from assemblybot.chat.observe import Observer
from assemblybot.session.base import Reason, SessionStore, UserKey


async def rate(
    store: SessionStore, observer: Observer, platform: str, answer: str, user: UserKey, value: int
) -> None:
    """Keep and count a rating: 1 is helpful, -1 not helpful, 0 takes it back.

    `answer` is a `rating_key`. The last rating of a user counts.
    """
    await store.record_feedback(answer, user, value)
    observer.rated(platform, value)


async def explain(
    store: SessionStore, observer: Observer, platform: str, answer: str, user: UserKey, reason: Reason
) -> None:
    """Keep and count why an answer did not help; the rating itself was counted before."""
    await store.record_feedback(answer, user, -1, reason)
    observer.explained(platform, reason)
