"""The shape of Slack's payloads, as far as Bolt and our listeners read them.

Slack sends nothing else; a payload of another shape is refused before it is taken. Where Slack may
leave a field out, or send null, so may a payload here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from assemblybot.chat.schema import Schema, fits

Text = str | None


class _Named(Schema):
    """A user, channel, workspace or organisation, where it is more than its id."""

    id: Text = None
    team_id: Text = None
    enterprise_id: Text = None


_Name = str | _Named | None


class _Of(Schema):
    """Where something comes from; Bolt looks for it in all these places."""

    team: _Name = None
    team_id: Text = None
    enterprise: _Name = None
    enterprise_id: Text = None
    user: _Name = None
    user_id: Text = None
    channel: _Name = None
    channel_id: Text = None


class _File(Schema):
    id: Text = None
    name: Text = None


class _Message(Schema):
    user: Text = None
    text: Text = None
    ts: Text = None
    thread_ts: Text = None
    subtype: Text = None
    blocks: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    files: list[_File] | None = None


class _Event(_Of):
    type: str
    subtype: Text = None
    message: _Message | None = None
    previous_message: _Message | None = None
    item: _Of | None = None
    assistant_thread: _Of | None = None


class _Said(_Event, _Message):
    """`message` and `app_mention`."""

    user: Text = None
    channel: str


class _Opened(_Event):
    user: str
    channel: str
    tab: Text = None


class _Link(Schema):
    url: Text = None


class _Linked(_Event):
    user: Text = None
    channel: str
    message_ts: str
    links: list[_Link]
    unfurl_id: Text = None
    source: Text = None


class _Tokens(Schema):
    bot: list[str] | None = None
    oauth: list[str] | None = None


class _Revoked(_Event):
    tokens: _Tokens


_EVENTS: Final[Mapping[str, type[_Event]]] = {
    "message": _Said,
    "app_mention": _Said,
    "app_home_opened": _Opened,
    "link_shared": _Linked,
    "tokens_revoked": _Revoked,
}


class _Payload(_Of):
    authorizations: list[_Of] | None = None
    view: dict[str, Any] | None = None


class _EventPayload(_Payload):
    event: _Event


class _Command(_Payload):
    command: str
    user_id: str
    response_url: str
    text: Text = None


class _Person(_Named):
    id: str


class _Action(Schema):
    action_id: str
    value: Text = None
    action_ts: Text = None
    block_id: Text = None


class _Container(Schema):
    is_ephemeral: bool | None = None
    message_ts: Text = None
    thread_ts: Text = None


class _Click(_Payload):
    user: _Person
    actions: list[_Action] = Field(min_length=1)
    response_url: Text = None
    trigger_id: Text = None
    container: _Container | None = None
    message: _Message | None = None


class _Shortcut(_Payload):
    user: _Person
    callback_id: str


class _MessageShortcut(_Shortcut):
    channel: _Named | None = None
    message: _Message
    response_url: str


_KINDS: Final[Mapping[str | None, type[_Payload]]] = {
    "event_callback": _EventPayload,
    None: _Command,
    "block_actions": _Click,
    "message_action": _MessageShortcut,
    "shortcut": _Shortcut,
}


def is_well_formed(payload: Mapping[str, Any]) -> bool:
    """Whether a payload of a known `type` has the shape of its kind."""
    kind = payload.get("type")
    if not fits(_KINDS[kind], payload):
        return False
    if kind != "event_callback":
        return True
    event = payload["event"]
    return fits(_EVENTS.get(event["type"], _Event), event)
