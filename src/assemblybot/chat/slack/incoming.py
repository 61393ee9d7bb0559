"""From a payload as Slack sends it to a delivery, and who sent it from where."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from assemblybot.chat import channel
from assemblybot.chat.slack.schema import is_well_formed

_LOG = logging.getLogger(__name__)

PLATFORM: Final = "slack"
Payload = Mapping[str, Any]
_INTERACTIONS: Final = frozenset({"block_actions", "message_action", "shortcut"})


class Incoming(channel.Incoming):
    """Takes payloads; only what Slack wants no answer to but “received”: events, commands, clicks
    and shortcuts."""

    platform = PLATFORM

    async def hear(self, payload: Payload, *, repeated: bool = False) -> None:
        """Take one payload; one of unknown kind or shape is left out. Raises NotAcceptedError.

        `repeated` says that Slack calls it a repetition: the first may really have been lost.
        """
        identity = _identity(payload)
        if identity is None or not is_well_formed(payload):
            _LOG.warning("A payload of unknown kind or shape was left out")
            return
        key = self.names.key("slack-delivery", *identity)
        if delivery := self.delivery(payload, key, *_whence(payload)):
            await self.deliver(delivery, repeated=repeated)


def _identity(payload: Payload) -> tuple[str, ...] | None:
    """What tells one delivery from another; a repetition has the same."""
    kind = payload.get("type")
    if not isinstance(kind, str | None):
        return None
    if kind == "event_callback" and isinstance(payload.get("event"), Mapping):
        name = payload.get("event_id")
    elif kind in _INTERACTIONS or (kind is None and isinstance(payload.get("command"), str)):
        name = payload.get("trigger_id")
    else:
        return None
    # Slack names every delivery; for one without a name, its content is the name.
    if isinstance(name, str) and name:
        return "named", json.dumps(name)
    return "said", json.dumps(payload, sort_keys=True)


def _whence(payload: Payload) -> tuple[str | None, str | None]:
    """Ids of the workspace and of the user that a payload comes from."""
    event = payload.get("event")
    of = event if isinstance(event, Mapping) else payload
    changed = of.get("message")
    if of.get("subtype") == "message_changed" and isinstance(changed, Mapping):
        of = changed
    # In a channel that workspaces share, `team_id` may be another one than the bot's.
    installed = (payload.get("authorizations") or [{}])[0].get("team_id")
    team = installed or payload.get("team_id") or _id(payload.get("team"))
    user = of.get("user_id") or of.get("user")
    return _text(team), _text(_id(user) if isinstance(user, Mapping) else user)


def _id(of: object) -> object:
    return of.get("id") if isinstance(of, Mapping) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
