"""Someone else's models of the Bot API (aiogram), as a judge of both sides of our tests.

aiogram 3.31 speaks Bot API 10.3 and wants pydantic < 2.14; it is a test-only dependency.
"""

from __future__ import annotations

from typing import Any

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import Message, Update


def check_request(method: str, parameters: dict[str, Any]) -> None:
    """Raises when a request has an unknown method, an unknown field, or a value of the wrong type."""
    name = method[0].upper() + method[1:]
    model: type[TelegramMethod[Any]] = getattr(aiogram.methods, name)
    unknown = set(parameters) - {field.alias or key for key, field in model.model_fields.items()}
    assert not unknown, f"{method} has no {unknown}"
    model.model_validate(parameters)


def check_update(update: dict[str, Any]) -> None:
    """Raises when an update that a test sends is none that Telegram could send."""
    parsed = Update.model_validate(update)
    assert parsed.event_type


def check_message(message: dict[str, Any]) -> None:
    """Raises when the double answers with something that is no message."""
    Message.model_validate(message)
