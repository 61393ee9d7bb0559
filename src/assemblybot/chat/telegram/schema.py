"""The shape of Telegram's updates, as far as python-telegram-bot must have it and our handlers read it.

Telegram sends nothing else; an update of another shape is refused before it is taken.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from assemblybot.chat.schema import Schema, fits

_Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]
#: Seconds since the epoch, up to the year 9999.
_Date = Annotated[int, Field(ge=0, lt=253_402_300_800)]


def _whole(text: str) -> str:
    """Raises UnicodeEncodeError, a ValueError, for half a surrogate pair: offsets count both halves."""
    text.encode()
    return text


_Text = Annotated[str, AfterValidator(_whole)]


class _User(Schema):
    id: _Id
    is_bot: bool
    first_name: str
    username: str | None = None
    language_code: str | None = None


class _Chat(Schema):
    id: _Id
    type: str


class _Entity(Schema):
    type: str
    offset: Annotated[int, Field(ge=0, lt=2**31)]
    length: Annotated[int, Field(ge=0, lt=2**31)]
    user: _User | None = None


class _PhotoSize(Schema):
    file_id: str
    file_unique_id: str
    width: int
    height: int


class _Document(Schema):
    file_id: str
    file_unique_id: str
    file_name: _Text | None = None
    mime_type: str | None = None
    file_size: Annotated[int, Field(ge=0, lt=2**63)] | None = None


class _Quote(Schema):
    text: _Text
    position: Annotated[int, Field(ge=0, lt=2**31)]
    is_manual: bool | None = None


class _Message(Schema):
    message_id: _Id
    date: _Date
    chat: _Chat
    sender: _User | None = Field(None, alias="from")
    sender_chat: _Chat | None = None
    edit_date: _Date | None = None
    text: _Text | None = None
    caption: _Text | None = None
    entities: list[_Entity] | None = None
    caption_entities: list[_Entity] | None = None
    photo: list[_PhotoSize] | None = None
    document: _Document | None = None
    reply_to_message: _Message | None = None
    quote: _Quote | None = None
    guest_query_id: str | None = None
    migrate_to_chat_id: _Id | None = None
    migrate_from_chat_id: _Id | None = None
    via_bot: _User | None = None
    media_group_id: str | None = None
    message_thread_id: _Id | None = None
    is_topic_message: bool | None = None


class _Press(Schema):
    id: str
    sender: _User = Field(alias="from")
    chat_instance: str
    message: _Message | None = None
    data: str | None = None


class _Typed(Schema):
    id: str
    sender: _User = Field(alias="from")
    query: _Text
    offset: str


class _Reaction(Schema):
    type: str
    emoji: str | None = None

    @model_validator(mode="after")
    def _names_its_emoji(self) -> Self:
        if self.type == "emoji" and self.emoji is None:
            raise ValueError("which emoji?")
        return self


class _Reacted(Schema):
    chat: _Chat
    message_id: _Id
    date: _Date
    user: _User | None = None
    actor_chat: _Chat | None = None
    old_reaction: list[_Reaction]
    new_reaction: list[_Reaction]


class _Member(Schema):
    user: _User
    status: str
    until_date: _Date | None = None

    @model_validator(mode="after")
    def _ends_or_lasts(self) -> Self:
        if self.status == "kicked" and self.until_date is None:
            raise ValueError("until when?")
        return self


class _Membership(Schema):
    chat: _Chat
    sender: _User = Field(alias="from")
    date: _Date
    old_chat_member: _Member
    new_chat_member: _Member


class _Update(Schema):
    update_id: _Id
    message: _Message | None = None
    edited_message: _Message | None = None
    guest_message: _Message | None = None
    callback_query: _Press | None = None
    inline_query: _Typed | None = None
    message_reaction: _Reacted | None = None
    my_chat_member: _Membership | None = None


def is_well_formed(update: object) -> bool:
    """Whether an update has the shape of its kind."""
    return fits(_Update, update)
