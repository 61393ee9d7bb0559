"""Deliveries that were taken and not dealt with yet: what a killed process leaves, another finishes.

A platform is told "received" only after its delivery lies here. A delivery is `taken` by one owner,
who keeps saying that he lives; what a dead owner left is given to another. Just before the first
request that a user can see, a delivery becomes `sending`: from then on nobody repeats it, because
the platforms cannot say whether that request arrived, and an answer must not come twice. An owner
who was only thought dead learns at that moment that the delivery is another's, and sends nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Protocol

from assemblybot.errors import DeliveryLostError

_LOG = logging.getLogger(__name__)
#: An owner who was silent for so many seconds is taken for dead.
OWNER_TTL: Final = 6.0
#: How often an owner says that he lives, in seconds.
BEAT_EVERY: Final = 2.0
#: A delivery older than this is not dealt with any more, in seconds.
OLDEST_DELIVERY: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One update or event as a platform sent it.

    `key` is the platform's own identity of it, under a pseudonym; `body` what was sent, sealed
    where it is kept; `taken` when it first came, in seconds since the epoch. The body never shows
    in a log.
    """

    platform: str
    key: str
    body: str = field(repr=False)
    taken: float


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What dead owners left: deliveries that are ours now, and how many were `sending`, which
    are let go of."""

    deliveries: tuple[Delivery, ...] = ()
    unsure: int = 0


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
        """A request that the user can see leaves now: never deal with `key` again.

        False when the delivery is not ours any more; then nothing may be sent for it.
        """
        ...

    async def done(self, key: str) -> None:
        """The delivery was dealt with; its body is deleted. Nothing happens when it is another's."""
        ...

    async def reclaim(self, platform: str, most: int = 100) -> Reclaimed:
        """Take over what owners left who are dead, oldest first, at most `most`.

        Safe to call on every replica at the same time.
        """
        ...

    async def beat(self) -> None:
        """Say that this owner lives; called every `BEAT_EVERY` seconds."""
        ...

    async def close(self) -> None:
        """Let go of files and connections; what is not done stays for another owner."""
        ...


class InHand:
    """The delivery that is being dealt with, for those who act on its behalf.

    `make_way` gives up its place among the few that are dealt with at a time: whoever waits for a
    platform or for the messages before its own must not keep others waiting. Harmless when repeated.
    """

    def __init__(self, inbox: Inbox, key: str, make_way: Callable[[], None] = lambda: None) -> None:
        self._inbox = inbox
        self.key = key
        self.make_way = make_way
        self._sent = False

    @property
    def sent(self) -> bool:
        """Whether a request that the user can see has left, or is about to."""
        return self._sent

    async def sending(self) -> None:
        """Tell the inbox once, before the first request that the user can see.

        Raises DeliveryLostError when another deals with the delivery: then nothing may be sent.
        """
        self.make_way()
        if not self._sent:
            if not await self._inbox.sending(self.key):
                _LOG.warning("A delivery was taken over by another process, and is left to it")
                raise DeliveryLostError("Another process deals with this delivery now; leave it alone.")
            self._sent = True


_IN_HAND: ContextVar[InHand | None] = ContextVar("delivery in hand", default=None)


def in_hand() -> InHand | None:
    """The delivery that the running task deals with; `None` outside of the service."""
    return _IN_HAND.get()


def key_in_hand() -> str:
    """Key of that delivery, for `SessionStore.first_seen`; empty outside of the service."""
    hand = in_hand()
    return hand.key if hand else ""


@contextmanager
def dealing_with(inbox: Inbox, key: str, make_way: Callable[[], None] = lambda: None) -> Iterator[InHand]:
    """Everything inside, and the tasks it starts, acts on behalf of the delivery `key`."""
    hand = InHand(inbox, key, make_way)
    token = _IN_HAND.set(hand)
    try:
        yield hand
    finally:
        _IN_HAND.reset(token)
