"""Each platform for itself: brought up, kept up, and tried again while it cannot be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Final

from assemblybot.errors import PlatformUnreachableError
from assemblybot.logs import describe
from assemblybot.service.channels import Channel
from assemblybot.service.health import Health
from assemblybot.service.intake import Intake

_LOG = logging.getLogger(__name__)
FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0


class Upkeep:
    """Looks after one channel of a running service."""

    def __init__(self, channel: Channel, intake: Intake, health: Health) -> None:
        self._bot = channel.bot
        self._entrance = channel.entrance
        self._intake = intake
        self._health = health
        self._started = self._opened = False

    async def watch(self) -> None:
        """Runs until cancelled. Raises PlatformError for what trying again does not mend."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._bring_up()
                pause = FIRST_PAUSE
                await self._entrance.watch()
            except PlatformUnreachableError as error:
                self._health.is_up(self._bot.platform, False)
                _LOG.warning("%s It is tried again in %.0f s", error, pause)
            await self.shut(_LONGEST_PAUSE)
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)

    async def shut(self, seconds: float) -> None:
        """Let nothing more in, within so many seconds."""
        if self._opened:
            self._opened = False
            await _in_time(self._entrance.shut(), seconds)

    async def close(self, seconds: float) -> None:
        """Let go of connections, within so many seconds."""
        await _in_time(self._bot.close(), seconds)

    async def _bring_up(self) -> None:
        if not self._started:
            await self._bot.start()
            self._started = True
        self._intake.open(self._bot)
        self._opened = True
        await self._entrance.open()
        self._health.is_up(self._bot.platform, True)
        _LOG.info("Ready for %s", self._bot.platform)


async def _in_time(closing: Coroutine[None, None, None], seconds: float) -> None:
    """Wait for something to close; what fails or takes too long then ends with the process."""
    try:
        await asyncio.wait_for(closing, seconds)
    except Exception as error:
        _LOG.warning("A connection was not closed: %s", describe(error))
