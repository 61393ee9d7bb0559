"""Which updates of Telegram are accepted: those that python-telegram-bot and the handlers here can read.

Telegram sends no others; one of another shape is left out before anything is done with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from telegram import Update

from assemblybot.chat.channel import Schema

_Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]
#: Seconds since the epoch, up to the year 9999.
_Date = Annotated[int, Field(ge=0, lt=253_402_300_800)]
_Offset = Annotated[int, Field(ge=0, lt=2**31)]


def _whole(text: str) -> str:
    """Raises UnicodeEncodeError, a ValueError, for half a surrogate pair: offsets count both halves."""
    text.encode()
    return text


_Text = Annotated[str, AfterValidator(_whole)]


class _Party(Schema):
    """A user or a chat."""

    id: _Id
    language_code: str | None = None


class _Entity(Schema):
    type: str
    offset: _Offset
    length: _Offset
    user: _Party | None = None


class _File(Schema):
    file_name: _Text | None = None
    mime_type: str | None = None
    file_size: Annotated[int, Field(ge=0, lt=2**63)] | None = None


class _Fields(Schema):
    """The fields that are read of a message, a press, an inline query, a reaction and a membership."""

    id: str | None = None
    chat: _Party | None = None
    sender: _Party | None = Field(None, alias="from")
    user: _Party | None = None
    sender_chat: _Party | None = None
    actor_chat: _Party | None = None
    via_bot: _Party | None = None
    quote: _Fields | None = None
    message_id: _Id | None = None
    message_thread_id: _Id | None = None
    migrate_to_chat_id: _Id | None = None
    migrate_from_chat_id: _Id | None = None
    date: _Date | None = None
    edit_date: _Date | None = None
    text: _Text | None = None
    caption: _Text | None = None
    query: _Text | None = None
    data: str | None = None
    guest_query_id: str | None = None
    media_group_id: str | None = None
    entities: list[_Entity] | None = None
    caption_entities: list[_Entity] | None = None
    document: _File | None = None


class _InChat(_Fields):
    chat: _Party
    date: _Date


class _Message(_InChat):
    message_id: _Id
    reply_to_message: _Message | None = None


class _FromUser(_Fields):
    sender: _Party = Field(alias="from")
    message: _Message | None = None


class _InlineQuery(_FromUser):
    query: _Text


class _Member(Schema):
    status: str


class _Membership(_FromUser):
    chat: _Party
    new_chat_member: _Member


class _Update(Schema):
    update_id: _Id
    message: _Message | None = None
    edited_message: _Message | None = None
    guest_message: _Message | None = None
    callback_query: _FromUser | None = None
    inline_query: _InlineQuery | None = None
    message_reaction: _InChat | None = None
    my_chat_member: _Membership | None = None


def parsed(update: Mapping[str, Any]) -> Update | None:
    """An update that has the fields of its kind, each of its type; `None` for any other."""
    try:
        _Update.model_validate(update)
        return Update.de_json(dict(update))
    except Exception:  # python-telegram-bot raises a kind of its own for every way to be damaged
        return None
