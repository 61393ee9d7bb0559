"""Which updates and payloads are taken: all that the platforms send, and nothing that is no such thing."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.slack import schema as slack_schema
from assemblybot.chat.telegram import schema as telegram_schema
from tests.doubles.fuzzed import slack_bodies, telegram_updates
from tests.doubles.slack_payloads import click, command, event_body, mention, message, shortcut
from tests.doubles.telegram_updates import blocked, group, pressed, reacted, said

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


@pytest.mark.parametrize("update", telegram_updates(), ids=lambda update: next(iter(update)))
def test_every_kind_of_update_is_taken(update: dict[str, Any]) -> None:
    assert telegram_schema.is_well_formed({"update_id": 1, **update})


TAKEN = [body for body, _ in slack_bodies(URL) if body.get("type") != "url_verification"]


@pytest.mark.parametrize("payload", TAKEN + RARE)
def test_every_kind_of_payload_is_taken(payload: dict[str, Any]) -> None:
    assert slack_schema.is_well_formed(payload)


def test_a_button_under_a_message_that_is_gone_is_taken() -> None:
    gone = {"message_id": 5, "date": 0, "chat": group()}
    assert telegram_schema.is_well_formed({"update_id": 1, **pressed(gone, "x")})


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("update_id",), True),
        (("update_id",), "1"),
        (("message", "chat", "id"), "7"),
        (("message", "chat", "id"), 10**40),
        (("message", "from", "id"), 7.0),
        (("message", "from", "id"), True),
        (("message", "date"), -1),
        (("message", "text"), ["when?"]),
        (("message", "text"), "\ud800"),
        (("message", "entities"), [None]),
        (("message", "photo"), ["x"]),
        (("message", "reply_to_message"), {}),
        (("message",), [{}]),
    ],
)
def test_an_update_of_another_shape_is_not(where: tuple[str, ...], value: object) -> None:
    update = {"update_id": 1, **said("when?")}
    _put(update, where, value)
    assert not telegram_schema.is_well_formed(update)


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


def test_a_reaction_without_its_emoji_and_a_ban_without_its_end_are_not() -> None:
    for update, kind, list_or_member, gone in (
        (reacted(group(), 5, "👍"), "message_reaction", "new_reaction", "emoji"),
        (blocked(), "my_chat_member", "new_chat_member", "until_date"),
    ):
        assert telegram_schema.is_well_formed({"update_id": 1, **update})
        found = update[kind][list_or_member]
        del (found[0] if isinstance(found, list) else found)[gone]
        assert not telegram_schema.is_well_formed({"update_id": 1, **update})


def test_what_is_nested_without_end_is_no_update() -> None:
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"message_id": 1, "reply_to_message": deep}
    assert not telegram_schema.is_well_formed({"update_id": 1, "message": deep})


def _put(within: Any, where: tuple[str, ...], value: object) -> None:
    *way, last = where
    for key in way:
        within = within[key]
    within[last] = value
