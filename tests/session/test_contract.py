"""What every session backend promises; a new backend joins by one line in `BACKENDS`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assemblybot.answering.answer import Context
from assemblybot.session import Feedback, Pseudonyms, SessionStore
from assemblybot.session.base import Reason
from tests.session.backends import DAY, store_in_file, store_in_memory, store_in_redis
from tests.session.clock import Clock

NAMES = Pseudonyms(b"k" * 32)
AMAL, BILAL = NAMES.user("telegram", 1), NAMES.user("telegram", 2)
CHAT = NAMES.conversation("telegram", 10, 1)
CONTEXT = Context("أين تقع مدينة مراكش؟", ("marrakech-2025#4", "marrakech-2025#9"), "ar", "كم ثمن التذكرة؟")


BACKENDS = [store_in_memory, store_in_file, store_in_redis]
Scenario = Callable[[SessionStore, Clock], Awaitable[None]]


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.__name__)
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Scenario], None]:
    """Runs a scenario against a fresh store of each backend."""
    redis = request.getfixturevalue("redis_url") if request.param is store_in_redis else ""

    def run(scenario: Scenario) -> None:
        async def main() -> None:
            clock = Clock()
            async with request.param(tmp_path, redis, clock) as store:
                await scenario(store, clock)

        asyncio.run(main())

    return run


def test_a_key_is_first_seen_once_until_it_expires(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        assert await store.first_seen("telegram:update:7", 60)
        assert not await store.first_seen("telegram:update:7", 60)
        assert await store.first_seen("telegram:update:8", 60)
        await clock.pass_by(61)
        assert await store.first_seen("telegram:update:7", 60)

    play(scenario)


def test_a_key_is_first_seen_again_by_who_saw_it_first(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        assert await store.first_seen("slack:message:1", 60, by="delivery-1")
        assert not await store.first_seen("slack:message:1", 60, by="delivery-2")
        assert not await store.first_seen("slack:message:1", 60)
        assert await store.first_seen("slack:message:1", 60, by="delivery-1")
        assert await store.first_seen("slack:message:2", 60)
        assert not await store.first_seen("slack:message:2", 60, by="delivery-1")
        await clock.pass_by(61)
        assert await store.first_seen("slack:message:1", 60, by="delivery-2")

    play(scenario)


def test_of_many_at_once_exactly_one_is_first(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        first = await asyncio.gather(*(store.first_seen("event", 60) for _ in range(50)))
        assert sum(first) == 1

    play(scenario)


def test_the_latest_context_is_recalled_until_it_expires(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        assert await store.recall(CHAT) is None
        await store.remember(CHAT, Context("قبل", ("d#1",)), 60, user=AMAL)
        await store.remember(CHAT, CONTEXT, 60, user=AMAL)
        assert await store.recall(CHAT) == CONTEXT
        assert await store.recall(NAMES.conversation("telegram", 10, 2)) is None
        await clock.pass_by(61)
        assert await store.recall(CHAT) is None

    play(scenario)


def test_notes_are_kept_until_they_expire(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        await store.note("answer-of:5", "6", 60)
        assert await store.noted("answer-of:5") == "6"
        assert await store.noted("answer-of:6") is None
        await clock.pass_by(61)
        assert await store.noted("answer-of:5") is None

    play(scenario)


def test_notes_are_found_by_how_their_keys_begin_and_can_be_deleted(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        kept = {f"of:{number}": str(number) for number in range(600)}
        for key, value in kept.items():
            await store.note(key, value, 60)
        await store.note("other:1", "x", 60)
        await store.note("of", "x", 60)
        assert await store.notes("of:") == kept
        await store.note("of:7", None, 60)
        assert await store.noted("of:7") is None
        assert len(await store.notes("of:")) == 599
        await clock.pass_by(61)
        assert await store.notes("of:") == {}

    play(scenario)


def test_a_user_who_asks_too_much_waits_and_others_do_not(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        assert [await store.allow(AMAL) for _ in range(3)] == [0.0] * 3
        wait = await store.allow(AMAL)
        assert 0 < wait <= 120
        assert await store.allow(BILAL) == 0.0

    play(scenario)


def test_the_last_rating_of_a_user_counts(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        assert await store.feedback("a1") == Feedback(0, 0)
        await store.record_feedback("a1", AMAL, 1)
        await store.record_feedback("a1", AMAL, -1)
        await store.record_feedback("a1", BILAL, 1)
        assert await store.feedback("a1") == Feedback(helpful=1, not_helpful=1)
        await store.record_feedback("a1", AMAL, 0)
        assert await store.feedback("a1") == Feedback(helpful=1, not_helpful=0)
        assert await store.feedback("a2") == Feedback(0, 0)

    play(scenario)


def test_why_an_answer_did_not_help_is_kept_with_its_rating(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        await store.record_feedback("a1", AMAL, -1)
        await store.record_feedback("a1", AMAL, -1, Reason.WRONG_PASSAGE)
        await store.record_feedback("a1", BILAL, -1, Reason.OTHER)
        both = {Reason.WRONG_PASSAGE: 1, Reason.OTHER: 1}
        assert await store.feedback("a1") == Feedback(not_helpful=2, reasons=both)
        await store.record_feedback("a1", BILAL, 1)
        await store.record_feedback("a2", BILAL, 1)
        rated = Feedback(1, 1, {Reason.WRONG_PASSAGE: 1})
        assert await store.ratings() == {"a1": rated, "a2": Feedback(helpful=1)}
        await store.forget(AMAL)
        await store.record_feedback("a2", BILAL, 0)
        assert await store.ratings() == {"a1": Feedback(helpful=1)}
        await clock.pass_by(DAY + 1)
        assert await store.ratings() == {}

    play(scenario)


def test_preferences_are_of_one_user(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        await store.set_preference(AMAL, "language", "fr")
        assert await store.get_preference(AMAL, "language") == "fr"
        assert await store.get_preference(BILAL, "language") is None
        await store.set_preference(AMAL, "language", None)
        assert await store.get_preference(AMAL, "language") is None

    play(scenario)


def test_preferences_and_ratings_go_after_the_retention_time(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        await store.set_preference(AMAL, "language", "fr")
        await store.record_feedback("a1", AMAL, 1)
        await clock.pass_by(DAY / 2)
        await store.set_preference(BILAL, "language", "ar")
        await store.record_feedback("a1", BILAL, 1)
        await clock.pass_by(DAY / 2 + 1)
        assert await store.get_preference(AMAL, "language") is None
        assert await store.get_preference(BILAL, "language") == "ar"
        assert await store.feedback("a1") == Feedback(helpful=1)

    play(scenario)


def test_forgetting_deletes_everything_of_that_user_only(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        theirs = NAMES.conversation("telegram", 10, 2)
        for user, conversation in ((AMAL, CHAT), (BILAL, theirs)):
            await store.remember(conversation, CONTEXT, 60, user=user)
            await store.note(f"note:{user}", "x", 60, user=user)
            await store.set_preference(user, "language", "ar")
            await store.record_feedback("a1", user, 1)
            for _ in range(3):
                await store.allow(user)
        await store.forget(AMAL)
        assert await store.recall(CHAT) is None
        assert await store.noted(f"note:{AMAL}") is None
        assert await store.get_preference(AMAL, "language") is None
        assert await store.feedback("a1") == Feedback(helpful=1)
        assert await store.allow(AMAL) == 0.0
        assert await store.recall(theirs) == CONTEXT
        assert await store.get_preference(BILAL, "language") == "ar"
        assert await store.allow(BILAL) > 0

    play(scenario)


def test_what_another_user_wrote_over_is_not_forgotten(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        await store.remember(CHAT, Context("قبل", ("d#1",)), 60, user=AMAL)
        await store.remember(CHAT, CONTEXT, 60, user=BILAL)
        await store.forget(AMAL)
        assert await store.recall(CHAT) == CONTEXT
        await store.forget(BILAL)
        assert await store.recall(CHAT) is None

    play(scenario)


def test_closing_twice_is_harmless(play: Callable[[Scenario], None]) -> None:
    async def scenario(store: SessionStore, clock: Clock) -> None:
        assert not store.degraded
        await store.close()
        await store.close()

    play(scenario)
