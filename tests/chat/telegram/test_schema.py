"""Which updates are accepted: all that Telegram sends, and nothing that is no such thing."""

from __future__ import annotations

from typing import Any

import pytest

from assemblybot.chat.telegram.schema import parsed
from tests.doubles.fuzzed import telegram_updates
from tests.doubles.telegram_updates import blocked, group, pressed, reacted, said


@pytest.mark.parametrize("update", telegram_updates(), ids=lambda update: next(iter(update)))
def test_every_kind_of_update_is_taken(update: dict[str, Any]) -> None:
    assert parsed({"update_id": 1, **update})


def test_a_button_under_a_message_that_is_gone_is_taken() -> None:
    gone = {"message_id": 5, "date": 0, "chat": group()}
    assert parsed({"update_id": 1, **pressed(gone, "x")})


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
    assert not parsed(update)


def test_a_reaction_without_its_emoji_and_a_ban_without_its_end_are_not() -> None:
    for update, kind, list_or_member, gone in (
        (reacted(group(), 5, "👍"), "message_reaction", "new_reaction", "emoji"),
        (blocked(), "my_chat_member", "new_chat_member", "until_date"),
    ):
        assert parsed({"update_id": 1, **update})
        found = update[kind][list_or_member]
        del (found[0] if isinstance(found, list) else found)[gone]
        assert not parsed({"update_id": 1, **update})


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("my_chat_member", "chat"),
        ("my_chat_member", "new_chat_member"),
        ("inline_query", "query"),
        ("inline_query", "from"),
    ],
)
def test_an_update_without_what_its_handler_reads_is_not(kind: str, gone: str) -> None:
    update = next(dict(update) for update in telegram_updates() if kind in update)
    update[kind] = {key: value for key, value in update[kind].items() if key != gone}
    assert not parsed({"update_id": 1, **update})


def test_what_is_nested_without_end_is_no_update() -> None:
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"message_id": 1, "reply_to_message": deep}
    assert not parsed({"update_id": 1, "message": deep})


def _put(within: Any, where: tuple[str, ...], value: object) -> None:
    *way, last = where
    for key in way:
        within = within[key]
    within[last] = value
