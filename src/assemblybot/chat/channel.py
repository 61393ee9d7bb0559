"""What a platform is to the service: ways in, and a bot that deals with what came in."""

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
    """Nothing is taken just now; the platform keeps the delivery and sends it again."""


#: Puts a delivery where it cannot be lost, and has it dealt with once. Returns when the platform may be told
#: "received". Raises NotAcceptedError.
Enqueue = Callable[[Delivery], Awaitable[None]]


class Bot(Protocol):
    """Deals with the deliveries of one platform, however they came."""

    @property
    def platform(self) -> str:
        """Name of the platform, as in `Delivery.platform`."""
        ...

    async def start(self) -> None:
        """Get ready. Raises PlatformError when the platform refuses what it needs, and
        PlatformUnreachableError when it cannot be reached; then it is called again."""
        ...

    async def handle(self, body: str) -> None:
        """Do everything that one delivery asks for, to the last request."""
        ...

    async def close(self) -> None:
        """Let go of connections, after the last delivery."""
        ...


class Transport:
    """One way in: long polling, a webhook, Socket Mode, HTTP. By itself it has nothing to do."""

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """What the platform calls; none where we call the platform."""
        return ()

    async def open(self) -> None:
        """Have deliveries sent here. Raises as `Bot.start`; called again after `shut`."""

    async def watch(self) -> None:
        """Runs until cancelled. Raises PlatformError when nothing can come in any more, and
        PlatformUnreachableError where opening it again may help."""
        await asyncio.Event().wait()

    async def shut(self) -> None:
        """Have nothing sent here any more; what was taken is confirmed."""


class Schema(BaseModel):
    """The fields that are read of a platform's JSON, each of exactly its type; what else is there is left."""

    model_config = ConfigDict(strict=True, extra="ignore")


@dataclass(frozen=True, slots=True)
class AllowList:
    """Whose deliveries are taken: an empty set allows everyone."""

    places: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    def allows(self, place: str | None, user: str | None) -> bool:
        """Whether a chat or workspace, and a user, may ask. What cannot be told is not allowed."""
        return (not self.places or place in self.places) and (not self.users or user in self.users)


class Incoming:
    """Takes what one platform sends, whichever way it comes; leaves what strangers send.

    `names` hides the platform's ids, `enqueue` takes deliveries, `allowed` says whose.
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
        """The delivery of `item`, as read from JSON; `None` for a stranger's.

        `key` is the platform's own identity of it, under a pseudonym.
        """
        if not self.allowed.allows(place, user):
            self.refuse()
            return None
        return Delivery(self.platform, key, json.dumps(item), time.time())

    def refuse(self) -> None:
        """Count a delivery that is left: a stranger's, or one that the platform did not sign."""
        self.observer.count("deliveries", self.platform, "refused")
