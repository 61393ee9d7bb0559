"""Which collection a place asks, who may choose it, and how long that holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from assemblybot.chat.bindings import Bindings, Place
from assemblybot.session import Pseudonyms, SqliteStore

NAMES = Pseudonyms(b"k" * 32)
ALL = ("default", "press", "course")
ANA = NAMES.user("telegram", 7)
OWN = Place("telegram", ("7",), ANA)
GROUP = Place("telegram", ("-100",))
CHANNEL = Place("slack", ("T1", "C1"))
FIXED = {"telegram:-100": "press", "slack:T1": "course", "slack:T1:C9": "press"}
Scenario = Callable[[SqliteStore], Awaitable[None]]


def play(scenario: Scenario) -> None:
    async def run() -> None:
        store = await SqliteStore.open()
        try:
            await scenario(store)
        finally:
            await store.close()

    asyncio.run(run())


async def yes() -> bool:
    return True


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (GROUP, "press"),
        (Place("telegram", ("-1001",)), "default"),
        (CHANNEL, "course"),
        (Place("slack", ("T1", "C9")), "press"),
        (Place("slack", ("T2", "C9")), "default"),
    ],
)
def test_settings_bind_a_whole_and_its_parts(place: Place, expected: str) -> None:
    async def scenario(store: SqliteStore) -> None:
        assert await Bindings(store, NAMES, ALL, FIXED).collection_of(place) == expected

    play(scenario)


@pytest.mark.parametrize(
    ("place", "user", "administrates", "wanted", "said"),
    [
        (OWN, "7", False, "press", "collection-set"),
        (OWN, "7", False, "", "collection-choices"),
        (OWN, "7", False, "nowhere", "collection-unknown"),
        (OWN, "7", False, "../press", "collection-unknown"),
        (GROUP, "7", False, "press", "collection-not-yours"),
        (GROUP, "7", False, "", "collection-here"),
        (GROUP, "7", True, "press", "collection-set"),
        (GROUP, "9", False, "press", "collection-set"),
        (CHANNEL, "7", False, "press", "collection-not-yours"),
        (CHANNEL, "9", False, "press", "collection-set"),
        (Place("telegram", ("-200",)), "9", True, "press", "collection-fixed"),
        (Place("telegram", ("-200",)), "9", True, "", "collection-fixed"),
    ],
)
def test_who_may_do_what(place: Place, user: str, administrates: bool, wanted: str, said: str) -> None:
    async def administrator() -> bool:
        return administrates

    async def scenario(store: SqliteStore) -> None:
        fixed = {"telegram:-200": "course"}
        bindings = Bindings(store, NAMES, ALL, fixed, frozenset({"9"}))
        before = await bindings.collection_of(place)
        assert (await bindings.command(place, wanted, user, administrator))[0] == said
        assert await bindings.collection_of(place) == ("press" if said == "collection-set" else before)

    play(scenario)


def test_a_choice_holds_for_its_place_alone_and_goes_with_its_person() -> None:
    async def scenario(store: SqliteStore) -> None:
        bindings = Bindings(store, NAMES, ALL)
        for place in (OWN, GROUP):
            await bindings.command(place, "press", "7", yes)
        assert await bindings.collection_of(Place("telegram", ("8",), NAMES.user("telegram", 8))) == "default"
        await store.forget(ANA)
        assert [await bindings.collection_of(place) for place in (OWN, GROUP)] == ["default", "press"]

    play(scenario)


def test_a_choice_that_is_there_no_more_is_not_answered_from_another_collection() -> None:
    async def scenario(store: SqliteStore) -> None:
        await Bindings(store, NAMES, ALL).command(GROUP, "course", "7", yes)
        assert await Bindings(store, NAMES, ("default", "press")).collection_of(GROUP) == "course"

    play(scenario)


def test_a_supergroup_asks_what_the_group_did() -> None:
    async def scenario(store: SqliteStore) -> None:
        bindings = Bindings(store, NAMES, ALL)
        await bindings.command(GROUP, "press", "7", yes)
        await bindings.follow(GROUP, CHANNEL)
        assert await bindings.collection_of(CHANNEL) == "press"

    play(scenario)


def test_a_binding_lives_as_long_as_it_is_used() -> None:
    now = [1000.0]
    day = 24 * 3600.0

    async def run() -> None:
        store = await SqliteStore.open(clock=lambda: now[0])
        try:
            bindings = Bindings(store, NAMES, ALL)
            await bindings.command(GROUP, "press", "7", yes)
            for _ in range(4):
                now[0] += 60 * day
                assert await bindings.collection_of(GROUP) == "press"
            now[0] += 91 * day
            assert await bindings.collection_of(GROUP) == "default"
        finally:
            await store.close()

    asyncio.run(run())
