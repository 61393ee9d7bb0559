"""Which payloads are taken: all that Slack sends, and nothing that is no such thing."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.slack import schema as slack_schema
from tests.doubles.fuzzed import slack_bodies
from tests.doubles.slack_payloads import click, command, event_body, mention, message, shortcut

URL = "https://hooks.slack.com/actions/T0TEAM/1/x"
ACTION = {"type": "button", "action_id": "next", "value": "x"}
#: In the way of an organisation that installed the app, of App Home, and of a link in the composer.
RARE: list[dict[str, Any]] = [
    click(ACTION, URL, team=None, enterprise={"id": "E0ORG", "name": "Org"}, is_enterprise_install=True),
    {**click(ACTION, URL), "channel": None, "response_url": None, "view": {"type": "home"}},
    {**command("when?", URL), "is_enterprise_install": "true", "enterprise_id": "E0ORG"},
    event_body(
        {
            "type": "link_shared",
            "user": "U0ASKER",
            "channel": "COMPOSER",
            "message_ts": "u-1",
            "links": [{"domain": "x.org", "url": "https://x.org/p"}],
            "unfurl_id": "u",
            "source": "composer",
        }
    ),
    event_body({"type": "team_join", "user": {"id": "U0NEW", "team_id": "T0TEAM"}}),
    event_body({"type": "channel_rename", "channel": {"id": "C0ROOM", "name": "x"}}),
    {**event_body(message("when?", bot_profile=None, edited=None)), "authorizations": None},
]


TAKEN = [body for body, _ in slack_bodies(URL) if body.get("type") != "url_verification"]


@pytest.mark.parametrize("payload", TAKEN + RARE)
def test_every_kind_of_payload_is_taken(payload: dict[str, Any]) -> None:
    assert slack_schema.is_well_formed(payload)


@pytest.mark.parametrize(
    ("payload", "where", "value"),
    [
        (event_body(message("when?")), ("event",), []),
        (event_body(message("when?")), ("event", "type"), None),
        (event_body(message("when?")), ("event", "channel"), None),
        (event_body(mention("when?")), ("event", "text"), 5),
        (event_body(mention("when?")), ("event", "message"), "x"),
        (event_body(mention("when?")), ("authorizations",), [None]),
        (event_body(mention("when?")), ("team_id",), ["T0TEAM"]),
        (command("when?", URL), ("response_url",), None),
        (command("when?", URL), ("user_id",), None),
        (click(ACTION, URL), ("actions",), []),
        (click(ACTION, URL), ("user",), {"name": "x"}),
        (click(ACTION, URL), ("container",), "x"),
        (shortcut("when?", URL), ("message",), None),
        (shortcut("when?", URL), ("user", "id"), 5),
    ],
)
def test_a_payload_of_another_shape_is_not(
    payload: dict[str, Any], where: tuple[str, ...], value: object
) -> None:
    assert slack_schema.is_well_formed(payload)
    _put(payload, where, value)
    assert not slack_schema.is_well_formed(payload)


def _put(within: Any, where: tuple[str, ...], value: object) -> None:
    *way, last = where
    for key in way:
        within = within[key]
    within[last] = value
