"""Deliveries that are not processed yet: what a killed process leaves, another one finishes.

A delivery is confirmed to its platform only after it was stored here. A delivery is `taken` by one owner (a
running process), which sends heartbeats; what a dead owner left is given to another. Just before the
first request that a user can see, a delivery becomes `sending`: from then on nobody repeats it, because
the platforms cannot say whether that request arrived, and an answer must not come twice. An owner that
was wrongly taken for dead finds out at that moment that another owns the delivery, and sends nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Protocol

from assemblybot.errors import DeliveryLostError

_LOG = logging.getLogger(__name__)
#: An owner without a heartbeat for so many seconds is taken for dead.
OWNER_TTL: Final = 6.0
#: Seconds between two heartbeats.
HEARTBEAT_EVERY: Final = 2.0
#: A delivery older than this is not processed any more, in seconds.
OLDEST_DELIVERY: Final = 3600.0
#: So many deliveries are taken over at a time, unless the caller says how many.
MOST_RECLAIMED: Final = 100


@dataclass(frozen=True, slots=True)
class Delivery:
    """One update or event as a platform sent it.

    `key` is the platform's own identity of it, under a pseudonym; `body` what was sent, encrypted
    where it is kept; `taken` when it first came, in seconds since the epoch. The body never shows
    in a log.
    """

    platform: str
    key: str
    body: str = field(repr=False)
    taken: float


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What dead owners left: deliveries that are ours now, oldest first, and how many were `sending`. These
    are dropped, because it is unknown whether they were answered."""

    deliveries: tuple[Delivery, ...] = ()
    in_doubt: int = 0

    @classmethod
    def of(cls, deliveries: Iterable[Delivery], in_doubt: int) -> Reclaimed:
        """Deliveries in any order."""
        return cls(tuple(sorted(deliveries, key=lambda delivery: delivery.taken)), in_doubt)


class Inbox(Protocol):
    """Deliveries in flight. One instance is one owner; all methods may run at the same time."""

    @property
    def degraded(self) -> bool:
        """True while what replicas share is out of reach and a local inbox stands in for it."""
        ...

    async def put(self, delivery: Delivery) -> bool:
        """True when the delivery is new and now ours; False when its key was seen before.

        Keys stay known for `SEEN_TTL`.
        """
        ...

    async def sending(self, key: str) -> bool:
        """A request that the user can see is about to be sent: never process `key` again.

        False when the delivery is not ours any more; then nothing may be sent for it.
        """
        ...

    async def done(self, key: str) -> None:
        """The delivery was processed; its body is deleted. Nothing happens when it is another's."""
        ...

    async def reclaim(self, platform: str, most: int = MOST_RECLAIMED) -> Reclaimed:
        """Take over what dead owners left, at most `most`; safe on every replica at the same time."""
        ...

    async def heartbeat(self) -> None:
        """Record that this owner is alive; called every `HEARTBEAT_EVERY` seconds."""
        ...

    async def close(self) -> None:
        """Close files and connections; what is not done stays for another owner."""
        ...


class CurrentDelivery:
    """The delivery that is being processed.

    `release_slot` lets the next delivery be processed: a delivery that waits for its platform, or for earlier
    messages, must not block others. It may be called repeatedly.
    """

    def __init__(self, inbox: Inbox, key: str, release_slot: Callable[[], None]) -> None:
        self._inbox = inbox
        self.key = key
        self.release_slot = release_slot
        #: Whether a request that the user can see has left, or is about to.
        self.sent = False

    async def sending(self) -> None:
        """Tell the inbox once, before the first request that the user can see.

        Raises DeliveryLostError when another processes the delivery: then nothing may be sent.
        """
        self.release_slot()
        if not self.sent:
            if not await self._inbox.sending(self.key):
                _LOG.warning("A delivery was taken over by another process, and is left to it")
                raise DeliveryLostError("Another process deals with this delivery now; leave it alone.")
            self.sent = True


_CURRENT: ContextVar[CurrentDelivery | None] = ContextVar("current delivery", default=None)


def current_delivery() -> CurrentDelivery | None:
    """The delivery that the running task processes; `None` outside of the service."""
    return _CURRENT.get()


def release_slot() -> None:
    """Let the next delivery be processed; does nothing outside of one."""
    if current := _CURRENT.get():
        current.release_slot()


def current_delivery_key() -> str:
    """Key of that delivery, for `SessionStore.first_seen`; empty outside of the service."""
    current = _CURRENT.get()
    return current.key if current else ""


@contextmanager
def processing(
    inbox: Inbox, key: str, release_slot: Callable[[], None] = lambda: None
) -> Iterator[CurrentDelivery]:
    """Make `key` the current delivery inside, and in the tasks that are started there."""
    current = CurrentDelivery(inbox, key, release_slot)
    token = _CURRENT.set(current)
    try:
        yield current
    finally:
        _CURRENT.reset(token)
