"""The interfaces of a platform: transports that receive deliveries, and a bot that processes them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from assemblybot.chat.observe import Observer
from assemblybot.errors import AssemblybotError
from assemblybot.session.identity import Pseudonyms
from assemblybot.session.inbox import Delivery


class NotAcceptedError(AssemblybotError):
    """A delivery cannot be accepted now; the platform sends it again later."""


#: Puts a delivery into the inbox, from which it is processed once. Returns when it may be confirmed to the
#: platform. Raises NotAcceptedError.
Enqueue = Callable[[Delivery], Awaitable[None]]


class Bot(Protocol):
    """Processes the deliveries of one platform, whichever transport received them."""

    @property
    def platform(self) -> str:
        """Name of the platform, as in `Delivery.platform`."""
        ...

    async def start(self) -> None:
        """Get ready. Raises PlatformError when the platform refuses what it needs, and
        PlatformUnreachableError when it cannot be reached; then it is called again."""
        ...

    async def handle(self, body: str) -> None:
        """Process one delivery completely, including the last request to the platform."""
        ...

    async def close(self) -> None:
        """Close connections, after the last delivery."""
        ...


class Transport:
    """How deliveries arrive: long polling, a webhook, Socket Mode, HTTP. The defaults do nothing."""

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """The routes that the platform calls; none if we connect to the platform."""
        return ()

    async def open(self) -> None:
        """Start to receive deliveries. Raises as `Bot.start`; called again after `shut`."""

    async def watch(self) -> None:
        """Run until cancelled. Raises PlatformError when no more deliveries can arrive, and
        PlatformUnreachableError where opening it again may help."""
        await asyncio.Event().wait()

    async def shut(self) -> None:
        """Stop receiving deliveries, and confirm those that were accepted."""


class Schema(BaseModel):
    """The fields that are read from a platform's JSON, with strict types; other fields are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


@dataclass(frozen=True, slots=True)
class AllowList:
    """Whose deliveries are accepted; an empty set allows everyone."""

    places: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    def allows(self, place: str | None, user: str | None) -> bool:
        """Whether a chat or workspace, and a user, may ask. An unknown id is not allowed."""
        return (not self.places or place in self.places) and (not self.users or user in self.users)


class Incoming:
    """Accepts the deliveries of one platform, from those whom `allowed` allows.

    `names` hides the platform's ids, and `enqueue` takes the deliveries.
    """

    platform: ClassVar[str]

    def __init__(
        self,
        names: Pseudonyms,
        enqueue: Enqueue,
        *,
        allowed: AllowList | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.observer = observer or Observer()
        self.names = names
        self.allowed = allowed or AllowList()
        self.enqueue = enqueue

    def delivery(self, item: object, key: str, place: str | None, user: str | None) -> Delivery | None:
        """The delivery of `item`, as read from JSON; `None` from someone who is not allowed.

        `key` is the platform's own identity of it, under a pseudonym.
        """
        if not self.allowed.allows(place, user):
            self.refuse()
            return None
        return Delivery(self.platform, key, json.dumps(item), time.time())

    def refuse(self) -> None:
        """Count a refused delivery: from someone who is not allowed, or without the platform's signature."""
        self.observer.count("deliveries", self.platform, "refused")
