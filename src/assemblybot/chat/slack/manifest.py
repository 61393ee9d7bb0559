"""The Slack app as its manifest: what `assemblybot slack manifest` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from assemblybot.errors import SettingsError

COMMAND: Final = "/assembly"
#: How the bot is called where Slack takes no commands: in threads.
MENTION: Final = "@assemblybot"
#: What brings the bot into a channel.
INVITE: Final = f"/invite {MENTION}"
SHORTCUT: Final = "ask_the_sources"
EVENTS_PATH: Final = "/slack/events"
INSTALL_PATH: Final = "/slack/install"
REDIRECT_PATH: Final = "/slack/oauth_redirect"
BOT_SCOPES: Final = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "im:history",
    "links:read",
    "links:write",
    "mpim:history",
)
_EVENTS: Final = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
)


def manifest(url: str | None = None) -> dict[str, Any]:
    """The app for a service at `url`, or for Socket Mode where there is none.

    Raises SettingsError for an address that Slack cannot call (not https).
    """
    parts = urlsplit(url or "")
    if url and (parts.scheme != "https" or not parts.hostname):
        raise SettingsError(f"Slack calls https addresses only; “{url}” is none.")
    base = url.rstrip("/") if url else ""
    request_url = {"request_url": base + EVENTS_PATH} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "assemblybot",
            "description": "Answers from its documents, only with quoted and cited passages",
            "background_color": "#1f4e5f",
            "long_description": (
                "Ask in Arabic, Darija, French, English or Spanish: in a direct message, by a mention in a "
                "channel, with /assembly, or from the menu of any message. It looks for the passages "
                "of its documents that answer, and quotes them word for word with section and paragraph. "
                "When the documents do not answer, it says so. It never writes an answer of its own."
            ),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "assemblybot", "always_online": True},
            "agent_view": {
                "agent_description": (
                    "Answers questions from the documents in its library, in five languages, only with "
                    "quoted and cited passages. When the documents do not answer, it says so."
                ),
            },
            "shortcuts": [
                {
                    "name": "Ask the sources",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Answers the question in this message with passages of the sources",
                }
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    **({"url": base + EVENTS_PATH} if url else {}),
                    "description": "Ask the sources; the answer is a quoted and cited passage",
                    "usage_hint": "a question | help | sources | lang | quiet | privacy | forget",
                    "should_escape": False,
                }
            ],
            **({"unfurl_domains": [parts.hostname]} if url else {}),
        },
        "oauth_config": {
            **({"redirect_urls": [base + REDIRECT_PATH]} if url else {}),
            "scopes": {"bot": [scope for scope in BOT_SCOPES if url or not scope.startswith("links:")]},
        },
        "settings": {
            "event_subscriptions": {
                **request_url,
                "bot_events": sorted([*_EVENTS, "link_shared"] if url else _EVENTS),
            },
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def manifest_yaml(url: str | None = None) -> str:
    """`manifest` as YAML, with a line on what to do with it."""
    head = "# https://api.slack.com/apps → Create New App → From a manifest"
    return "\n".join([head, *_yaml(manifest(url)), ""])


def _yaml(value: Any, indent: str = "") -> Iterator[str]:
    """Lines in block style for mappings and lists; scalars as JSON, which is YAML too."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, dict | list):
                yield f"{indent}{key}:"
                yield from _yaml(item, indent + "  ")
            else:
                yield f"{indent}{key}: {json.dumps(item, ensure_ascii=False)}"
    elif isinstance(value, list):
        for item in value:
            first, *rest = _yaml(item, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
    else:
        yield json.dumps(value, ensure_ascii=False)
