"""Which payloads of Slack are accepted: those that Bolt and the listeners here can read."""

from __future__ import annotations

import json
import logging
from typing import Any, Final

from slack_bolt.request.async_request import AsyncBoltRequest

from assemblybot.chat import channel
from assemblybot.chat.channel import Schema
from assemblybot.chat.slack.client import PLATFORM

_LOG = logging.getLogger(__name__)
Payload = dict[str, Any]

#: The fields that an interaction must have, by its type, and an event by its own; a command has no type.
_REQUIRED: Final[dict[str | None, tuple[str, ...]]] = {
    None: ("command", "response_url", "user_id"),
    "block_actions": ("actions", "user_id"),
    "message_action": ("callback_id", "message", "response_url", "user_id"),
}
_REQUIRED_OF_EVENT: Final = {
    "message": ("channel",),
    "app_mention": ("channel",),
    "app_home_opened": ("channel", "user"),
    "link_shared": ("channel", "links", "message_ts"),
    "tokens_revoked": ("tokens",),
}


class _Action(Schema):
    """A click on a button."""

    action_id: str
    value: str | None = None


class _Fields(Schema):
    """The fields that are read of a payload and, within it, of its event, message, user and so on.

    Slack may leave a field out, or send null.
    """

    type: str | None = None
    subtype: str | None = None
    id: str | None = None
    name: str | None = None
    event_id: str | None = None
    trigger_id: str | None = None
    team_id: str | None = None
    enterprise_id: str | None = None
    user_id: str | None = None
    channel_id: str | None = None
    user: str | _Fields | None = None
    channel: str | _Fields | None = None
    text: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    response_url: str | None = None
    url: str | None = None
    unfurl_id: str | None = None
    is_ephemeral: bool | None = None
    event: _Fields | None = None
    message: _Fields | None = None
    previous_message: _Fields | None = None
    container: _Fields | None = None
    actions: list[_Action] | None = None
    links: list[_Fields] | None = None
    files: list[_Fields] | None = None
    blocks: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    tokens: dict[str, list[str] | None] | None = None


class Incoming(channel.Incoming):
    """Accepts what Slack wants acknowledged and nothing else: events, commands, clicks and shortcuts."""

    platform = PLATFORM

    async def accept(self, payload: Payload, *, repeated: bool = False) -> None:
        """Accept a payload that can be read; leave out any other. Raises NotAcceptedError.

        `repeated` says that Slack calls it a repetition: the first may really have been lost.
        """
        try:
            source, content = _checked(payload), json.dumps(payload, sort_keys=True)
        except Exception as error:  # a kind of its own for every way to be damaged
            _LOG.warning("A payload of unknown kind or shape was left out (%s)", type(error).__name__)
            return
        # Slack names every delivery; one without a name is named by its content.
        name = payload.get("event_id") or payload.get("trigger_id") or content
        key = self.names.key("slack-delivery", name)
        if delivery := self.delivery(payload, key, source.team_id, source.user_id):
            if repeated:
                self.observer.count("retries", PLATFORM)
            await self.enqueue(delivery)


def _checked(payload: Payload) -> _Fields:
    """Where a payload comes from, as Bolt finds it. Raises what pydantic and Bolt raise of a damaged one."""
    _Fields.model_validate(payload)
    context = AsyncBoltRequest(mode="socket_mode", body=payload).context
    if payload.get("type") == "event_callback":
        fields = payload["event"]
        required = _REQUIRED_OF_EVENT.get(fields["type"], ("type",))
    else:
        fields, required = {**payload, **context}, _REQUIRED[payload.get("type")]
    if missing := [name for name in required if not fields.get(name)]:
        raise ValueError(f"There is no {', '.join(missing)}.")
    # Bolt names no workspace for an event of an app that an organisation installed.
    return _Fields.model_validate({"team_id": payload.get("team_id"), **context})
