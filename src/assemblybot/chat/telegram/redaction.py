"""Keeps tokens and questions out of logs, at every level the libraries know."""

from __future__ import annotations

import json
import logging
import os
from http import HTTPStatus
from typing import Any, Final

from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.request import HTTPXRequest

# httpx logs each URL, which holds the token, at INFO; python-telegram-bot whole updates and
# parameters at DEBUG.
_TALKATIVE: Final = ("httpx", "httpcore", "telegram")


def quiet_libraries() -> None:
    """Let nothing below WARNING through from the libraries that log requests and updates."""
    # Without it python-telegram-bot warns, at every flood wait, of how it will count one day.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class QuietRequest(HTTPXRequest):
    """An HTTP client that does not log a damaged response, which may hold messages."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As python-telegram-bot's; of an error whose body is no JSON, only the status counts.

        Gateways answer in HTML, and python-telegram-bot would take that for a broken connection.
        """
        status, payload = await super().do_request(*args, **kwargs)
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            try:
                self.parse_json_payload(payload)
            except TelegramError:
                return status, b"{}"
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The response as a dict. Raises TelegramError, without its text, when it is none."""
        try:
            parsed = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response")
        return parsed


def describe(error: BaseException) -> str:
    """What may be logged of an error: its kind, and Telegram's own words where it refused."""
    name = type(error).__name__
    if isinstance(error, BadRequest | Forbidden) and error.__cause__ is None:
        return f"{name}: {error.message}"
    return name
