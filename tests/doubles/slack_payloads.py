"""What Slack sends: events, commands, clicks and shortcuts, signed as Slack signs them."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from tests.doubles.slack_api import BOT_USER, TEAM

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
_ids = itertools.count(1)


def ts(number: int = 0) -> str:
    """A message time; a new one for each call without a number."""
    return f"1763980000.{number or next(_ids) + 500_000:06d}"


def event_body(event: dict[str, Any], event_id: str = "", team: str = TEAM) -> dict[str, Any]:
    """The outer body of the Events API."""
    return {
        "token": "legacy",
        "team_id": team,
        "api_app_id": "A0APP",
        "event": {"event_ts": event.get("ts", "1.0"), "team": team, **event},
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_ids):08d}",
        "event_time": int(time.time()),
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": BOT_USER, "is_bot": True}],
        "is_ext_shared_channel": False,
    }


def message(text: str, **fields: Any) -> dict[str, Any]:
    """A direct message, unless `channel` says otherwise."""
    when = fields.pop("ts", None) or ts()
    return {
        "type": "message",
        "user": "U0ASKER",
        "channel": "D0DIRECT",
        "channel_type": "im",
        "text": text,
        "ts": when,
        "client_msg_id": f"c-{when}",
        **fields,
    }


def in_channel(text: str, **fields: Any) -> dict[str, Any]:
    """A message in a public channel."""
    return message(text, **{"channel": "C0ROOM", "channel_type": "channel", **fields})


def rich_text(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a message: paragraphs, lists, quotes."""
    return [{"type": "rich_text", "block_id": "x", "elements": list(parts)}]


def typed(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of what a person types: one paragraph."""
    return rich_text({"type": "rich_text_section", "elements": list(elements)})


def mention(text: str, **fields: Any) -> dict[str, Any]:
    """The `app_mention` of a message in a channel."""
    event = in_channel(f"<@{BOT_USER}> {text}", **fields)
    return {**{k: v for k, v in event.items() if k != "channel_type"}, "type": "app_mention"}


def command(text: str, response_url: str, **fields: Any) -> dict[str, str]:
    """The form of a slash command."""
    return {
        "command": "/assembly",
        "text": text,
        "user_id": "U0ASKER",
        "user_name": "asker",
        "team_id": TEAM,
        "channel_id": "C0ROOM",
        "channel_name": "room",
        "api_app_id": "A0APP",
        "trigger_id": f"tr{next(_ids)}",
        "response_url": response_url,
        **fields,
    }


def click(
    action: dict[str, Any], response_url: str, *, ephemeral: bool = False, **fields: Any
) -> dict[str, Any]:
    """A `block_actions` payload; `action` is the element that was clicked."""
    posted = fields.pop("posted", "1763980000.000001")
    return {
        "type": "block_actions",
        "user": {"id": "U0ASKER", "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": "C0ROOM"},
        "api_app_id": "A0APP",
        "trigger_id": f"tr{next(_ids)}",
        "response_url": response_url,
        "container": {"type": "message", "message_ts": posted, "is_ephemeral": ephemeral},
        **({} if ephemeral else {"message": {"ts": posted, "thread_ts": posted}}),
        "actions": [{"block_id": "b", "action_ts": f"{next(_ids)}.0", **action}],
        **fields,
    }


def shortcut(text: str, response_url: str, **fields: Any) -> dict[str, Any]:
    """The message shortcut; `fields` are those of the message."""
    return {
        "type": "message_action",
        "callback_id": "ask_the_sources",
        "user": {"id": "U0ASKER"},
        "team": {"id": TEAM},
        "channel": {"id": "C0ROOM"},
        "message": {"type": "message", "user": "U0OTHER", "text": text, "ts": ts(), **fields},
        "trigger_id": f"tr{next(_ids)}",
        "response_url": response_url,
    }


def signed(
    body: dict[str, Any], *, form: bool = False, at: float | None = None, secret: str = SECRET, retry: int = 0
) -> tuple[str, dict[str, str]]:
    """Raw body and headers of a request as Slack sends it; a payload travels in a form field."""
    raw = (
        urlencode(body if form else {"payload": json.dumps(body)})
        if form or "actions" in body or body.get("type") == "message_action"
        else json.dumps(body, ensure_ascii=False)
    )
    kind = "application/json" if raw.startswith("{") else "application/x-www-form-urlencoded"
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{raw}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
    return raw, headers


def changed(text: str, when: str, after: float = 5) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "C0ROOM",
        "channel_type": "channel",
        "ts": ts(),
        "message": {
            "type": "message",
            "user": "U0ASKER",
            "text": text,
            "ts": when,
            "edited": {"user": "U0ASKER", "ts": f"{float(when) + after:.6f}"},
        },
        "previous_message": {"type": "message", "user": "U0ASKER", "text": "before", "ts": when},
    }
