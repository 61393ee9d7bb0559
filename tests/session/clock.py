"""Time that a test moves by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable


class Clock:
    """Seconds since the epoch; backends that keep time of their own hear of it in `on_pass`."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.on_pass: list[Callable[[float], Awaitable[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def pass_by(self, seconds: float) -> None:
        self.now += seconds
        for hear in self.on_pass:
            await hear(seconds)
