"""Which collection a chat, channel or workspace asks, and who may change that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assemblybot.session import Pseudonyms, SessionStore, UserKey
from assemblybot.session.base import RETENTION

_DAY: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked.

    `ids` are the platform's own, from the outermost on: a workspace, then a channel. `person` is the user
    whose conversation with the bot alone it is, where it is one.
    """

    platform: str
    ids: tuple[str, ...]
    person: UserKey | None = None


@dataclass(frozen=True, slots=True)
class Bindings:
    """The collections that places are bound to: permanently by the settings, or else by a choice made there.

    A choice is kept while it is used; a person's choice, until that person is forgotten. The first of
    `collections` is that of places that are not bound. `fixed` is `Settings.collection_of`, and `admins` are
    ids of users who may choose for places of several people.
    """

    store: SessionStore
    names: Pseudonyms
    collections: Sequence[str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    admins: frozenset[str] = frozenset()

    async def collection_of(self, place: Place) -> str:
        """The collection of a place; a chosen collection may no longer exist."""
        if fixed := self._fixed_for(place):
            return fixed
        chosen = None if len(self.collections) == 1 else await self.store.noted(self._key(place))
        if chosen is None:
            return self.collections[0]
        if await self.store.first_seen(f"{self._key(place)}:kept", _DAY):
            await self._keep(place, chosen)
        return chosen

    async def command(
        self,
        place: Place,
        wanted: str,
        user: str,
        is_administrator: Callable[[], Awaitable[bool]] | None = None,
    ) -> tuple[str, dict[str, str]]:
        """Bind a place to the collection `wanted` if `user` may; return the key and values of the reply.

        If `wanted` is empty, the reply says what the place is bound to. A place may be bound by its own
        person, by an admin of the settings, and by its administrator on the platform. `user` is the
        platform's id.
        """
        values = {"name": await self.collection_of(place), "names": ", ".join(self.collections)}
        if self._fixed_for(place):
            return "collection-fixed", values
        may_choose = place.person or user in self.admins or (is_administrator and await is_administrator())
        if not may_choose:
            return "collection-not-yours" if wanted else "collection-here", values
        if not wanted:
            return "collection-choices", values
        if wanted not in self.collections:
            return "collection-unknown", values
        await self._keep(place, wanted)
        return "collection-set", values | {"name": wanted}

    async def follow(self, before: Place, after: Place) -> None:
        """Bind the place `after`, which was `before`, to the same collection."""
        if chosen := await self.store.noted(self._key(before)):
            await self._keep(after, chosen)

    async def _keep(self, place: Place, name: str) -> None:
        await self.store.note(self._key(place), name, RETENTION, user=place.person)

    def _fixed_for(self, place: Place) -> str | None:
        """The collection that the settings give to a place, or to a larger place that contains it."""
        parts = (place.platform, *place.ids)
        wholes = (":".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((self.fixed[whole] for whole in wholes if whole in self.fixed), None)

    def _key(self, place: Place) -> str:
        return self.names.key("collection", place.platform, *place.ids)
